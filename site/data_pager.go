package site

// What report.json tells of the pager. An alert may go off a million times, so every list is bounded.

import (
	"slices"

	"github.com/firebreak/firebreak/analysis"
)

// mostInReport is how long each list of the pager is.
const mostInReport = 2000

// newest are the last of a list, as many as the report takes.
func newest[T any](list []T) []T { return list[max(0, len(list)-mostInReport):] }

// pagerJSON fills in what the pager, the rota and triage tell.
func (b *builder) pagerJSON(j *reportJSON) {
	r := b.report
	j.Totals = totalsOf(r)
	j.Fires, j.Suggested, j.Moles, j.Shifts, j.Uncovered, j.Triage = []fireJSON{}, []suggestedJSON{}, []moleJSON{}, []shiftJSON{}, []coverGapJSON{}, []triageJSON{}
	for _, f := range newest(r.Fires) {
		j.Fires = append(j.Fires, b.fireJSON(f))
	}
	for _, g := range newest(r.Suggested) {
		j.Suggested = append(j.Suggested, suggestedJSON{g.Page.Ref.String(), g.Item.Ref.String(), g.Item.Key, g.Why})
	}
	for _, m := range r.Moles[:min(mostInReport, len(r.Moles))] {
		mj := moleJSON{Fingerprint: m.Fingerprint, Title: m.Title, Service: m.Service, Recent: m.Recent, Times: m.Times, Repeats: m.Repeats, First: m.First, Last: m.Last, Before: numberOf(m.Before.Number), After: numberOf(m.After.Number)}
		if m.Improvement != nil {
			mj.Improvement = m.Improvement.ID
		}
		j.Moles = append(j.Moles, mj)
	}
	for _, s := range newest(r.Shifts) {
		j.Shifts = append(j.Shifts, shiftJSON{s.Ref.String(), s.Rota, s.Role, b.person(s.Person), s.From, s.To})
	}
	for _, g := range newest(r.Uncovered) {
		if g.To <= r.AsOf {
			g.Absent = "" // see gapWords
		}
		j.Uncovered = append(j.Uncovered, coverGapJSON{g.Rota, g.Role, g.From, g.To, g.Absent, g.Why, g.Beyond})
	}
	for _, w := range r.Triage {
		for i := range w.Lines {
			if l := &w.Lines[i]; l.Judged() {
				j.Triage = append(j.Triage, triageJSON{w.Week, l.Page.String(), string(l.Verdict), l.Note})
			}
		}
	}
	j.Triage = slices.Clip(newest(j.Triage))
}

// totalsOf counts what the night was judged from.
func totalsOf(r *analysis.Report) totalsJSON {
	j := totalsJSON{Items: len(r.Items), Pages: len(r.Pages), Unjoined: len(r.Unjoined), Fires: len(r.Fires), Suggested: len(r.Suggested), Moles: len(r.Moles), Shifts: len(r.Shifts), Uncovered: len(r.Uncovered)}
	for _, it := range r.Items {
		if it.Open() {
			j.Open++
		}
		if it.Coarse != "" {
			j.Coarse++
		}
	}
	for _, w := range r.Triage {
		for i := range w.Lines {
			if w.Lines[i].Judged() {
				j.Triage++
			}
		}
	}
	return j
}

func (b *builder) fireJSON(f *analysis.Fire) fireJSON {
	j := fireJSON{Fire: f.ID, Items: []string{}, Pages: []string{}, PageCount: len(f.Pages), Postmortems: []string{}, From: f.From, To: f.To, Detected: b.report.Detected(f).String()}
	for _, it := range f.Items {
		j.Items = append(j.Items, it.Key)
	}
	for _, p := range f.Pages[:min(mostPages, len(f.Pages))] {
		j.Pages = append(j.Pages, p.Ref.String())
	}
	for _, p := range f.Postmortems {
		j.Postmortems = append(j.Postmortems, p.ID)
	}
	return j
}
