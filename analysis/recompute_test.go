package analysis

// An independent recomputation of a night, written from the definitions and from nothing else: slow,
// obvious, and from the records. What the policy below says is said again in Go, by hand: no rule,
// calendar, timeline or engine of the product is asked. Everything falls on half hours, so that time can be
// walked half hour by half hour. Histories run over the change of the clocks on 2026-03-08, a closed day, an
// absence, night shifts, and versions of stages, limits, targets and rules.

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// drawRecount draws issues whose every instant is a half hour, with due dates that move, and an as-of.
func drawRecount(t *rapid.T) ([]record.Issue, record.Instant) {
	floor := func(at record.Instant) record.Instant { return at - at%record.Instant(halfHour) }
	issues := drawIssues(t)
	for i := range issues {
		is := &issues[i]
		c := &is.Copies[0]
		c.Links, c.Created, c.Closed, is.Gone = nil, floor(c.Created), floor(c.Closed), floor(is.Gone)
		c.Title = rapid.SampledFrom([]string{"Disk full on db7", "disk  full on (db12)", "Nobody can log in"}).Draw(t, "title")
		if rapid.Bool().Draw(t, "moves its date") {
			at, to := lawStart.Add(time.Duration(rapid.IntRange(0, 60*48).Draw(t, "when"))*halfHour), rapid.SampledFrom([]record.Date{"", "2026-03-09", "2026-04-01"}).Draw(t, "to")
			is.Changes = append(is.Changes, record.Change{ID: "due", At: max(at, c.Created), Field: record.FieldDue, From: string(c.Due), To: string(to), By: record.Person{Account: "ada"}})
			c.Due = to
		}
		for k := range is.Changes {
			is.Changes[k].At = floor(is.Changes[k].At)
		}
		slices.SortStableFunc(is.Changes, func(a, b record.Change) int { return cmp.Compare(a.At, b.At) })
		for k := range is.Comments {
			is.Comments[k].At = floor(is.Comments[k].At)
		}
		for k := range is.Worklogs {
			is.Worklogs[k].Started = floor(is.Worklogs[k].Started)
		}
	}
	asOf := lawStart.Add(62 * 24 * time.Hour)
	if rapid.Bool().Draw(t, "earlier") {
		asOf = lawStart.Add(time.Duration(rapid.IntRange(1, 62*48).Draw(t, "as-of")) * halfHour)
	}
	return issues, asOf
}

// recounted is a night, and the same night counted again.
type recounted struct {
	*rapid.T
	asOf  record.Instant
	r     *Report
	lives []*recountLife
}

func recountNight(t *rapid.T, p *Policy) *recounted {
	issues, asOf := drawRecount(t)
	n := &recounted{T: t, asOf: asOf, r: lawNight(p, issues, asOf)}
	for _, is := range issues {
		if l := recount(is, asOf); l != nil {
			n.lives = append(n.lives, l)
		}
	}
	return n
}

func readRecountPolicy(t *testing.T) *Policy { return readPolicyText(t, recountPolicy) }

func readPolicyText(t *testing.T, text string) *Policy {
	p, complaints := ReadPolicy("policy.yaml", []byte(text))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	return p
}

// same fails where the night says something else than counting.
func (n *recounted) same(what string, night, counted any) {
	n.Helper()
	if a, b := fmt.Sprint(night), fmt.Sprint(counted); a != b {
		n.Fatalf("as of %s: %s: the night says %s, counting %s", n.asOf, what, a, b)
	}
}

func TestLivesAgreeWithRecounting(t *testing.T) {
	p := readRecountPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := recountNight(t, p)
		n.same("items", len(n.r.Items), len(n.lives))
		for _, l := range n.lives {
			it := n.r.Find(l.key)
			n.same(l.key+" responded", it.Responded, l.responded)
			n.same(l.key+" started", it.Started, l.started)
			n.same(l.key+" finished", it.Finished, l.finished)
			n.same(l.key+" done", it.Done, l.done)
			n.same(l.key+" reopened", it.Reopened, l.reopened)
			n.same(l.key+" discarded", it.Discarded, l.discarded)
			n.same(l.key+" coarse", it.Coarse != "", l.coarse)
			n.same(l.key+" points", it.Points, l.points)
			for at := l.created; at < n.asOf; at = at.Add(halfHour) {
				s := l.at(at)
				is := recountState{kind: it.Stages.At(at).Kind, class: it.Classes.At(at).ClassID(), severity: it.Severities.At(at), assignees: it.Assignees.At(at), due: it.Dues.At(at)}
				if is.kind != s.kind || is.class != s.class || is.severity != s.severity || is.due != s.due || !slices.Equal(sortedCopy(is.assignees), sortedCopy(s.assignees)) {
					t.Fatalf("%s at %s: the night says %+v, counting %+v", l.key, at, is, s)
				}
			}
		}
	})
}

func sortedCopy(of []string) []string { return slices.Sorted(slices.Values(of)) }
