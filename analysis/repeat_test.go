package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// dumpMole writes a mole for the nights of testdata; see dumpNight.
func dumpMole(b *strings.Builder, m *Mole, stamp func(record.Instant) string) {
	fmt.Fprintf(b, "mole %q at %s: %q, %d times, %d of them lately, came back %d, %s to %s:", m.Fingerprint, m.Service, m.Title, m.Times, m.Recent, m.Repeats, stamp(m.First), stamp(m.Last))
	for _, it := range m.Items {
		b.WriteString(" " + it.Key)
	}
	for _, p := range m.Pages {
		b.WriteString(" " + p.ID)
	}
	b.WriteString("\n")
	if m.Improvement != nil {
		fmt.Fprintf(b, "  %s by %s; %s (%s), %s (%s) %s\n", m.Improvement.What, m.Tie, m.Before, m.Before.Detail(), m.After, m.After.Detail(), m.Verdict())
	}
}

// TestRepeatsAreFoundAsTheDefinitionSays compares with the definition taken word by word.
func TestRepeatsAreFoundAsTheDefinitionSays(t *testing.T) {
	services := []Service{{ID: "fax", Name: "Fax"}, {ID: "api", Name: "API", Aliases: []string{"gateway"}}}
	emergency := Timeline[*Class]{{Is: &Class{ID: "emergency", Kind: Incident}}}
	rapid.Check(t, func(t *rapid.T) {
		var all []*Item
		for i := range rapid.IntRange(0, 12).Draw(t, "incidents") {
			it := &Item{Ref: record.Ref{ID: fmt.Sprint(i)}, Key: fmt.Sprint(i), Look: &Look{}, Classes: emergency}
			it.Title = rapid.SampledFrom([]string{"down 1", "down 22", "slow", "7", ""}).Draw(t, "title")
			it.Created = record.Instant(rapid.Int64Range(1, 40).Draw(t, "day") * 6 * int64(24*time.Hour))
			if rapid.Bool().Draw(t, "done") {
				it.Finished = it.Created + record.Instant(rapid.Int64Range(0, 6).Draw(t, "days")*6*int64(24*time.Hour))
				it.Discarded = rapid.IntRange(0, 3).Draw(t, "discarded") == 0
			}
			for i := range services {
				if rapid.IntRange(0, 2).Draw(t, "service") == 0 {
					it.Services = append(it.Services, &services[i])
				}
			}
			it.Components = rapid.SliceOfN(rapid.SampledFrom([]string{"Fax", "ui", "UI", "Gateway"}), 0, 2).Draw(t, "components")
			for i := range services { // as the policy reads components
				s := &services[i]
				if slices.ContainsFunc(it.Components, func(c string) bool { return s.GoesBy(fold(c)) }) && !slices.Contains(it.Services, s) {
					it.Services = append(it.Services, s)
				}
			}
			all = append(all, it)
		}
		slices.SortStableFunc(all, func(a, b *Item) int { return int(a.Created - b.Created) })
		found := again(all)
		for _, it := range all {
			var last record.Instant
			for _, was := range all {
				finished := was.Finished != 0 && !was.Discarded && it.Created.Add(-90*24*time.Hour) <= was.Finished && was.Finished < it.Created
				if finished && Fingerprint(was.Title) == Fingerprint(it.Title) && strings.ContainsAny(it.Title, "dos") && sharePlace(was, it) {
					last = max(last, was.Finished)
				}
			}
			if got := found[it]; (got != nil) != (last != 0) || got != nil && got.Finished != last {
				t.Fatalf("%s repeats %+v, but what it repeats was finished at %d", it.Key, got, last)
			}
		}
	})
}

// sharePlace says whether two incidents are on the same service or component.
func sharePlace(a, b *Item) bool {
	for _, s := range a.Services {
		if slices.Contains(b.Services, s) {
			return true
		}
	}
	for _, x := range a.Components {
		if slices.ContainsFunc(b.Components, func(y string) bool { return strings.EqualFold(x, y) }) {
			return true
		}
	}
	return false
}

