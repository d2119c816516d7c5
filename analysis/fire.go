package analysis

// Fires: what was one emergency, whoever told of it. A fire is what certain joins hold together: pages,
// the issues written about them, their postmortems. It is counted once.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// Fire is one group of certain joins that holds an issue, or a postmortem, beside its pages; without pages
// it holds an incident. A page that is joined to nothing is a fire nobody has written down: those are
// [Report.Unjoined], and a million of them are not kept twice.
type Fire struct {
	ID          string                   // the key of its worst item; without items the tracker and id of its first page that was not merged
	Items       []*Item                  // incidents first, the most severe first, discarded ones behind
	Pages       []*Page                  // by trigger time, merged ones among them
	Postmortems []*postmortem.Postmortem // a postmortem of several incidents is in the fire of each

	From record.Instant // when the first page went off, or the first incident was reported
	To   record.Instant // when it was over; 0 while it burns

	incident bool // it holds an incident that was not discarded
}

// FireOf is the fire that an item belongs to; nil if it belongs to none.
func (n *Night) FireOf(it *Item) *Fire { return n.fireOf[it] }

// tie is a link of an issue that may hold a fire together.
type tie struct {
	item *Item
	to   string // a key, or the id of a postmortem
	post bool
}

// kin keeps the links of an issue to its duplicates and to the postmortems of the wiki.
func (j *judge) kin(it *Item, links []record.Link) {
	for _, l := range links {
		if strings.Contains(l.To, "/postmortems/") {
			to := strings.TrimSuffix(strings.TrimRight(l.To, "/"), "/index.html")
			j.tied = append(j.tied, tie{it, strings.TrimSuffix(lastSegment(to), ".md"), true})
		} else if strings.Contains(strings.ToLower(l.Kind), "duplicat") {
			j.tied = append(j.tied, tie{it, l.To, false})
		}
	}
}

// burn gathers the fires.
func (n *Night) burn(tied []tie, x *pageIndex) {
	g := groups{}
	for _, p := range n.Pages {
		for i, it := range p.Items {
			for _, other := range p.Items[:i] {
				if it.Kind() == Incident && other.Kind() == Incident && atOnce(it, other) {
					g.join(it, other)
				}
			}
			if it.Kind() != Incident {
				g.join(p.first(), it)
			}
		}
	}
	for _, t := range tied {
		if to := n.Find(t.to); !t.post && to != nil && to != t.item && atOnce(t.item, to) {
			g.join(t.item, to)
		}
	}
	var fires []*Fire
	of := map[*Item]*Fire{} // by the root of its group
	for _, it := range n.Items {
		if len(it.Pages) == 0 && it.Kind() != Incident && g[it] == nil {
			continue
		}
		r := g.root(it)
		if of[r] == nil {
			of[r] = &Fire{}
			fires = append(fires, of[r])
		}
		of[r].Items = append(of[r].Items, it)
	}
	for _, p := range n.Pages {
		if to := cmp.Or(p.Into, p); len(to.Items) > 0 {
			f := of[g.root(to.first())]
			f.Pages = append(f.Pages, p)
		}
	}
	n.fireOf = map[*Item]*Fire{}
	for _, f := range fires {
		if f.settle() {
			n.Fires = append(n.Fires, f)
			for _, it := range f.Items {
				n.fireOf[it] = f
			}
		}
	}
	n.writtenUp(tied, x)
	slices.SortStableFunc(n.Fires, func(a, b *Fire) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.ID, b.ID)) })
}

// first is the issue whose fire a joined page is of: the incident that was reported nearest to it, if possible
// one that was not discarded. An incident that came when that was over names the page because it was the same
// then, and is another fire.
func (p *Page) first() *Item {
	rank := func(it *Item) int {
		switch {
		case it.Kind() != Incident:
			return 2
		case it.Discarded:
			return 1
		}
		return 0
	}
	away := func(it *Item) time.Duration { return it.Created.Sub(p.Triggered).Abs() }
	return slices.MinFunc(p.Items, func(a, b *Item) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(away(a), away(b))) })
}

// atOnce says whether two issues were open at one time. A second issue about one that was over is no second
// word of the same fire: it burned again.
func atOnce(a, b *Item) bool {
	open := func(it *Item, t record.Instant) bool { return len(it.Done) == 0 || t < it.Done[0] }
	return open(a, b.Created) && open(b, a.Created)
}

