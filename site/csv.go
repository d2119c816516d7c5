package site

// CSV: every table and chart as a file for a spreadsheet.

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/site/chart"
)

const improvementsCSV = "data/improvements.csv"

// spreadsheet writes rows of CSV (RFC 4180, but with line feeds).
type spreadsheet struct {
	b     []byte
	begun bool
}

// text writes a cell of words. A cell that a spreadsheet would take for a formula gets an apostrophe
// before it, by which spreadsheets know text (OWASP, CSV Injection); the words themselves stay whole,
// but for control characters, which are shown as U+FFFD.
func (s *spreadsheet) text(t string) *spreadsheet {
	s.comma()
	if t == "" {
		return s
	}
	t = printable(t)
	disarm := t[0] == '=' || t[0] == '+' || t[0] == '-' || t[0] == '@' || t[0] == '\t' || t[0] == '\r'
	if !disarm && !strings.ContainsAny(t, "\",\n\r") && t[0] != ' ' {
		s.b = append(s.b, t...)
		return s
	}
	s.b = append(s.b, '"')
	if disarm {
		s.b = append(s.b, '\'')
	}
	s.b = append(s.b, strings.ReplaceAll(t, `"`, `""`)...)
	s.b = append(s.b, '"')
	return s
}

func (s *spreadsheet) num(n record.Number) *spreadsheet {
	s.comma()
	if n.Known {
		s.b = strconv.AppendFloat(s.b, n.Value, 'f', -1, 64)
	}
	return s
}

func (s *spreadsheet) moment(t record.Instant) *spreadsheet {
	s.comma()
	if t != 0 {
		s.b = t.Time().AppendFormat(s.b, "2006-01-02T15:04:05Z")
	}
	return s
}

func (s *spreadsheet) comma() {
	if s.begun {
		s.b = append(s.b, ',')
	}
	s.begun = true
}

func (s *spreadsheet) row() *spreadsheet {
	s.b = append(s.b, '\n')
	s.begun = false
	return s
}

// heading is what a column is called in CSV: its permanent name, with the unit where the number alone
// would not tell.
func heading(c analysis.Column) string {
	switch c.Unit {
	case analysis.Duration:
		return c.Name + " (seconds)"
	case analysis.Work:
		return c.Name + " (working seconds)"
	case analysis.Moment:
		return c.Name + " (UTC)"
	}
	return c.Name
}

// tables puts the CSV of everything that a figure shows.
func (b *builder) figureCSV(f *analysis.Figure) {
	for i := range f.Charts {
		c := &f.Charts[i]
		b.tree.add(csvPlace(f.Name, c.Name), func(w io.Writer) error {
			t := chart.Table(c)
			return writeTable(w, &t)
		})
	}
	for i := range f.Tables {
		t := &f.Tables[i]
		b.tree.add(csvPlace(f.Name, t.Name), func(w io.Writer) error { return writeTable(w, t) })
	}
	if len(f.Parts) > 0 {
		b.tree.add(csvPlace(f.Name, "parts"), func(w io.Writer) error { return writeParts(w, f.Parts) })
	}
	if len(f.Rows) > 0 {
		b.tree.long(csvPlace(f.Name, "items"), func(w io.Writer) error { return b.writeRows(w, f.Rows, f.RowUnit) })
	}
	if len(f.Left) > 0 {
		b.tree.long(csvPlace(f.Name, "left-out"), func(w io.Writer) error { return b.writeRows(w, f.Left, "") })
	}
}

// blank is how a table shows people that there is nothing in a cell. A program is given nothing.
const blank = "—"

func writeTable(w io.Writer, t *analysis.Table) error {
	var s spreadsheet
	for _, c := range t.Columns {
		s.text(heading(c))
	}
	s.row()
	for _, row := range t.Rows {
		for i, c := range row {
			switch {
			case c.Item != nil:
				s.text(c.Item.Key)
			case c.Num.Known && i < len(t.Columns) && t.Columns[i].Unit == analysis.Moment:
				s.moment(record.Instant(c.Num.Value))
			case c.Num.Known:
				s.num(c.Num)
			case c.Text != blank:
				s.text(c.Text)
			default:
				s.text("")
			}
		}
		s.row()
	}
	_, err := w.Write(s.b)
	return err
}