// TestNothingComesBackAlone: what came once has come back never, whatever its page and its issue say of its end.
func TestNothingComesBackAlone(t *testing.T) {
	at := moment(t, "2026-06-20T10:00")
	page := func(from, to time.Duration, items ...*Item) *Page {
		return &Page{Triggered: at.Add(from), Resolved: at.Add(to), Items: items}
	}
	item := func(from, to time.Duration, discarded bool) *Item {
		return &Item{Look: &Look{}, Created: at.Add(from), Finished: at.Add(to), Discarded: discarded}
	}
	const hour, recent = time.Hour, 90 * 24 * time.Hour
	late := item(5*hour, 9*hour, false) // written down in the morning, when its page was over
	for name, c := range map[string]struct {
		pages                  []*Page
		items                  []*Item
		times, repeats, recent int
	}{
		"an incident and its page":                       {[]*Page{page(0, hour, late)}, []*Item{late}, 0, 0, 0},
		"a page that ended before it began":              {[]*Page{page(0, -hour)}, nil, 0, 0, 0},
		"the page after one that ended before it began":  {[]*Page{page(0, -hour), page(hour, 2*hour)}, nil, 0, 0, 0},
		"a page that ended as it began, and another":     {[]*Page{page(0, 0), page(hour, 2*hour)}, nil, 2, 1, 2},
		"the page after an incident":                     {[]*Page{page(0, hour, late), page(10*hour, 11*hour)}, []*Item{late}, 2, 1, 2},
		"the page while an incident burns":               {[]*Page{page(0, hour, late), page(8*hour, 11*hour)}, []*Item{late}, 0, 0, 0},
		"the incident after one that was discarded":      {nil, []*Item{item(0, hour, true), item(2*hour, 3*hour, false)}, 0, 0, 0},
		"of three pages the first is older than 90 days": {[]*Page{page(-recent-1, hour-recent), page(-recent, hour-recent), page(0, hour)}, nil, 3, 1, 2},
	} {
		m := &Mole{Pages: c.pages, Items: c.items}
		if m.count(at) != (c.repeats > 0) || m.Times != c.times || m.Repeats != c.repeats || c.repeats > 0 && m.Recent != c.recent {
			t.Errorf("%s: %d times, %d lately, came back %d", name, m.Times, m.Recent, m.Repeats)
		}
	}
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		asOf := lawStart.Add(61 * 24 * time.Hour)
		for _, m := range lawReport(p, drawIssues(t), drawPages(t), asOf, asOf).Moles {
			if m.Repeats >= m.Times {
				t.Fatalf("%s came %d times, and came back %d", m.Fingerprint, m.Times, m.Repeats)
			}
		}
	})
}

// TestWhatWasFinishedBeforeItCameWasNotDoneAboutIt: not at the very instant either.
func TestWhatWasFinishedBeforeItCameWasNotDoneAboutIt(t *testing.T) {
	first := moment(t, "2026-06-20T10:00")
	for _, c := range []struct {
		finished record.Instant
		tied     bool
	}{{first - 1, false}, {first, false}, {first + 1, true}, {0, true}} {
		post, it := &postmortem.Postmortem{ID: "p"}, &Item{Key: "SUP-1"}
		h := &help{night: &Night{AsOf: first.Add(time.Hour)}, backlog: map[string][]*postmortem.Improvement{"p": {{FinishedAt: c.finished}}}, ofItem: map[*Item][]*postmortem.Postmortem{it: {post}}}
		m := &Mole{Items: []*Item{it}, First: first}
		if h.find(m); (m.Improvement != nil) != c.tied {
			t.Errorf("finished %d ns after: tied %v", c.finished-first, m.Improvement != nil)
		}
	}
}
