package analysis

import (
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// A pager is believed to be silent for a fortnight after it told of anything. One that is asked, and was never
// reached, tells of nothing.
func TestHowFarAPagerIsBelieved(t *testing.T) {
	at := record.At(time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC))
	ago := func(d time.Duration) record.Instant { return at.Add(-d) }
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		page     record.Instant
		source   SourceState
		heard    bool
		from, to record.Instant
	}{
		"a fortnight":                     {page: ago(14 * day), heard: true, from: ago(14 * day), to: at},
		"a fortnight and a second":        {page: ago(14*day + time.Second), heard: true, from: ago(14*day + time.Second), to: ago(14*day + time.Second).Add(time.Millisecond)},
		"its source went on":              {page: ago(40 * day), source: SourceState{Horizon: ago(10 * day)}, heard: true, from: ago(40 * day), to: at},
		"asked, with a page":              {page: ago(20 * day), source: SourceState{Pager: true, Horizon: at}, heard: true, from: ago(20 * day), to: at},
		"asked since then, without any":   {source: SourceState{Pager: true, Horizon: at, Since: ago(30 * day)}, heard: true, from: ago(30 * day), to: at},
		"asked, without any":              {source: SourceState{Pager: true, Horizon: at}, heard: true, from: at.Add(-askedBack), to: at},
		"asked, and no more for a month":  {source: SourceState{Pager: true, Horizon: ago(30 * day)}, heard: true, from: at.Add(-askedBack), to: ago(30 * day).Add(time.Millisecond)},
		"asked, and never reached":        {source: SourceState{Pager: true}},
		"no pager, or a file without any": {source: SourceState{Horizon: at}},
	} {
		n := &Night{AsOf: at}
		if c.source.Tracker = "pager"; c.source.Horizon != 0 || c.source.Pager {
			n.Sources = []SourceState{c.source}
		}
		if c.page != 0 {
			n.Pages = []*Page{{Ref: record.Ref{Tracker: "pager", ID: "1"}, Triggered: c.page}}
		}
		h := n.hear()
		if len(h.pagers) > 0 != c.heard {
			t.Errorf("%s: heard are %d pagers", name, len(h.pagers))
			continue
		}
		if c.heard && (len(h.told) != 1 || h.told[0] != Span{c.from, c.to}) {
			t.Errorf("%s: it tells of %v, want %v to %v", name, h.told, c.from, c.to)
		}
	}
}
