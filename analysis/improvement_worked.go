package analysis

// Did it work: how often it burned before an improvement was finished, and after (METRICS.md, section 9).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// trial is a finished improvement with what came in equal windows before and after.
type trial struct {
	*postmortem.Improvement
	title         string // of its postmortem
	tie           string // what is counted; "" where there is nothing to count by
	weeks         int    // of each window; 0 while one would be too short
	before, after int
}

// blaze is a page or an incident at a place. A page that is joined to an incident of the same place is that
// incident.
type blaze struct {
	at   record.Instant
	item *Item
	page *Page
}

// blazes are what burned at each place, by time.
type blazes struct {
	at       map[place][]blaze
	trackers map[place][]string
}

func (n *Night) blazes() *blazes {
	b := &blazes{at: map[place][]blaze{}, trackers: map[place][]string{}}
	put := func(p place, tracker string, x blaze) {
		b.at[p] = append(b.at[p], x)
		if !slices.Contains(b.trackers[p], tracker) {
			b.trackers[p] = append(b.trackers[p], tracker)
		}
	}
	for _, it := range n.incidents() {
		for _, p := range it.places() {
			put(p, it.Tracker, blaze{at: it.Created, item: it})
		}
	}
	folded := map[string]string{}
	for _, p := range n.Pages {
		if p.Into != nil || p.Of == nil && strings.TrimSpace(p.Service) == "" {
			continue
		}
		where := place{service: p.Of}
		if p.Of == nil {
			if where.name = folded[p.Service]; where.name == "" {
				where.name = fold(p.Service)
				folded[p.Service] = where.name
			}
		}
		if !slices.ContainsFunc(p.Items, func(it *Item) bool { return it.Kind() == Incident && it.isAt(where) }) {
			put(where, p.Tracker, blaze{at: p.Triggered, page: p})
		}
	}
	for _, all := range b.at {
		slices.SortStableFunc(all, func(x, y blaze) int { return cmp.Compare(x.at, y.at) })
	}
	return b
}

// isAt says whether an item is at a place.
func (it *Item) isAt(where place) bool {
	for _, p := range it.places() {
		if p == where {
			return true
		}
	}
	return false
}

// trials are all finished improvements, the one finished last first.
func (n *Night) trials() []trial {
	h, b := n.help(), n.blazes()
	pages := map[string]*postmortem.Postmortem{}
	for _, p := range n.Postmortems {
		pages[p.ID] = p
	}
	moles := map[*Item][]*Mole{}
	for _, m := range n.Moles {
		for _, it := range m.Items {
			moles[it] = append(moles[it], m)
		}
		for _, p := range m.Pages {
			for _, it := range p.Items {
				if !slices.Contains(moles[it], m) {
					moles[it] = append(moles[it], m)
				}
			}
		}
	}
	var all []trial
	for _, im := range n.backlog() {
		if im.State != postmortem.Done || im.FinishedAt == 0 {
			continue
		}
		t := trial{Improvement: &im}
		n.try(&t, pages[im.Postmortem], moles, h, b)
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(x, y trial) int { return cmp.Compare(y.FinishedAt, x.FinishedAt) })
	return all
}

