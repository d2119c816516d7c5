package analysis

// The pager counted again (recompute_test.go): what became of each page by as-of, what is one interruption, at what
// hour it came, in whose shift, and what keeps coming back.

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// recountPage is a page that stands for itself, as it was at as-of.
type recountPage struct {
	id, service, key, title string
	at                      record.Instant
	acked, resolved         record.Instant // by a person; 0 if not
	itself                  bool           // resolved, and by nobody
	begins                  bool           // an interruption
	of                      []string       // keys of issues that it names, or that one merged into it does
}

// recountedPager is what the pager told by as-of.
type recountedPager struct {
	pages       []*recountPage // by time, those that were merged into others left out
	silent      bool           // it never told of an acknowledgement
	first, last record.Instant // of all pages, merged ones too
}

// drawRings draws pages, some of which name issues in a field for it, or are called like an issue.
func drawRings(t *rapid.T) []record.Page {
	pages := drawPages(t)
	for i := range pages {
		if rapid.Bool().Draw(t, "called like an issue") {
			pages[i].Title = rapid.SampledFrom([]string{"Disk full on db9", "nobody can log in!", "NOBODY  can log in", "down"}).Draw(t, "called")
		}
		if rapid.Bool().Draw(t, "for") {
			pages[i].Issues = []string{rapid.SampledFrom([]string{"LAW-1", "LAW-2", "LAW-3"}).Draw(t, "for which")}
		}
	}
	return pages
}

// fingerprints of all titles that are drawn, by hand.
var fingerprints = map[string]string{
	"Disk full on db7": "disk full on #", "disk  full on (db12)": "disk full on #", "Disk full on db9": "disk full on #",
	"Nobody can log in": "nobody can log in", "nobody can log in!": "nobody can log in", "NOBODY  can log in": "nobody can log in",
	"down": "down", "LAW-1 is down": "# is down", "LAW-2 is down": "# is down", "LAW-1 and LAW-2 are down": "# and # are down",
}

func recountPager(all []record.Page, asOf record.Instant) recountedPager {
	pager := recountedPager{silent: true}
	known := map[string]*recountPage{}
	became := map[string]string{}
	for _, p := range all {
		if p.Triggered >= asOf {
			continue
		}
		if pager.first == 0 || p.Triggered < pager.first {
			pager.first = p.Triggered
		}
		pager.last = max(pager.last, p.Triggered)
		q := &recountPage{id: p.ID, service: p.Service, key: p.Key, title: p.Title, at: p.Triggered, of: slices.Clone(p.Issues)}
		for _, key := range []string{"LAW-1", "LAW-2"} {
			if slices.Contains(map[string][]string{"LAW-1 is down": {"LAW-1"}, "LAW-2 is down": {"LAW-2"}, "LAW-1 and LAW-2 are down": {"LAW-1", "LAW-2"}}[p.Title], key) {
				q.of = append(q.of, key)
			}
		}
		known[p.ID] = q
		merged := p.MergedInto
		if len(p.Events) == 0 {
			if p.Acked != 0 && p.Acked < asOf {
				pager.silent = false
				if p.AckedBy[0].Account != "robot" {
					q.acked = p.Acked
				}
			}
			if p.Resolved != 0 && p.Resolved < asOf {
				q.resolved, q.itself = p.Resolved, p.AutoClosed
			}
		}
		mergedAt := record.Instant(0)
		for _, e := range p.Events {
			if e.Kind == record.EventMerged {
				mergedAt = e.At
			}
			if e.At >= asOf {
				continue
			}
			switch e.Kind {
			case record.EventAcknowledged:
				pager.silent = false
				if q.acked == 0 && e.By.Account != "robot" {
					q.acked = e.At
				}
			case record.EventResolved:
				q.resolved, q.itself = e.At, e.By.Account == "" || e.By.Account == "robot"
			case record.EventReopened:
				q.resolved, q.itself = 0, false
			}
		}
		if merged != "" && mergedAt < asOf {
			became[p.ID] = merged
		}
	}
	for id, q := range known {
		way := []string{id}
		for {
			next := became[way[len(way)-1]]
			if known[next] == nil {
				break
			}
			if ring := slices.Index(way, next); ring >= 0 {
				way = append(way, slices.Min(way[ring:]))
				break
			}
			way = append(way, next)
		}
		if end := known[way[len(way)-1]]; end == q {
			pager.pages = append(pager.pages, q)
		} else {
			for _, key := range q.of {
				if !slices.Contains(end.of, key) {
					end.of = append(end.of, key)
				}
			}
		}
	}
	slices.SortFunc(pager.pages, func(a, b *recountPage) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) })
	for i, q := range pager.pages {
		q.begins = true
		for k := i - 1; k >= 0; k-- {
			before := pager.pages[k]
			if q.key != before.key || q.key == "" && q.service != before.service {
				continue
			}
			q.begins = q.at.Sub(before.at) >= time.Hour
			break
		}
	}
	return pager
}

