package analysis

// Postmortems with their clocks, and what is finished for each emergency, counted again from the records and from what
// was written (recompute_test.go). Here a page makes an incident, whatever the severity.

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// recountLessons is a night with a pager and postmortems, counted again.
func recountLessons(t *rapid.T, p *Policy) (*recounted, recountedPager, []lawPost) {
	issues, asOf := drawRecount(t)
	pages := drawRings(t)
	posts := drawPosts(t)
	for i := range posts {
		posts[i].page = "" // who names which page is told in join_test.go
	}
	n := &recounted{T: t, asOf: asOf, r: lawNightOf(p, issues, pages, lawTexts{posts: posts}, afterAll, asOf, asOf)}
	for _, is := range issues {
		if l := recount(is, asOf); l != nil {
			n.lives = append(n.lives, l)
		}
	}
	return n, recountPager(pages, asOf), posts
}

func (l *recountLife) paged(pager recountedPager) bool {
	return pager.count(func(q *recountPage) bool {
		for _, key := range q.of {
			if key == l.key {
				return true
			}
		}
		return false
	}) > 0
}

// readBy says whether a postmortem could be read by then.
func (p *lawPost) readBy(t record.Instant) bool {
	begun := p.started < 0 || lawDay(p.started).Start(recountZone).Add(10*time.Hour) < t
	return begun && (p.published < 0 || lawDay(p.published).End(recountZone) < t)
}

func readLessonPolicy(t *testing.T) *Policy {
	return readPolicyText(t, strings.Replace(recountPolicy, "when: severity == 1,", "when: severity == 1 or paged,", 1))
}

func TestPostmortemsAgreeWithRecounting(t *testing.T) {
	p := readLessonPolicy(t)
	written, owedToPages := 0, 0
	checkUntil(t, func(t *rapid.T) {
		n, pager, posts := recountLessons(t, p)
		if len(n.lives) == 0 {
			return
		}
		from, to := n.lastWholeMonth()
		var all, month [2]int
		bySeverity := map[string][2]int{}
		for _, l := range n.lives {
			worst := 0
			burned := l.paged(pager)
			for _, s := range l.states {
				if burned = burned || s.severity == 1; s.severity > 0 && (worst == 0 || s.severity < worst) {
					worst = s.severity
				}
			}
			if !burned || worst == 0 || l.discarded || len(l.done) == 0 {
				continue
			}
			day := midnightAfter(l.done[0])
			for left := 5; left > 0; day = midnightAfter(day) {
				left -= bit(officeDay(day.In(recountZone)))
			}
			deadline := day - 1
			if deadline >= n.asOf {
				continue
			}
			inTime := 0
			for _, post := range posts {
				for _, key := range post.incidents {
					if key == l.key && post.published >= 0 && post.readBy(n.asOf) && lawDay(post.published).End(recountZone) <= deadline {
						inTime = 1
					}
				}
			}
			plus := func(k [2]int) [2]int { return [2]int{k[0] + inTime, k[1] + 1} }
			all = plus(all)
			if from <= deadline && deadline < to {
				month = plus(month)
			}
			id := "sev-" + string(rune('0'+worst))
			bySeverity[id] = plus(bySeverity[id])
			owedToPages += bit(worst == 2)
		}
		written += all[0]
		f := n.figure("postmortem-coverage")
		n.same("postmortems in time", [2]float64{f.Headline.Ratio.Num, f.Headline.Ratio.Den}, all)
		v, _ := n.part(f, "period", "last-month")
		n.same("postmortems in time in the month", [2]float64{v.Ratio.Num, v.Ratio.Den}, month)
		for _, id := range []string{"sev-1", "sev-2"} {
			v, _ := n.part(f, "severity", id)
			n.same("postmortems in time of "+id, [2]float64{v.Ratio.Num, v.Ratio.Den}, bySeverity[id])
		}
	}, &written, &owedToPages)
}

func TestPreventionAgreesWithRecounting(t *testing.T) {
	p := readLessonPolicy(t)
	done := 0
	checkUntil(t, func(t *rapid.T) {
		n, pager, posts := recountLessons(t, p)
		if len(n.lives) == 0 {
			return
		}
		var finished, burned []record.Instant
		for _, post := range posts {
			for _, im := range post.improvements {
				at := record.Instant(0)
				if im.finished >= 0 {
					at = lawDay(im.finished).End(recountZone)
				}
				for _, l := range n.lives {
					if l.key != im.issue {
						continue
					}
					if at = 0; !l.discarded { // it is done when its issue is
						at = l.finished
					}
				}
				if at != 0 && at < n.asOf && post.readBy(n.asOf) {
					finished = append(finished, at)
				}
			}
		}
		for _, l := range n.lives {
			if l.now().severity == 1 || l.paged(pager) {
				burned = append(burned, l.created)
			}
		}
		in := func(of []record.Instant, from, to record.Instant) (k int) {
			for _, t := range of {
				k += bit(from <= t && t < to)
			}
			return k
		}
		f := n.figure("prevention-ratio")
		from, to := n.lastWholeMonth()
		if k := in(burned, from, to); k > 0 && f.Headline.Number.Known {
			n.near("improvements for each emergency", f.Headline.Number.Value, float64(in(finished, from, to))/float64(k))
			n.same("emergencies", f.Headline.N, k)
		} else {
			n.same("a ratio without emergencies", f.Headline.Number.Known, false)
		}
		x, line := n.chart(f, "by-month")
		for i, label := range x {
			month, _ := time.Parse("2006-01", label)
			from, to := localDay(month.Year(), month.Month(), 1), localDay(month.Year(), month.Month()+1, 1)
			n.same("finished in "+label, line("finished")[i].Value, in(finished, from, to))
			n.same("emergencies in "+label, line("emergencies")[i].Value, in(burned, from, to))
			done += in(finished, from, to)
		}
	}, &done)
}