func writeParts(w io.Writer, parts []analysis.Part) error {
	var s spreadsheet
	for _, h := range []string{"group", "name", "title", "unit", "number", "numerator", "denominator", "low", "high", "n", "of", "from (UTC)", "to (UTC)", "period", "partial", "begins", "ends"} {
		s.text(h)
	}
	s.row()
	for _, p := range parts {
		s.text(p.Group).text(p.Name).text(p.Title).value(p.Value).text(strconv.FormatBool(p.Value.Period.Begins)).text(strconv.FormatBool(p.Value.Period.Ends)).row()
	}
	_, err := w.Write(s.b)
	return err
}

// itemColumns are the columns that every list of items has in CSV.
const itemColumns = "tracker,id,key,title,project,type,status,priority,class,severity,stage,created (UTC),responded (UTC),started (UTC),finished (UTC),discarded," +
	"respond,respond due (UTC),resolve,resolve due (UTC),left (working seconds),late (working seconds),points,customer,url"

func (b *builder) item(s *spreadsheet, it *analysis.Item) *spreadsheet {
	s.text(it.Tracker).text(it.ID).text(it.Key).text(it.Title).text(it.Project).text(it.Type).text(it.Status).text(it.Priority).text(it.Class().ClassID())
	s.num(record.Number{Known: it.Severity() > 0, Value: float64(it.Severity())})
	stage := ""
	if st := it.Stage(); st != nil {
		stage = st.ID
	}
	s.text(stage).moment(it.Created).moment(it.Responded).moment(it.Started).moment(it.Finished).text(strconv.FormatBool(it.Discarded))
	s.text(it.Respond.Outcome.String()).moment(it.Respond.Due).text(it.Resolve.Outcome.String()).moment(it.Resolve.Due)
	undecided := it.Resolve.Outcome == analysis.Running || it.Resolve.Outcome == analysis.Stopped
	s.num(record.Number{Known: undecided, Value: it.Resolve.Left.Seconds()})
	s.num(record.Number{Known: it.Resolve.Outcome == analysis.Missed, Value: it.Resolve.Late.Seconds()})
	return s.num(it.Points).text(b.customer(it)).text(it.URL)
}

func (b *builder) writeRows(w io.Writer, rows []analysis.Row, unit analysis.Unit) error {
	var s spreadsheet
	s.b = append(s.b, itemColumns+",number,why,unit\n"...)
	for i := range rows {
		if rows[i].Item == nil {
			continue
		}
		if err := b.item(&s, rows[i].Item).num(rows[i].Num).text(rows[i].Why).text(string(unit)).row().flush(w, 64<<10); err != nil {
			return err
		}
	}
	return s.flush(w, 0)
}

// itemsCSV writes every item there is.
func (b *builder) itemsCSV(w io.Writer) error {
	var s spreadsheet
	s.b = append(s.b, itemColumns+"\n"...)
	for _, it := range b.report.Items {
		if err := b.item(&s, it).row().flush(w, 64<<10); err != nil {
			return err
		}
	}
	return s.flush(w, 0)
}

// flush writes what there is, once there is more than so many bytes of it.
func (s *spreadsheet) flush(w io.Writer, most int) error {
	if len(s.b) <= most {
		return nil
	}
	_, err := w.Write(s.b)
	s.b = s.b[:0]
	return err
}

func (b *builder) improvementsSheet() []byte {
	var s spreadsheet
	for _, h := range []string{"id", "what", "question", "owner", "due", "state", "finished", "reason", "issue", "postmortem"} {
		s.text(h)
	}
	s.row()
	for i := range b.report.Backlog {
		im := &b.report.Backlog[i]
		s.text(im.ID).text(im.What).text(string(im.Question)).text(im.Owner).text(string(im.Due)).text(string(im.State)).text(string(im.Finished)).text(im.Reason).text(im.Issue).text(im.Postmortem).row()
	}
	return bytes.Clone(s.b)
}
