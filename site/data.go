package site

// data/report.json: the night for programs. Schema 1; it only ever grows, and every name in it is
// permanent. Numbers are in the units of the figures (shares 0 to 1, durations in seconds), instants
// in UTC, and what is not known is null.

import (
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
	b.tree.put(improvementsCSV, b.improvementsSheet())
	for i := range b.report.Figures {
		b.figureCSV(&b.report.Figures[i])
	}
	return nil
}

type reportJSON struct {
	Schema       int               `json:"schema"`
	Wiki         string            `json:"wiki"`
	Team         string            `json:"team"`
	AsOf         record.Instant    `json:"as_of"`
	Zone         string            `json:"zone"`
	PolicyHash   string            `json:"policy_hash"`
	Doubts       []string          `json:"doubts"`
	Sources      []sourceJSON      `json:"sources"`
	Unmapped     []unmappedJSON    `json:"unmapped_statuses"`
	Unjoined     []unjoinedJSON    `json:"unjoined_pages"`
	Postmortems  []postmortemJSON  `json:"postmortems"`
	Improvements []improvementJSON `json:"improvements"`
}

type figureJSON struct {
	Name     string      `json:"name"`
	Title    string      `json:"title"`
	Chapter  string      `json:"chapter"`
	Question string      `json:"question"`
	Unit     string      `json:"unit"`
	Headline valueJSON   `json:"headline"`
	Sentence string      `json:"sentence"`
	Mood     string      `json:"mood"`
	Parts    []partJSON  `json:"parts"`
	Charts   []chartJSON `json:"charts"`
	Tables   []tableJSON `json:"tables"`
	Rows     []rowJSON   `json:"rows"`
	Left     []rowJSON   `json:"left_out"`
	Doubts   []string    `json:"doubts"`
}

type valueJSON struct {
	Unit   string     `json:"unit"`
	Number *float64   `json:"number"`
	Text   string     `json:"text"`
	Ratio  *ratioJSON `json:"ratio,omitempty"`
	N      int        `json:"n"`
	Of     int        `json:"of,omitempty"`
	Period periodJSON `json:"period"`
}

