package analysis

// Who told us first: a monitor or a person (METRICS.md, section 7).

import (
	"cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

// Detection is who told of a fire first.
type Detection uint8

// Who told first. What a page is that does not say who raised it, the policy may say for all of them
// (pages: origin); where it does not, nobody knows.
const (
	DetectedUnknown Detection = iota
	DetectedByMonitor
	DetectedByHuman
)

func (d Detection) String() string { return [...]string{"unknown", "monitor", "human"}[d] }

// word is one telling of a fire: a page, or an issue.
type word struct {
	at   record.Instant
	by   Detection
	page *Page
	item *Item
}

// Detected says who told of a fire first.
func (n *Night) Detected(f *Fire) Detection { return n.firstWord(f).by }

// firstWord is the first telling of a fire. A page has to come before the first human report to count for
// the monitor; of what a machine wrote into a tracker nobody was told until a page went off, or a person
// saw it. Where a fire has an incident, only incidents are reports of it: a bug that it is linked to may
// be older by a year.
func (n *Night) firstWord(f *Fire) word {
	var first word
	rank := map[Detection]int{DetectedByHuman: 0, DetectedUnknown: 1, DetectedByMonitor: 2}
	saw := func(w word) {
		if first.at == 0 || cmp.Or(cmp.Compare(w.at, first.at), cmp.Compare(rank[w.by], rank[first.by])) < 0 {
			first = w
		}
	}
	for _, p := range f.Pages {
		w := word{at: p.Triggered, page: p}
		switch cmp.Or(p.Origin, n.Policy.Pages.Origin) {
		case record.ByMonitor:
			w.by = DetectedByMonitor
		case record.ByPerson:
			w.by = DetectedByHuman
		}
		saw(w)
	}
	incident := len(f.Items) > 0 && f.Items[0].Kind() == Incident
	for _, it := range f.Items {
		if it.Machine || incident && it.Kind() != Incident {
			continue
		}
		w := word{at: it.Created, item: it}
		if it.Reporter != "" {
			w.by = DetectedByHuman
		}
		saw(w)
	}
	return first
}
