package analysis

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// Run judges one night: issues become items, every metric of the table is measured over them. It
// never fails; what is doubtful travels with the figures.
func Run(in Input) *Report {
	n, all := look(in)
	n.plan(in.Shifts)
	n.readClocks()
	n.burn(all.tied, all.pages)
	all.pages = nil // of a million pages it is as large as what is left of them
	n.suggest()
	n.Moles = n.moles()
	behind := n.behind(n.horizons)
	n.Radar = n.radar()

	r := &Report{Night: n, PolicyHash: in.Policy.Hash, Program: in.Program, Uncompared: in.Uncompared}
	for i := range n.Pages {
		if p := n.Pages[i]; p.Into == nil && len(p.Items) == 0 {
			r.Unjoined = append(r.Unjoined, p)
		}
	}
	r.Unmapped = n.unmapped()
	if k := len(all.undated); k > 0 {
		behind = append(behind, fmt.Sprintf("%s no time of creation, and so no place in any figure: %s.", counted(k, "issue has", "issues have"), strings.Join(lastOf(all.undated, 20), ", ")))
	}
	r.Doubts = slices.Concat(behind, all.plans, n.PagerDoubts(), n.doubts(), all.doubts)
	r.Backlog = n.backlog()
	r.Figures = n.figures()
	r.Tried = n.tried(r.Figures)
	for i := range in.earlier() {
		r.Changed = append(r.Changed, r.since(&in.Earlier[i], 1+i))
	}
	return r
}

// figures are the answers to every metric of the table, on all processors: a metric only looks at the
// night, and none at what another found.
func (n *Night) figures() []Figure {
	all := make([]Figure, len(Metrics))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(all); i = int(next.Add(1)) - 1 {
				all[i] = n.measure(&Metrics[i])
			}
		})
	}
	wg.Wait()
	n.shared = shared{}
	return all
}

func (n *Night) measure(m *Metric) Figure {
	a := Answer{Headline: Value{Unit: m.Unit}, Sentence: noTracker}
	if m.Alone || len(n.Items) > 0 {
		a = m.Measure(n)
	}
	for i := range a.Weekly {
		a.Charts = append(a.Charts, n.course(&a.Weekly[i]).draw())
	}
	a.Charts = slices.DeleteFunc(a.Charts, func(c Chart) bool { return len(c.X) == 0 || len(c.Lines) == 0 })
	return Figure{m, a}
}

// Judge judges items and pages as [Run] does, and measures nothing. Given some of the issues, with all the
// pages that [Mentions] leads to, it judges these as a whole night would.
func Judge(in Input) *Night {
	n, _ := look(in)
	return n
}

func look(in Input) (*Night, judged) {
	n := &Night{Policy: in.Policy, Zone: in.Policy.Zone, AsOf: in.Speaks(), known: in.Speaks(), Sources: in.Sources, horizons: map[string]record.Instant{}, statuses: in.Statuses, again: in.Again}
	for _, s := range in.Sources {
		n.horizons[s.Tracker] = max(n.horizons[s.Tracker], s.Horizon)
	}
	n.before[0] = n.AsOf
	for i, e := range in.earlier() {
		n.before[1+i] = e.Then.AsOf
	}
	n.team = newRoster(&in.Policy.Team)
	n.abroad = slices.ContainsFunc(in.Policy.Team.Members, func(m Member) bool { return m.Zone != nil })
	n.gather(in)
	all := n.judge(in)
	for _, p := range n.Pages {
		slices.SortFunc(p.Items, func(a, b *Item) int { return cmp.Or(cmp.Compare(a.Key, b.Key), a.Ref.Compare(b.Ref)) })
	}
	n.index()
	return n, all
}

// noTracker is the answer to what is asked of issues where there are none: 0 of them would be taken for one.
const noTracker = "No issue of a tracker has been read."

// gather takes what exists before as-of.
func (n *Night) gather(in Input) {
	all := newReading(n.team)
	if in.Pages != nil {
		merged := map[record.Ref]string{}
		for r := range in.Pages {
			if p := all.page(&r, n.AsOf); p != nil {
				n.Pages = append(n.Pages, p)
				if to := mergedInto(&r, n.AsOf); to != "" {
					merged[r.Ref] = to
				}
			}
		}
		n.numbered(merged)
		n.into(merged)
	}
	slices.SortFunc(n.Pages, byTrigger)
	n.read(all.tells)
	n.triaged(in.Triage)
	n.felt(in.Pulse)
	n.Postmortems = postmortem.AsOf(in.Postmortems, n.AsOf)
	slices.SortFunc(n.Postmortems, func(a, b *postmortem.Postmortem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.ID, b.ID))
	})
}