// asleep and atWork are what the team's clock showed.
func (q *recountPage) asleep() bool {
	h := q.at.In(recountZone).Hour()
	return h >= 22 || h < 7
}

func (q *recountPage) weekend() bool {
	d := q.at.In(recountZone).Weekday()
	return d == time.Saturday || d == time.Sunday
}

// needless says whether it was over by itself, and nobody ever acknowledged it.
func (q *recountPage) needless() bool { return q.resolved != 0 && q.itself && q.acked == 0 }

// tells says whether the pager can speak for all of [from, to): from its first page on, to as-of unless it was silent
// for a fortnight.
func (p *recountedPager) tells(from, to, asOf record.Instant) bool {
	end := asOf
	if asOf.Sub(p.last) > 14*24*time.Hour {
		end = p.last.Add(time.Millisecond)
	}
	return from >= p.first && to <= end
}

func (p *recountedPager) count(of func(*recountPage) bool) int {
	k := 0
	for _, q := range p.pages {
		k += bit(of(q))
	}
	return k
}

// recountRings is a night with a pager, counted again.
func recountRings(t *rapid.T, p *Policy) (*recounted, recountedPager) {
	issues, asOf := drawRecount(t)
	pages := drawRings(t)
	n := &recounted{T: t, asOf: asOf, r: lawReport(p, issues, pages, asOf, asOf)}
	for _, is := range issues {
		if l := recount(is, asOf); l != nil {
			n.lives = append(n.lives, l)
		}
	}
	return n, recountPager(pages, asOf)
}

// percentileIs holds a value against the nearest rank of what was counted.
func (n *recounted) percentileIs(what string, v Value, of []float64, percent int) {
	n.Helper()
	n.same(what+", how many", v.N, len(of))
	if len(of) > 0 {
		n.same(what, v.Number.Value, nearestRank(of, percent))
	} else {
		n.same(what, v.Number.Known, false)
	}
}

func readPagerPolicy(t *testing.T) *Policy {
	return readPolicyText(t, recountPolicy+"pages: {window: 1h}\n")
}

func TestPagesAgreeWithRecounting(t *testing.T) {
	p := readPagerPolicy(t)
	idle, joined := 0, 0
	checkUntil(t, func(t *rapid.T) {
		n, pager := recountRings(t, p)
		if pager.first == 0 {
			return
		}
		every := func(*recountPage) bool { return true }
		never := func(q *recountPage) bool { return q.acked == 0 && !pager.silent }
		needless := func(q *recountPage) bool { return q.needless() && !pager.silent }
		var acks, fixes []float64
		for _, q := range pager.pages {
			if q.acked != 0 {
				acks = append(acks, q.acked.Sub(q.at).Seconds())
			}
			if q.resolved != 0 {
				fixes = append(fixes, q.resolved.Sub(q.at).Seconds())
			}
		}
		idle, joined = idle+pager.count(needless), joined+pager.count(func(q *recountPage) bool { return !q.begins })

		f, answer, hours := n.figure("interruptions"), n.figure("page-answer"), n.figure("page-hours")
		of := func(f Figure, name string) Value {
			v, ok := n.part(f, "trailing-90-days", name)
			if !ok {
				n.Fatalf("%s has no part %s", f.Name, name)
			}
			return v
		}
		all := pager.count(every)
		for name, want := range map[string]func(*recountPage) bool{"pages": every, "interruptions": func(q *recountPage) bool { return q.begins }, "sleep": (*recountPage).asleep} {
			n.same(name, of(f, name).Number.Value, pager.count(want))
		}
		for name, want := range map[string]func(*recountPage) bool{"never": never, "no-action": needless} {
			if v := of(f, name); !pager.silent || all == 0 {
				n.same(name, v.Number.Value, pager.count(want))
			} else {
				n.same(name+" of a pager that does not tell", v.Number.Known, false)
			}
		}
		n.percentileIs("half acknowledged", of(f, "ack-p50"), acks, 50)
		n.percentileIs("90 % acknowledged", of(answer, "ack-p90"), acks, 90)
		n.percentileIs("half resolved", of(answer, "resolve-p50"), fixes, 50)
		n.percentileIs("90 % resolved", of(answer, "resolve-p90"), fixes, 90)
		n.same("not resolved", of(answer, "open").Number.Value, all-len(fixes))
		if all > 0 {
			for name, want := range map[string]func(*recountPage) bool{"sleep": (*recountPage).asleep, "off-hours": func(q *recountPage) bool { return !officeOpen(q.at) }, "weekend": (*recountPage).weekend} {
				n.same("at what hour: "+name, [2]float64{of(hours, name).Ratio.Num, of(hours, name).Ratio.Den}, [2]int{pager.count(want), all})
			}
		}

		weeks, begun := 0, 0
		x, line := n.chart(f, "by-week")
		at := func(monday record.Instant) int { // of the chart
			y, w := monday.In(recountZone).ISOWeek()
			return slices.Index(x, fmt.Sprintf("%04d-W%02d", y, w))
		}
		for monday := localDay(2026, 2, 16); weekAfter(monday) <= n.asOf; monday = weekAfter(monday) {
			in := func(of func(*recountPage) bool) int {
				return pager.count(func(q *recountPage) bool { return monday <= q.at && q.at < weekAfter(monday) && of(q) })
			}
			if i := at(monday); i >= 0 {
				n.same("pages in "+x[i], line("pages")[i].Value, in(every))
				n.same("interruptions in "+x[i], line("interruptions")[i].Value, in(func(q *recountPage) bool { return q.begins }))
				n.same("asleep in "+x[i], line("sleep")[i].Value, in((*recountPage).asleep))
			}
			if pager.tells(monday, weekAfter(monday), n.asOf) {
				weeks, begun = weeks+1, begun+in(func(q *recountPage) bool { return q.begins })
			}
		}
		n.same("whole weeks of the pager", f.Headline.N, weeks)
		if weeks > 0 {
			n.near("interruptions a week", f.Headline.Number.Value, float64(begun)/float64(weeks))
		}
	}, &idle, &joined)
}

