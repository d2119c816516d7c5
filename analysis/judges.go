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

// judged is what the judges found out together.
type judged struct {
	tied    []tie
	undated []string
	doubts  []string
	pages   *pageIndex
}

// judge makes the items of all issues.
func (n *Night) judge(in Input) judged {
	all := judged{pages: newPageIndex(n.Pages, n.Postmortems)}
	unmapped := newFallbacks()
	category := categories(n.statuses)
	judges := make([]*judge, runtime.GOMAXPROCS(0))
	items := make([][]*Item, len(judges))
	batches := make(chan []record.Issue, len(judges))
	spent := make(chan []record.Issue, 2*len(judges)+1) // batches to be filled again
	var wg sync.WaitGroup
	for i := range judges {
		judges[i] = newJudge(n, all.pages, category, unmapped)
		wg.Go(func() {
			for batch := range batches {
				for k := range batch {
					if it := judges[i].item(&batch[k]); it != nil {
						items[i] = append(items[i], it)
					}
				}
				clear(batch)
				spent <- batch[:0]
			}
		})
	}
	for range cap(spent) {
		spent <- make([]record.Issue, 0, dealt)
	}
	batch := <-spent
	for is := range in.Issues {
		if batch = append(batch, is); len(batch) == dealt {
			batches <- batch
			batch = <-spent
		}
	}
	batches <- batch
	close(batches)
	wg.Wait()

	n.Items = slices.Concat(items...)
	slices.SortFunc(n.Items, func(a, b *Item) int { return a.Ref.Compare(b.Ref) })
	for _, it := range n.Items {
		for _, p := range it.Pages {
			p.Items = append(p.Items, it)
		}
	}
	faults := map[*Rule]*ruleFault{}
	for _, j := range judges {
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

func newJudge(n *Night, pages *pageIndex, category map[statusKey]string, unmapped *fallbacks) *judge {
	j := &judge{
		policy: n.Policy, classify: newClassifier(n.Policy), asOf: n.AsOf, horizons: n.horizons,
		team: newRoster(&n.Policy.Team), pages: pages, category: category,
		looks: map[string]*Look{}, crews: map[string][]string{}, none: &Rest{},
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