// archive is how far behind as-of a tracker has to be to count as an archive, which nobody expects to
// tell of the present.
const archive = 60 * 24 * time.Hour

// old says whether what can speak for all before until alone is an archive.
func (n *Night) old(until record.Instant) bool { return n.AsOf.Sub(until) >= archive }

// behind says which trackers cannot speak for as-of, and notes how far those that should can be
// believed.
func (n *Night) behind(horizons map[string]record.Instant) []string {
	count := map[string]int{}
	for _, it := range n.Items {
		count[it.Tracker]++
	}
	var ds []string
	n.known = n.AsOf
	for _, tracker := range sortedKeys(count) {
		h := horizons[tracker]
		switch late := n.AsOf.Sub(h); {
		case h == 0:
			ds = append(ds, fmt.Sprintf("No source speaks for the tracker %s any more: %s judged as of the last change.", tracker, counted(count[tracker], "item of it is", "items of it are")))
		case late > 48*time.Hour:
			ds = append(ds, fmt.Sprintf("%s can speak only up to %s: what happened since to %s is unknown, and counts of later periods lack it.", tracker, n.date(h), counted(count[tracker], "item of it", "items of it")))
			if until := h.Add(time.Millisecond); !n.old(until) {
				n.known = min(n.known, until)
			}
		}
	}
	return ds
}

func (n *Night) index() {
	n.keys, n.projects = newKeyIndex(n.Items), map[string]bool{}
	last := ""
	for _, it := range n.Items {
		if p := project(it.Key); p != last || len(n.projects) == 0 {
			n.projects[p], last = true, p
		}
	}
	n.flow = newLadder(n.stages(), n.Items)
}

// Find is the item with that key, or that had it once; nil if there is none.
func (n *Night) Find(key string) *Item { return n.keys.find(strings.TrimSpace(key)) }

// unmapped lists the statuses that no stage gathers, with how many items were ever in them.
func (n *Night) unmapped() []Unmapped {
	type key struct{ tracker, name string }
	count := map[key]int{}
	for _, it := range n.Items {
		seen := map[*Stage]bool{}
		for _, s := range it.Stages {
			if s.Is.Fallback && !seen[s.Is] && s.Is.Name != beforeHistory {
				seen[s.Is] = true
				count[key{it.Tracker, s.Is.Name}]++
			}
		}
	}
	var us []Unmapped
	for k, c := range count {
		us = append(us, Unmapped{TrackerStatus{k.tracker, record.Status{Name: k.name}}, c})
	}
	slices.SortFunc(us, func(a, b Unmapped) int {
		return cmp.Or(cmp.Compare(b.Items, a.Items), cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.Name, b.Name))
	})
	return us
}

// doubts are what the reader of any figure of this night must know.
func (n *Night) doubts() []string {
	ds := n.young()
	coarse := map[string]int{}
	for _, it := range n.Items {
		if it.Coarse != "" {
			coarse[it.Coarse]++
		}
	}
	for _, why := range sortedKeys(coarse) {
		ds = append(ds, fmt.Sprintf("%d of %s coarse: %s. What is coarse is in the counts, and out of the clocks.", coarse[why], counted(len(n.Items), "item is", "items are"), why))
	}
	for _, s := range n.Sources {
		for _, g := range s.Gaps {
			ds = append(ds, s.Missing(g))
		}
	}
	return ds
}

// young says that the trackers have not told long enough for figures that look back: of what was finished
// in six days nothing took seven.
func (n *Night) young() []string {
	days := int(n.AsOf.Sub(n.first()) / (24 * time.Hour))
	if len(n.Items) == 0 || days >= 90 {
		return nil
	}
	return []string{fmt.Sprintf("The trackers tell of %s, since %s: what is said of longer, such as the trailing 90 days, rests on these, and nothing finished in them can have taken longer than that.",
		counted(days, "whole day", "whole days"), n.date(n.first()))}
}

// Missing says what is missing of the source, in the sentence that stands among the doubts of the night.
func (s *SourceState) Missing(g record.Gap) string {
	return fmt.Sprintf("%s: missing: %s: %s", s.Name, g.What, g.Why)
}

// backlog is every improvement of every postmortem, with the state of the issue it is linked to.
func (n *Night) backlog() []postmortem.Improvement {
	return postmortem.Backlog(n.Postmortems, func(key string) (postmortem.IssueState, bool) {
		it := n.Find(key)
		if it == nil {
			return postmortem.IssueState{}, false
		}
		return postmortem.IssueState{Done: !it.Open(), Finished: it.Finished, Discarded: it.Discarded}, true
	})
}

func sortedKeys[V any](m map[string]V) []string {
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}