type ratioJSON struct {
	Num    float64 `json:"num"`
	Den    float64 `json:"den"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Counts bool    `json:"counts"`
}

type periodJSON struct {
	From    record.Instant `json:"from"`
	To      record.Instant `json:"to"`
	Label   string         `json:"label"`
	Partial bool           `json:"partial"`
}

type partJSON struct {
	Group string    `json:"group"`
	Name  string    `json:"name"`
	Title string    `json:"title"`
	Value valueJSON `json:"value"`
	Mood  string    `json:"mood"`
}

type chartJSON struct {
	Name    string     `json:"name"`
	Title   string     `json:"title"`
	Kind    string     `json:"kind"`
	Unit    string     `json:"unit"`
	X       []string   `json:"x"`
	Lines   []lineJSON `json:"lines"`
	Marks   []markJSON `json:"marks"`
	Partial int        `json:"partial"`
}

type lineJSON struct {
	Name   string     `json:"name"`
	Title  string     `json:"title"`
	Role   string     `json:"role"`
	Values []*float64 `json:"values"`
}

type markJSON struct {
	X     string   `json:"x,omitempty"`
	Y     *float64 `json:"y,omitempty"`
	Title string   `json:"title"`
	Role  string   `json:"role"`
}

type tableJSON struct {
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Columns []columnJSON `json:"columns"`
	Rows    [][]any      `json:"rows"`
}

type columnJSON struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Unit  string `json:"unit"`
}

type rowJSON struct {
	Item   string   `json:"item"` // tracker:id
	Key    string   `json:"key"`
	Number *float64 `json:"number"`
	Why    string   `json:"why"`
}

type sourceJSON struct {
	Name    string         `json:"name"`
	Tracker string         `json:"tracker"`
	Kind    string         `json:"kind"`
	Horizon record.Instant `json:"horizon"`
	Parts   []tallyJSON    `json:"parts"`
	Doubts  []string       `json:"doubts"`
	Gaps    []gapJSON      `json:"gaps"`
}

type tallyJSON struct {
	Part    string         `json:"part"`
	Kind    string         `json:"kind"`
	Read    int            `json:"read"`
	Left    map[string]int `json:"left_out"`
	Changes int            `json:"changes"`
}

type gapJSON struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

type unmappedJSON struct {
	Tracker  string `json:"tracker"`
	Status   string `json:"status"`
	Category string `json:"category"`
	Items    int    `json:"items"`
}

type unjoinedJSON struct {
	Page      string         `json:"page"` // pager:id
	Service   string         `json:"service"`
	Title     string         `json:"title"`
	Triggered record.Instant `json:"triggered"`
}

type postmortemJSON struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Incidents []string       `json:"incidents"`
	Severity  int            `json:"severity"`
	Services  []string       `json:"services"`
	Draft     bool           `json:"draft"`
	Published record.Date    `json:"published"`
	Started   record.Instant `json:"started"`
	Detected  record.Instant `json:"detected"`
	Resolved  record.Instant `json:"resolved"`
}

type improvementJSON struct {
	ID         string      `json:"id"`
	What       string      `json:"what"`
	Question   string      `json:"question"`
	Owner      string      `json:"owner"`
	Due        record.Date `json:"due"`
	State      string      `json:"state"`
	Finished   record.Date `json:"finished"`
	Overdue    bool        `json:"overdue"`
	Issue      string      `json:"issue"`
	Postmortem string      `json:"postmortem"`
}

type itemJSON struct {
	Item     string         `json:"item"` // tracker:id
	Key      string         `json:"key"`
	Class    string         `json:"class"`
	Severity int            `json:"severity"`
	Stage    string         `json:"stage"`
	Respond  string         `json:"respond"`
	Resolve  string         `json:"resolve"`
	Due      record.Instant `json:"due"`
	Finished record.Instant `json:"finished"`
}

// writeReport writes the report piece by piece: the whole of it can be large.
func (b *builder) writeReport(w io.Writer) error {
	r := b.report
	head := reportJSON{
		Schema: 1, Wiki: b.Title, Team: b.policy.Team.Name, AsOf: r.AsOf, Zone: b.zone.String(), PolicyHash: r.PolicyHash,
		Doubts: list(r.Doubts), Sources: []sourceJSON{}, Unmapped: []unmappedJSON{}, Unjoined: []unjoinedJSON{}, Postmortems: []postmortemJSON{}, Improvements: []improvementJSON{},
	}
	for _, s := range r.Sources {
		j := sourceJSON{Name: s.Name, Tracker: s.Tracker, Kind: s.Kind, Horizon: s.Horizon, Parts: []tallyJSON{}, Doubts: []string{}, Gaps: []gapJSON{}}
		for _, t := range s.Tallies {
			j.Parts = append(j.Parts, tallyJSON{t.Part, t.Kind, t.Read, t.Left, t.Changes})
		}
		for _, d := range s.Doubts {
			j.Doubts = append(j.Doubts, d.String())
		}
		for _, g := range s.Gaps {
			j.Gaps = append(j.Gaps, gapJSON{g.What, g.Why})
		}
		head.Sources = append(head.Sources, j)
	}
	for _, u := range r.Unmapped {
		head.Unmapped = append(head.Unmapped, unmappedJSON{u.Tracker, u.Name, u.Category, u.Items})
	}
	for _, p := range r.Unjoined {
		head.Unjoined = append(head.Unjoined, unjoinedJSON{p.Ref.String(), p.Service, p.Title, p.Triggered})
	}
	for _, p := range r.Postmortems {
		head.Postmortems = append(head.Postmortems, postmortemJSON{p.ID, p.Title, list(p.Incidents), p.Severity, list(p.Services), p.Draft, p.Published, p.Started, p.Detected, p.Resolved})
	}
	for i := range r.Backlog {
		im := &r.Backlog[i]
		head.Improvements = append(head.Improvements, improvementJSON{im.ID, im.What, string(im.Question), im.Owner, im.Due, string(im.State), im.Finished, im.Overdue(r.AsOf), im.Issue, im.Postmortem})
	}
	out, err := json.Marshal(head)
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
		j := itemJSON{it.Ref.String(), it.Key, it.Class().ClassID(), it.Severity(), "", outcomeID(it.Respond.Outcome), outcomeID(it.Resolve.Outcome), it.Resolve.Due, it.Finished}
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

func appendJSON(b []byte, v any) ([]byte, error) {
	j, err := json.Marshal(v)
	return append(b, j...), err
}

func figureOf(f *analysis.Figure) figureJSON {
	j := figureJSON{
		Name: f.Name, Title: f.Title, Chapter: f.Chapter, Question: f.Question, Unit: string(f.Unit), Headline: valueOf(f.Headline), Sentence: f.Sentence, Mood: moodClass(f.Good),
		Parts: []partJSON{}, Charts: []chartJSON{}, Tables: []tableJSON{}, Rows: rowsOf(f.Rows), Left: rowsOf(f.Left), Doubts: list(f.Doubts),
	}
	for _, p := range f.Parts {
		j.Parts = append(j.Parts, partJSON{p.Group, p.Name, p.Title, valueOf(p.Value), moodClass(p.Good)})
	}
	for _, c := range f.Charts {
		cj := chartJSON{c.Name, c.Title, string(c.Kind), string(c.Unit), list(c.X), []lineJSON{}, []markJSON{}, c.Partial}
		for _, l := range c.Lines {
			lj := lineJSON{l.Name, l.Title, l.Role, make([]*float64, len(l.Values))}
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
			case c.Text != "":
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

func valueOf(v analysis.Value) valueJSON {
	j := valueJSON{string(v.Unit), numberOf(v.Number), v.String(), nil, v.N, v.Of, periodJSON{v.Period.From, v.Period.To, v.Period.Label, v.Period.Partial}}
	if r := v.Ratio; r != nil {
		j.Ratio = &ratioJSON{r.Num, r.Den, r.Low, r.High, r.Counts}
	}
	return j
}

func numberOf(n record.Number) *float64 {
	if !n.Known {
		return nil
	}
	return &n.Value
}

// list is never null in JSON.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return slices.Clip(s)
}