// try ties a trial to what kept coming back like the incidents of its postmortem, else to the services that
// the postmortem names, else to where its incidents were; and counts.
func (n *Night) try(t *trial, post *postmortem.Postmortem, moles map[*Item][]*Mole, h *help, b *blazes) {
	if post == nil {
		return
	}
	t.title = post.Title
	var items []*Item
	var tied []*Mole
	for _, key := range post.Incidents {
		if it := n.Find(key); it != nil {
			items = append(items, it)
			for _, m := range moles[it] {
				if !slices.Contains(tied, m) {
					tied = append(tied, m)
				}
			}
		}
	}
	var came [][]blaze
	var trackers, names []string
	if len(tied) > 0 {
		for _, m := range tied {
			mine, of := m.blazes()
			came, trackers = append(came, mine), append(trackers, of...)
			names = append(names, "“"+m.Fingerprint+"” on "+m.Service)
		}
	} else {
		var where []place
		take := func(shown string, p place) {
			if !slices.Contains(where, p) {
				where, names = append(where, p), append(names, shown)
				came, trackers = append(came, b.at[p]), append(trackers, b.trackers[p]...)
			}
		}
		for _, name := range post.Services {
			take(n.placeOf(name))
		}
		if len(where) == 0 {
			for _, it := range items {
				for shown, p := range it.places() {
					take(shown, p)
				}
			}
		}
	}
	if t.tie = strings.Join(names, ", "); t.tie == "" {
		return
	}
	from, to := h.span(trackers)
	at := t.FinishedAt
	if t.weeks = min(windowWeeks, int(at.Sub(from)/week), int(to.Sub(at)/week)); t.weeks < Fewest {
		t.weeks = 0
		return
	}
	size := time.Duration(t.weeks) * week
	t.before, t.after = burned(came, at.Add(-size), at), burned(came, at, at.Add(size))
}

// span is from when to when all of the trackers can speak.
func (h *help) span(trackers []string) (from, to record.Instant) {
	to = h.night.AsOf
	for _, tracker := range trackers {
		from = max(from, h.first[tracker])
		if t, ok := h.horizon[tracker]; ok {
			to = min(to, t.Add(time.Millisecond))
		}
	}
	return from, to
}

// blazes are what came of a mole, by time, and which trackers tell of it.
func (m *Mole) blazes() (all []blaze, trackers []string) {
	mine := make(map[*Item]bool, len(m.Items))
	speaks := func(tracker string) {
		if !slices.Contains(trackers, tracker) {
			trackers = append(trackers, tracker)
		}
	}
	for _, it := range m.Items {
		mine[it] = true
		speaks(it.Tracker)
		all = append(all, blaze{at: it.Created, item: it})
	}
	for _, p := range m.Pages {
		speaks(p.Tracker)
		if !slices.ContainsFunc(p.Items, func(it *Item) bool { return mine[it] }) {
			all = append(all, blaze{at: p.Triggered, page: p})
		}
	}
	slices.SortStableFunc(all, func(x, y blaze) int { return cmp.Compare(x.at, y.at) })
	return all, trackers
}

// burned counts what came in [from, to), each once although it may be of two places.
func burned(lists [][]blaze, from, to record.Instant) int {
	seen := map[blaze]bool{}
	k := 0
	for _, all := range lists {
		i, _ := slices.BinarySearchFunc(all, from, func(b blaze, t record.Instant) int { return cmp.Compare(b.at, t) })
		for ; i < len(all) && all[i].at < to; i++ {
			if len(lists) > 1 {
				if seen[all[i]] {
					continue
				}
				seen[all[i]] = true
			}
			k++
		}
	}
	return k
}

// rate is so many a week.
func (t *trial) rate(k int) Cell {
	if t.weeks == 0 {
		return Cell{Text: "—"}
	}
	return Cell{Num: record.Num(float64(k) / float64(t.weeks))}
}

// clear says that there is enough to tell, and what it tells: −1 fewer came after it, +1 more, 0 neither.
// If nothing had changed, what came would fall into either of two equal windows by the toss of a coin, so
// the difference is clear where the interval of the later one's share leaves out a half.
func (t *trial) clear() (change int, enough bool) {
	if t.weeks == 0 || t.before+t.after < Enough {
		return 0, false
	}
	switch low, high := Wilson(t.after, t.before+t.after); {
	case high < 0.5:
		return -1, true
	case low > 0.5:
		return 1, true
	}
	return 0, true
}

// verdict says it in words.
func (t *trial) verdict() string {
	change, enough := t.clear()
	switch {
	case t.tie == "":
		return "tied to no service"
	case t.weeks == 0:
		return "too early to tell"
	case !enough:
		return "too few to tell"
	case change < 0:
		return "fewer since"
	case change > 0:
		return "more since"
	}
	return "no clear change"
}