func TestShiftsAgreeWithRecounting(t *testing.T) {
	p := readPagerPolicy(t)
	told := 0
	checkUntil(t, func(t *rapid.T) {
		n, pager := recountRings(t, p)
		if pager.first == 0 {
			return
		}
		var pages, begun []float64
		for i := 0; ; i++ {
			from, to := record.At(turnsBegin.AddDate(0, 0, 7*i)), record.At(turnsBegin.AddDate(0, 0, 7*i+7))
			if to > n.asOf {
				break
			}
			if !pager.tells(from, to, n.asOf) {
				continue
			}
			in := func(q *recountPage) bool { return from <= q.at && q.at < to }
			pages = append(pages, float64(pager.count(in)))
			begun = append(begun, float64(pager.count(func(q *recountPage) bool { return in(q) && q.begins })))
		}
		told += len(pages)
		f := n.figure("shift-load")
		n.percentileIs("interruptions of half of the shifts", f.Headline, begun, 50)
		for name, c := range map[string]struct {
			of      []float64
			percent int
		}{"interruptions-p90": {begun, 90}, "pages-p50": {pages, 50}, "pages-p90": {pages, 90}} {
			v, _ := n.part(f, "trailing-90-days", name)
			n.percentileIs(name, v, c.of, c.percent)
		}
	}, &told)
}

func TestWhatKeepsComingBackAgreesWithRecounting(t *testing.T) {
	p := readPagerPolicy(t)
	found := 0
	checkUntil(t, func(t *rapid.T) {
		n, pager := recountRings(t, p)
		var want, got []string
		for _, service := range []string{"api", "db"} {
			for _, print := range []string{"disk full on #", "nobody can log in", "down", "# is down", "# and # are down"} {
				var incidents []string
				var came, ended []record.Instant
				for _, l := range n.lives {
					rang := slices.ContainsFunc(pager.pages, func(q *recountPage) bool { return q.service == service && slices.Contains(q.of, l.key) })
					if l.now().class == "fire" && (l.onService(service) || rang) && fingerprints[l.title] == print {
						incidents, came = append(incidents, l.key), append(came, l.created)
						if l.finished != 0 && !l.discarded {
							ended = append(ended, l.finished)
						}
					}
				}
				for _, q := range pager.pages {
					is := slices.ContainsFunc(q.of, func(key string) bool { return slices.Contains(incidents, key) })
					if q.service == service && fingerprints[q.title] == print && !is {
						if came = append(came, q.at); q.resolved != 0 {
							ended = append(ended, q.resolved)
						}
					}
				}
				back := 0
				for _, t := range came { // all within ninety days
					back += bit(slices.ContainsFunc(ended, func(end record.Instant) bool { return end < t }))
				}
				if back > 0 {
					want = append(want, fmt.Sprintf("%s on %s came %d times, back %d times", print, service, len(came), back))
				}
			}
		}
		for _, m := range n.r.Moles {
			got = append(got, fmt.Sprintf("%s on %s came %d times, back %d times", m.Fingerprint, m.Of.ID, m.Times, m.Repeats))
			n.same("recent", m.Recent, m.Times)
		}
		slices.Sort(want)
		slices.Sort(got)
		n.same("what keeps coming back", got, want)
		found += len(want)
	}, &found)
}