// groups are items that belong together: each leads to another of its group, and the root to itself.
type groups map[*Item]*Item

func (g groups) root(it *Item) *Item {
	for g[it] != nil && g[it] != it {
		g[it] = g[g[it]] // halves the way for whoever asks next
		it = g[it]
	}
	return it
}

func (g groups) join(a, b *Item) {
	a, b = g.root(a), g.root(b)
	g[a], g[b] = a, a
}

// settle puts a fire in order, and says whether it is one: without a page or an incident there is none.
func (f *Fire) settle() bool {
	slices.SortFunc(f.Items, func(a, b *Item) int {
		return cmp.Or(cmp.Compare(mildness(a), mildness(b)), cmp.Compare(a.Created, b.Created), a.Ref.Compare(b.Ref))
	})
	burning := len(f.Items) > 0 && f.Items[0].Kind() == Incident
	for _, it := range f.Items {
		if it.Kind() != Incident {
			continue
		}
		f.incident = f.incident || !it.Discarded
		f.began(it.Created)
	}
	for _, p := range f.Pages {
		f.began(p.Triggered)
		if f.ID == "" && p.Into == nil {
			f.ID = p.Ref.String()
		}
	}
	if len(f.Items) > 0 {
		f.ID = f.Items[0].Key
	}
	f.To = f.over(burning)
	return burning || len(f.Pages) > 0
}

func (f *Fire) began(t record.Instant) {
	if f.From == 0 || t < f.From {
		f.From = t
	}
}

// over is when the fire was over: its last incident done, or where nobody wrote one its last page resolved.
// What is done about it afterwards, under issues of another kind, is not the fire. 0 while it burns.
func (f *Fire) over(incident bool) record.Instant {
	var to record.Instant
	for _, it := range f.Items {
		if incident && it.Kind() == Incident {
			if it.Finished == 0 {
				return 0
			}
			to = max(to, it.Finished)
		}
	}
	for _, p := range f.Pages {
		if !incident && p.Into == nil {
			if p.Resolved == 0 {
				return 0
			}
			to = max(to, p.Resolved, p.Triggered) // of one that ended before it began, it is known that it is over
		}
	}
	return to
}

// mildness orders items: incidents by severity, those without one behind, then those that were discarded,
// then everything else.
func mildness(it *Item) int {
	sev := it.worst()
	if sev == 0 {
		sev = noSeverity
	}
	switch {
	case it.Kind() != Incident:
		sev += 4 * noSeverity
	case it.Discarded:
		sev += 2 * noSeverity
	}
	return sev
}

// writtenUp gives fires their postmortems: by the incidents that a postmortem is of, by the pages that it
// names, and by the issues that link to it. Pages that no issue has, and a postmortem does, are a fire.
func (n *Night) writtenUp(tied []tie, x *pageIndex) {
	linked := map[string][]*Item{}
	for _, t := range tied {
		if t.post {
			linked[t.to] = append(linked[t.to], t.item)
		}
	}
	var fires []*Fire
	alone := map[*Page]*Fire{}
	for _, post := range n.Postmortems {
		of := func(f *Fire) {
			if f != nil && !slices.Contains(f.Postmortems, post) {
				f.Postmortems = append(f.Postmortems, post)
			}
		}
		for _, key := range post.Incidents {
			of(n.fireOf[n.Find(key)])
		}
		for _, it := range linked[post.ID] {
			of(n.fireOf[it])
		}
		var rest []*Page
		x.namedBy(post, func(p *Page) {
			p = cmp.Or(p.Into, p)
			switch {
			case len(p.Items) > 0:
				of(n.fireOf[p.first()])
			case alone[p] != nil:
				of(alone[p])
			case !slices.Contains(rest, p):
				rest = append(rest, p)
			}
		})
		if len(rest) == 0 {
			continue
		}
		f := &Fire{Pages: rest, Postmortems: []*postmortem.Postmortem{post}}
		for _, p := range rest {
			alone[p] = f
		}
		fires = append(fires, f)
	}
	if len(fires) == 0 {
		return
	}
	for _, p := range n.Pages {
		if f := alone[p.Into]; f != nil {
			f.Pages = append(f.Pages, p)
		}
	}
	for _, f := range fires {
		slices.SortFunc(f.Pages, byTrigger)
		f.settle()
	}
	n.Fires = append(n.Fires, fires...)
}
