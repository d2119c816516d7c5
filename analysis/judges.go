package analysis

// Judging on all processors. An item follows from its own issue, the policy and the pages, so issues are
// dealt out in batches to as many judges as there are processors. What they bring back is put in order
// afterwards: who judged which is nowhere to be seen.

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/firebreak/firebreak/collectors/record"
)

// dealt is how many issues a judge is given at a time: enough that handing them over costs nothing, few
// enough that those in the air take no memory to speak of.
const dealt = 64

// batch is what a judge is given, and how many were given before it.
type batch struct {
	nth    int
	issues []record.Issue
}

// bench is a judge with what it has found so far: its items, and how many they were after each batch.
type bench struct {
	*judge
	items []*Item
	after []struct{ nth, items int }
}

// sit judges batches as they come and gives back the room they came in.
func (b *bench) sit(batches <-chan batch, spent chan<- []record.Issue) {
	for x := range batches {
		for i := range x.issues {
			if it := b.item(&x.issues[i]); it != nil {
				b.items = append(b.items, it)
				if !b.policy.plansElsewhere() {
					sla(b.policy, it)
				}
			}
		}
		b.after = append(b.after, struct{ nth, items int }{x.nth, len(b.items)})
		clear(x.issues)
		spent <- x.issues[:0]
	}
}

// judged is what the judges found out together.
type judged struct {
	tied    []tie
	undated []string
	doubts  []string
	plans   []string // what is to be doubted of the trackers' releases
	pages   *pageIndex
}

// judge makes the items of all issues.
func (n *Night) judge(in Input) judged {
	all := judged{pages: newPageIndex(n.Pages, n.Postmortems)}
	unmapped := newFallbacks()
	category := categories(n.statuses)
	benches := make([]*bench, runtime.GOMAXPROCS(0))
	batches := make(chan batch, len(benches))
	spent := make(chan []record.Issue, 2*len(benches)+1) // room for batches
	for range cap(spent) {
		spent <- make([]record.Issue, 0, dealt)
	}
	var wg sync.WaitGroup
	for i := range benches {
		benches[i] = &bench{judge: newJudge(n, all.pages, category, unmapped)}
		wg.Go(func() { benches[i].sit(batches, spent) })
	}
	count := 0
	next := <-spent
	for is := range in.Issues {
		if next = append(next, is); len(next) == dealt {
			batches <- batch{count, next}
			count++
			next = <-spent
		}
	}
	batches <- batch{count, next}
	close(batches)
	wg.Wait()

	if n.Policy.plansElsewhere() {
		all.plans = n.promise(benches, in.Planned)
	}
	n.Items = inOrder(benches, count+1)
	if byRef := func(a, b *Item) int { return a.Ref.Compare(b.Ref) }; !slices.IsSortedFunc(n.Items, byRef) {
		slices.SortFunc(n.Items, byRef) // a ledger gives them so
	}
	for _, it := range n.Items {
		if n.began == 0 || it.Created < n.began {
			n.began = it.Created
		}
		for _, p := range it.Pages {
			p.Items = append(p.Items, it)
		}
	}
	n.opens = n.opening()
	faults := map[*Rule]*ruleFault{}
	for _, j := range benches {
		all.tied = append(all.tied, j.tied...)
		all.undated = append(all.undated, j.undated...)
		for r, f := range j.classify.machine.faults {
			if known := faults[r]; known != nil {
				known.and(f)
			} else {
				faults[r] = f
			}
		}
	}
	slices.SortStableFunc(all.tied, func(a, b tie) int { return a.item.Ref.Compare(b.item.Ref) })
	slices.Sort(all.undated)
	all.doubts = ruleDoubts(slices.Collect(maps.Values(faults)))
	return all
}

// promise judges what is promised to the items once every issue has told of its tracker's releases, and says
// what is to be doubted of these. What issues tell that are not judged is asked for only where an item is promised it.
func (n *Night) promise(benches []*bench, others func(string, record.Instant) []record.Planned) (doubts []string) {
	rides := slices.ContainsFunc(benches, func(b *bench) bool { return slices.ContainsFunc(b.items, n.Policy.rides) })
	if others != nil && rides {
		for tracker := range benches[0].plans.from {
			for _, p := range others(tracker, n.AsOf) {
				benches[0].plans.add(p)
			}
		}
	}
	for _, b := range benches[1:] {
		benches[0].plans.unite(b.plans)
	}
	n.Policy, doubts = benches[0].plans.planned(n.Policy)
	var wg sync.WaitGroup
	for _, b := range benches {
		wg.Go(func() {
			for _, it := range b.items {
				sla(n.Policy, it)
			}
		})
	}
	wg.Wait()
	if others != nil && !rides { // nobody has heard them
		return nil
	}
	return doubts
}

// exists says whether an issue exists at as-of.
func exists(is *record.Issue, c *record.Copy, asOf record.Instant) bool {
	return c.Created != 0 && c.Created < asOf && (is.Gone == 0 || is.Gone >= asOf)
}

// inOrder are the items in the order in which their issues came.
func inOrder(benches []*bench, batches int) []*Item {
	total := 0
	for _, b := range benches {
		total += len(b.items)
	}
	items := make([]*Item, 0, total)
	taken := make([]int, len(benches)) // of each bench's items
	for nth := range batches {
		for i, b := range benches {
			if len(b.after) > 0 && b.after[0].nth == nth {
				items = append(items, b.items[taken[i]:b.after[0].items]...)
				taken[i], b.after = b.after[0].items, b.after[1:]
				break
			}
		}
	}
	return items
}

func newJudge(n *Night, pages *pageIndex, category map[statusKey]string, unmapped *fallbacks) *judge {
	j := &judge{
		policy: n.Policy, classify: newClassifier(n.Policy), asOf: n.AsOf, before: n.before, horizons: n.horizons,
		team: doorkeeper{roster: newRoster(&n.Policy.Team)}, pages: pages, category: category, plans: newPlans(n.Policy),
		looks: map[string]*Look{}, spelled: map[statusKey]string{}, crews: map[string][]string{}, none: &Rest{},
	}
	j.classify.fallbacks = unmapped
	return j
}

// categories are the trackers' own, by status.
func categories(statuses []TrackerStatus) map[statusKey]string {
	of := map[statusKey]string{}
	for _, s := range statuses {
		if s.Category != "" {
			of[statusKey{s.Tracker, strings.ToLower(s.Name)}] = s.Category
		}
	}
	return of
}
