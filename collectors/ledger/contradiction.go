// Pages that two exports tell otherwise: they are merged, and doubted.

package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// contradicted is a record that contradicts what was known of it.
type contradicted struct {
	ref  record.Ref
	what string
}

// apart is how far two exports may be apart about one instant: some round, and clocks differ.
const apart = time.Minute

// contradiction says what two copies of a page tell otherwise: when it was triggered, or when it ended, unless the
// log says that it was opened again in between.
func contradiction(known, p *record.Page) string {
	far := func(a, b record.Instant) bool { return a != 0 && b != 0 && a.Sub(b).Abs() > apart }
	reopened := func(e record.Event) bool { return e.Kind == record.EventReopened }
	switch {
	case far(known.Triggered, p.Triggered):
		return fmt.Sprintf("page %s was triggered at %s in one export and at %s in another; the one updated later is believed", p.ID, known.Triggered, p.Triggered)
	case far(known.Resolved, p.Resolved) && !slices.ContainsFunc(known.Events, reopened) && !slices.ContainsFunc(p.Events, reopened):
		return fmt.Sprintf("page %s ended at %s in one export and at %s in another, and no log says that it was opened again; the later one is believed", p.ID, known.Resolved, p.Resolved)
	}
	return ""
}

// sameDoubts is how many contradictions of a batch are told; they are of one sort.
const sameDoubts = 10

// contradictions are the doubts about the batch's pages that contradict what was known of them, each at the part
// that it is of, so that it stands until that is read again.
func (w *writer) contradictions(source string, b *record.Batch) []record.Doubt {
	var doubts []record.Doubt
	for i, c := range w.contradicted {
		place := ""
		for _, o := range b.Origins {
			if slices.ContainsFunc(b.Pages[o.From:], func(p record.Page) bool { return p.Ref == c.ref }) {
				place = o.Part
			}
		}
		if i == sameDoubts {
			return append(doubts, record.Doubt{Source: source, Place: place, What: fmt.Sprintf("%d more pages contradict what another export tells of them", len(w.contradicted)-i)})
		}
		doubts = append(doubts, record.Doubt{Source: source, Place: place, What: c.what})
	}
	return doubts
}