var didItWork = Metric{
	Name: "did-it-work", Title: "Did it work", Chapter: "Learning", Unit: Share, Counts: "after which it burned less", Alone: true,
	Question: "Does it burn less after an improvement is finished?",
	Doc: "For every finished improvement whose day is known: pages and incidents a week in two equal windows, before it was finished and after, of up to 13 weeks each. They lie within what the trackers and pagers can speak for; where one would be shorter than 5 weeks it is **too early to tell**. " +
		"What is counted is tied to the improvement by its postmortem: what kept coming back with the **fingerprint** of one of its incidents on the same service or component; where nothing did, the pages and incidents of the **services** that it names, else of those its incidents were on. A page that is joined to one of these incidents is that incident; a merged page is the one it became part of. " +
		"**Fewer** and **more** are said from 10 pages and incidents in both windows together, and only where it is more than chance: the Wilson 95 % interval of the later window's share of them leaves out a half. " +
		"The headline is the share of those with enough to tell after which fewer came. It proves no cause: several improvements of one service share their windows, and so does everything else that changed then; improvements are decided after a bad stretch, and what follows one is mostly better by itself. " +
		"The interval takes each page and incident for a chance of its own: of a storm of pages all count, and one that lies in either window alone makes a difference look clearer than it is.",
	Measure: func(n *Night) Answer {
		trials := n.trials()
		var s share
		early, few, more, loose := 0, 0, 0, 0
		a := Answer{}
		for i := range trials {
			t := &trials[i]
			change, enough := t.clear()
			switch {
			case t.tie == "":
				loose++
			case t.weeks == 0:
				early++
			case !enough:
				few++
			default:
				s.add(change < 0)
				more += one(change > 0)
			}
			if it := n.Find(t.Issue); it != nil {
				a.Rows = append(a.Rows, Row{Item: it, Why: t.verdict() + ": " + t.What})
			}
		}
		a.Headline = s.value(n.now())
		a.Headline.Of = len(trials)
		switch {
		case len(trials) == 0:
			a.Sentence = "No improvement is known to have been finished on a certain day."
		case s.of == 0:
			a.Sentence = fmt.Sprintf("Of none of %s there is enough to tell: %d too early, %d with too few pages and incidents.", counted(len(trials), "finished improvement", "finished improvements"), early, few)
		default:
			a.Sentence = fmt.Sprintf("Of %s that can be told of, it burned less after %d and more after %d; of %d it is too early to tell, and of %d there is too little.", counted(s.of, "finished improvement", "finished improvements"), s.so, more, early, few)
		}
		part := func(name, title string, k int) {
			a.Parts = append(a.Parts, Part{Name: name, Group: "verdict", Title: title, Value: countOf(k, n.now())})
		}
		part("fewer", "Fewer since", s.so)
		part("more", "More since", more)
		part("no-change", "No clear change", s.of-s.so-more)
		part("too-few", "Too few to tell", few)
		part("too-early", "Too early to tell", early)
		part("loose", "Tied to no service", loose)
		if len(trials) > 0 {
			a.Tables = []Table{trialTable(trials)}
		}
		return a
	},
}

// trialTable lists the finished improvements.
func trialTable(trials []trial) Table {
	t := Table{Name: "improvements", Title: "Finished improvements, the latest first", Columns: []Column{{"what", "Improvement", Text}, {"postmortem", "Postmortem", Text}, {"finished", "Finished", Day}, {"tie", "Counted on", Text},
		{"weeks", "Weeks each", Items}, {"before", "Before", PerWeek}, {"after", "After", PerWeek}, {"count", "Pages and incidents", Items}, {"verdict", "Did it work", Text}}}
	if len(trials) > mostPages {
		t.Title += fmt.Sprintf(", %d of %d", mostPages, len(trials))
		trials = trials[:mostPages]
	}
	for i := range trials {
		x := &trials[i]
		t.Rows = append(t.Rows, []Cell{{Text: x.What}, {Text: x.title}, {Text: string(x.Finished)}, titled(x.tie), num(x.weeks), x.rate(x.before), x.rate(x.after), num(x.before + x.after), {Text: x.verdict()}})
	}
	return t
}
