package analysis

// What was done about what keeps coming back, and whether it helped (METRICS.md, section 9, "Did it work").

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// week is the week of a rate; it need not be one of the calendar's.
const week = 7 * 24 * time.Hour

// windowWeeks is how long the windows before and after an improvement are at most: a quarter of a year.
const windowWeeks = 13

// help finds the improvements that postmortems decided.
type help struct {
	night   *Night
	backlog map[string][]*postmortem.Improvement // by postmortem
	ofItem  map[*Item][]*postmortem.Postmortem
	ofPlace map[string][]*postmortem.Postmortem // by folded names of services
	first   map[string]record.Instant           // by tracker: what is known from then on
	horizon map[string]record.Instant           // by tracker: and up to then
}

func (n *Night) help() *help {
	h := &help{night: n, backlog: map[string][]*postmortem.Improvement{}, ofItem: map[*Item][]*postmortem.Postmortem{},
		ofPlace: map[string][]*postmortem.Postmortem{}, first: map[string]record.Instant{}, horizon: map[string]record.Instant{}}
	all := n.backlog()
	for i := range all {
		if im := &all[i]; im.State != postmortem.Declined {
			h.backlog[im.Postmortem] = append(h.backlog[im.Postmortem], im)
		}
	}
	for _, p := range n.Postmortems {
		for _, key := range p.Incidents {
			if it := n.Find(key); it != nil {
				h.ofItem[it] = append(h.ofItem[it], p)
			}
		}
		for _, s := range p.Services {
			h.ofPlace[fold(s)] = append(h.ofPlace[fold(s)], p)
		}
	}
	known := func(tracker string, at record.Instant) {
		if was, ok := h.first[tracker]; !ok || at < was {
			h.first[tracker] = at
		}
	}
	for _, it := range n.Items {
		known(it.Tracker, it.Created)
	}
	for _, p := range n.Pages {
		known(p.Tracker, p.Triggered)
	}
	for _, s := range n.Sources {
		h.horizon[s.Tracker] = max(h.horizon[s.Tracker], s.Horizon)
	}
	return h
}

// find ties an improvement to the mole: one of a postmortem of one of its incidents, or of an incident that
// one of its pages belongs to; where no such postmortem has decided any, one of a postmortem of its service.
func (h *help) find(m *Mole) {
	var tie string
	best := func(ps []*postmortem.Postmortem, by string) {
		for _, p := range ps {
			for _, im := range h.backlog[p.ID] {
				// What was finished before it came for the first time was not done about it.
				if im.FinishedAt != 0 && im.FinishedAt <= m.First {
					continue
				}
				if m.Improvement == nil || later(im, m.Improvement) {
					m.Improvement, tie = im, by
				}
			}
		}
	}
	for _, it := range m.Items {
		best(h.ofItem[it], "the postmortem of "+it.Key)
	}
	for _, p := range m.Pages {
		for _, it := range p.Items {
			if len(h.ofItem[it]) > 0 {
				best(h.ofItem[it], "the postmortem of "+it.Key)
			}
		}
	}
	if m.Improvement == nil {
		for _, name := range m.names() {
			best(h.ofPlace[name], "a postmortem of the service "+m.Service)
		}
	}
	if m.Tie = tie; m.Improvement != nil && m.Improvement.FinishedAt != 0 {
		h.measure(m)
	}
}

// later says whether a is the later improvement: finished later, or finished at all; of two that are to
// come, the one due later.
func later(a, b *postmortem.Improvement) bool {
	return cmp.Or(cmp.Compare(a.FinishedAt, b.FinishedAt), cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.Postmortem, b.Postmortem), cmp.Compare(b.Line, a.Line)) > 0
}

// names are the folded names of where it burns.
func (m *Mole) names() []string {
	names := []string{fold(m.Service)}
	if m.Of != nil {
		for _, s := range append([]string{m.Of.ID}, m.Of.Aliases...) {
			if s = fold(s); !slices.Contains(names, s) {
				names = append(names, s)
			}
		}
	}
	return names
}

// measure counts what came a week before the improvement was finished, and after. Both windows lie within
// what the trackers that tell of the mole can speak for.
func (h *help) measure(m *Mole) {
	at := m.Improvement.FinishedAt
	from, to := record.Instant(0), h.night.AsOf
	span := func(tracker string) {
		from = max(from, h.first[tracker])
		if t, ok := h.horizon[tracker]; ok {
			to = min(to, t.Add(time.Millisecond))
		}
	}
	tracker := "" // most have one
	for _, it := range m.Items {
		if it.Tracker != tracker {
			tracker = it.Tracker
			span(tracker)
		}
	}
	for _, p := range m.Pages {
		if p.Tracker != tracker {
			tracker = p.Tracker
			span(tracker)
		}
	}
	weeks := min(windowWeeks, int(at.Sub(from)/week), int(to.Sub(at)/week))
	if weeks < Fewest {
		return
	}
	size := time.Duration(weeks) * week
	came, _ := m.came()
	rate := func(from record.Instant, when string) (v Value, k int) {
		p := Period{From: from, To: from.Add(size), Label: fmt.Sprintf("the %d weeks %s", weeks, when)}
		for _, t := range came {
			if p.holds(t) {
				k++
			}
		}
		return Value{Unit: PerWeek, Number: record.Num(float64(k) / float64(weeks)), N: weeks, Period: p}, k
	}
	m.Before, m.CameBefore = rate(at.Add(-size), "before")
	m.After, m.CameAfter = rate(at, "after")
}

// Verdict says in words whether the improvement can have helped yet; "" where Before and After say it.
func (m *Mole) Verdict() string {
	switch {
	case m.Improvement == nil:
		return "nothing was decided about it"
	case m.Improvement.State != postmortem.Done:
		return "still to come"
	case m.Improvement.FinishedAt == 0:
		return "nobody wrote down when it was finished"
	case !m.After.Number.Known:
		return "too early to tell"
	}
	return ""
}
