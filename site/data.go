package site

// data/report.json: the night for programs. Schema 1; it only ever grows, and every name in it is
// permanent. Numbers are in the units of the figures (shares 0 to 1, durations in seconds), instants
// in UTC, and what is not known is null.

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

const reportPlace = "data/report.json"

// data puts the report and every CSV.
func (b *builder) data() error {
	b.tree.long(reportPlace, b.writeReport)
	b.tree.long("data/items.csv", b.itemsCSV)
	b.tree.long(pagesCSV, b.writePages)
	b.tree.long(molesCSV, b.molesSheet)
	b.tree.long(beforeAfterCSV, b.effectsSheet)
	b.tree.put(improvementsCSV, b.improvementsSheet())
	b.changesCSV()
	for i := range b.report.Figures {
		b.figureCSV(&b.report.Figures[i])
	}
	return nil
}

// writeReport writes the report piece by piece: the whole of it can be large.
func (b *builder) writeReport(w io.Writer) error {
	r := b.report
	head := reportJSON{
		nightJSON: nightOf(r, b.Title), Unmapped: []unmappedJSON{}, Unjoined: []unjoinedJSON{}, Postmortems: []postmortemJSON{}, Improvements: []improvementJSON{},
	}
	for _, u := range r.Unmapped {
		head.Unmapped = append(head.Unmapped, unmappedJSON{u.Tracker, u.Name, u.Category, u.Items})
	}
	for _, p := range newest(r.Unjoined) {
		head.Unjoined = append(head.Unjoined, unjoinedJSON{p.Ref.String(), p.Service, p.Title, p.Triggered})
	}
	for _, p := range r.Postmortems {
		head.Postmortems = append(head.Postmortems, postmortemJSON{p.ID, p.Title, list(p.Incidents), p.Severity, list(p.Services), p.Draft, p.Published, p.Started, p.Detected, p.Resolved})
	}
	for i := range r.Backlog {
		im := &r.Backlog[i]
		head.Improvements = append(head.Improvements, improvementJSON{im.ID, im.What, string(im.Question), im.Owner, im.Due, string(im.State), im.Finished, im.Overdue(r.AsOf), im.Issue, im.Postmortem})
	}
	b.pagerJSON(&head)
	head.Experiments = b.triedJSON()
	head.Changed, head.Uncompared = changedOf(r.Changed), list(r.Uncompared)
	out, err := appendJSON(nil, head)
	if err != nil {
		return err
	}
	out = append(out[:len(out)-1], `,"figures":[`...) // the object goes on
	for i := range r.Figures {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = appendJSON(out, figureOf(&r.Figures[i])); err != nil {
			return err
		}
		out = append(out, '\n')
	}
	out = append(out, `],"items":[`...)
	for i, it := range r.Items {
		if i > 0 {
			out = append(out, ",\n"...)
		}
		j := itemJSON{Item: it.Ref.String(), Key: it.Key, Class: it.Class().ClassID(), Severity: it.Severity(), Respond: it.Respond.Outcome.String(),
			Resolve: it.Resolve.Outcome.String(), Due: it.Resolve.Due, Finished: it.Finished, Said: it.TrackerSaid, SLAs: slasOf(it.TrackerSLAs)}
		if s := it.Stage(); s != nil {
			j.Stage = s.ID
		}
		if out, err = appendJSON(out, j); err != nil {
			return err
		}
		if len(out) > 256<<10 {
			if _, err := w.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	_, err = w.Write(append(out, "]}\n"...))
	return err
}

// nightOf says whose night it is, and what it rests on.
func nightOf(r *analysis.Report, title string) nightJSON {
	head := nightJSON{Schema: 1, Wiki: title, Team: r.Policy.Team.Name, AsOf: r.AsOf, Zone: r.Zone.String(), PolicyHash: r.PolicyHash, Doubts: list(r.Doubts), Sources: []sourceJSON{}}
	for _, s := range r.Sources {
		j := sourceJSON{Name: s.Name, Tracker: s.Tracker, Kind: s.Kind, Horizon: s.Horizon, Parts: []tallyJSON{}, Doubts: []string{}, Gaps: []gapJSON{}}
		for _, t := range s.Tallies {
			j.Parts = append(j.Parts, tallyJSON{t.Part, t.Kind, t.Read, t.Left, t.Changes})
		}
		for _, d := range byPlace(s.Doubts) {
			j.Doubts = append(j.Doubts, d.String())
		}
		for _, g := range s.Gaps {
			j.Gaps = append(j.Gaps, gapJSON{g.What, g.Why})
		}
		if s.Live {
			j.Live = liveOf(&s)
		}
		head.Sources = append(head.Sources, j)
	}
	return head
}

func appendJSON(b []byte, v any) ([]byte, error) {
	j, err := json.Marshal(v)
	if bytes.IndexFunc(j, control) >= 0 { // JSON escapes the ones below space, and lets the others pass
		j = []byte(printable(string(j)))
	}
	return append(b, j...), err
}

func liveOf(s *analysis.SourceState) *liveJSON {
	j := &liveJSON{Good: s.Good}
	if r := &s.Last; r.Outcome != "" {
		j.Last = &runJSON{Started: r.Started, Ended: r.Ended, Outcome: r.Outcome, Issues: r.Records, Changes: r.Changes}
		if r.Ended != 0 {
			waited := r.Waited.Seconds()
			j.Last.Requests, j.Last.Waited = &r.Requests, &waited
		}
	}
	return j
}

func slasOf(slas []record.SLA) []slaJSON {
	var js []slaJSON
	for i := range slas {
		c := &slas[i]
		verdict, _ := theirVerdict(c)
		js = append(js, slaJSON{c.Name, c.Started, c.Stopped, c.Due, c.Goal.Seconds(), c.Elapsed.Seconds(), verdict, c.Paused})
	}
	return js
}

func figureOf(f *analysis.Figure) figureJSON {
	j := figureJSON{headlineJSON: headlineOf(f), Charts: []chartJSON{}, Tables: []tableJSON{}, Rows: rowsOf(f.Rows), Left: rowsOf(f.Left), RowUnit: f.RowUnit, Weekly: []weeklyJSON{}}
	for _, w := range f.Weekly {
		j.Weekly = append(j.Weekly, weeklyJSON{w.Name, w.Title, w.Says, w.Mood})
	}
	for _, c := range f.Charts {
		cj := chartJSON{c.Name, c.Title, string(c.Kind), string(c.Unit), list(c.X), []lineJSON{}, []markJSON{}, c.Partial, c.Begins, c.Ends}
		for _, l := range c.Lines {
			lj := lineJSON{l.Name, l.Title, l.Role, make([]*float64, len(l.Values)), nil}
			for _, d := range l.Dots {
				dj := dotJSON{X: c.X[d.At], Y: d.Y}
				if d.Item != nil {
					dj.Item = d.Item.Ref.String()
				}
				lj.Dots = append(lj.Dots, dj)
			}
			for i := range l.Values {
				lj.Values[i] = numberOf(l.Values[i])
			}
			cj.Lines = append(cj.Lines, lj)
		}
		for _, m := range c.Marks {
			cj.Marks = append(cj.Marks, markJSON{m.X, numberOf(m.Y), m.Title, m.Role})
		}
		j.Charts = append(j.Charts, cj)
	}
	for _, t := range f.Tables {
		j.Tables = append(j.Tables, tableOf(&t))
	}
	return j
}

// headlineOf is what the report and its summary say of a figure alike.
func headlineOf(f *analysis.Figure) headlineJSON {
	return headlineJSON{f.Name, f.Title, f.Chapter, f.Question, f.Unit, f.Headline, f.Sentence, f.Good, list(f.Parts), list(f.Doubts), f.Counts, len(f.Rows), len(f.Left)}
}

// changedOf is what changed, for report.json and the summary alike.
func changedOf(cs []analysis.Difference) []changedJSON {
	js := make([]changedJSON, 0, len(cs))
	for i := range cs {
		c := &cs[i]
		j := changedJSON{c.Name, c.Since, c.Again, c.Sentence, list(c.Notes), []tableJSON{}}
		for k := range c.Lists {
			j.Lists = append(j.Lists, tableOf(&c.Lists[k]))
		}
		js = append(js, j)
	}
	return js
}

func tableOf(t *analysis.Table) tableJSON {
	j := tableJSON{t.Name, t.Title, []columnJSON{}, [][]any{}}
	for _, c := range t.Columns {
		j.Columns = append(j.Columns, columnJSON{c.Name, c.Title, string(c.Unit)})
	}
	for _, row := range t.Rows {
		cells := make([]any, len(row))
		for i, c := range row {
			switch {
			case c.Item != nil:
				cells[i] = c.Item.Key
			case c.Num.Known && i < len(t.Columns) && t.Columns[i].Unit == analysis.Moment:
				cells[i] = record.Instant(c.Num.Value)
			case c.Num.Known:
				cells[i] = c.Num.Value
			case c.Text != "" && c.Text != blank:
				cells[i] = c.Text
			}
		}
		j.Rows = append(j.Rows, cells)
	}
	return j
}

func rowsOf(rows []analysis.Row) []rowJSON {
	js := make([]rowJSON, 0, len(rows))
	for _, r := range rows {
		if r.Item != nil {
			js = append(js, rowJSON{r.Item.Ref.String(), r.Item.Key, numberOf(r.Num), r.Why})
		}
	}
	return js
}

func numberOf(n record.Number) *float64 {
	if !n.Known {
		return nil
	}
	return &n.Value
}

// list is never null in JSON.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return slices.Clip(s)
}
