package site

// Tables: of a figure, of a chart's numbers, of items.

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// tableView is a table as a layout shows it.
type tableView struct {
	ID    string
	Title string
	Note  string
	Table template.HTML
	Cut   string // says that not all rows are here, "" if they are
	CSV   string // the way to all of them
}

// Rows on an entry. The rest is in the CSV, and the entry says so.
const (
	mostRows   = 500
	mostPoints = 400
)

// begin opens a table that scrolls in a box of its own on a narrow screen.
func (s *sheet) begin(label string, columns ...string) *sheet {
	return s.head(label, "<table>", columns)
}

// list opens a table whose rows become blocks on a narrow screen.
func (s *sheet) list(label string, columns ...string) *sheet {
	return s.head(label, `<table class="items">`, columns)
}

func (s *sheet) head(label, table string, columns []string) *sheet {
	s.raw(`<div class="scroll" role="group" tabindex="0" aria-label="`).text(label).raw(`">`, table, "\n<thead><tr>")
	for _, c := range columns {
		if name, ok := strings.CutPrefix(c, ">"); ok {
			s.raw(`<th scope="col" class="n">`).text(name).raw("</th>")
			continue
		}
		s.raw(`<th scope="col">`).text(c).raw("</th>")
	}
	return s.raw("</tr></thead>\n<tbody>\n")
}

func (s *sheet) end() *sheet { return s.raw("</tbody></table></div>") }

// table writes a table of a figure, the newest rows where there are too many.
func (b *builder) table(place string, t *analysis.Table, most int, newest bool) (html template.HTML, cut string) {
	s := b.sheet(place)
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Title
		if numeric(c.Unit) {
			columns[i] = ">" + c.Title
		}
	}
	list := lists(t)
	if list {
		s.list(t.Title, columns...)
	} else {
		s.begin(t.Title, columns...)
	}
	rows := t.Rows
	if len(rows) > most {
		cut = fmt.Sprintf("The first %d of %d rows; all of them are in the CSV.", most, len(rows))
		if newest {
			cut = fmt.Sprintf("The last %d of %d rows; all of them are in the CSV.", most, len(rows))
			rows = rows[len(rows)-most:]
		} else {
			rows = rows[:most]
		}
	}
	for _, row := range rows {
		s.raw("<tr>")
		for i, c := range row {
			unit := analysis.Text
			if i < len(t.Columns) {
				unit = t.Columns[i].Unit
			}
			open, shut, class := "<td", "</td>", ""
			if i == 0 {
				open, shut = `<th scope="row"`, "</th>"
			} else if numeric(unit) {
				class = ` class="n"`
			}
			if ofTime(c, unit) {
				class = ` class="day"`
			} else if i > 0 && len(c.Text) > sentence {
				class = ` class="long"`
			}
			s.raw(open, class)
			if list && i > 0 && i < len(t.Columns) {
				s.raw(` data-head="`).text(t.Columns[i].Title).raw(`"`)
			}
			s.raw(">")
			b.cell(s, c, unit)
			s.raw(shut)
		}
		s.raw("</tr>\n")
	}
	return s.end().html(), cut
}

// lists says whether a table of a figure is read row by row, as a list of items, of metrics, of sentences or of things that happened is, rather than by
// comparing its columns: then a phone stacks it, and the reason in the last column is reached without scrolling sideways.
func lists(t *analysis.Table) bool {
	happened := func(c analysis.Column) bool { return c.Unit == analysis.Moment }
	return slices.ContainsFunc(t.Columns, happened) || slices.ContainsFunc(t.Rows, func(row []analysis.Cell) bool {
		return slices.ContainsFunc(row, func(c analysis.Cell) bool { return c.Item != nil || c.Metric != nil || len(c.Text) > sentence })
	})
}

// sentence is the length from which a text of a table is kept wide enough to be read.
const sentence = 60

// numeric says whether a column of this unit is read by comparing numbers.
func numeric(u analysis.Unit) bool {
	switch u {
	case analysis.Text, analysis.Moment, analysis.Day, "":
		return false
	}
	return true
}

// ofTime says whether a cell is a day, a week, a month or a moment: none of them is broken at its hyphens or blanks.
func ofTime(c analysis.Cell, unit analysis.Unit) bool {
	if c.Item != nil || c.Num.Known {
		return c.Num.Known && (unit == analysis.Day || unit == analysis.Moment)
	}
	return dated(c.Text)
}

// dated says whether a text is short, and begins with a year and a hyphen.
func dated(t string) bool {
	const year = "0000"
	return len(t) > len(year) && len(t) <= len("0000-00-00 00:00") && t[len(year)] == '-' && strings.Trim(t[:len(year)], "0123456789") == ""
}

func (b *builder) cell(s *sheet, c analysis.Cell, unit analysis.Unit) {
	switch {
	case c.Item != nil:
		b.itemLink(s, c.Item, true)
	case c.Num.Known && unit == analysis.Moment:
		s.moment(record.Instant(c.Num.Value))
	case c.Num.Known && unit == analysis.Day:
		s.text(record.Instant(c.Num.Value).In(b.zone).Format("2 Jan 2006"))
	case c.Num.Known:
		s.text(unit.Format(c.Num))
	case c.Metric != nil:
		s.raw(`<a href="`, s.root).text(metricPlace(c.Metric.Name)).raw(`">`).text(short(c.Text, 400)).raw("</a>")
	case c.Text != "":
		s.text(short(c.Text, 400))
	case numeric(unit):
		s.raw("–")
	}
}

// itemLink writes the key of an item as a link to its entry, and its title.
func (b *builder) itemLink(s *sheet, it *analysis.Item, title bool) {
	s.raw(`<a class="key" href="`, s.root)
	s.text(b.itemPlace(it)).raw(`">`).text(it.Key).raw("</a>")
	if title {
		s.raw(" ").title(short(it.Title, 140))
	}
}

// tag writes a class, severity or stage in its colour. The colour is never alone: the name is there.
func (s *sheet) tag(slot, name string) *sheet {
	return s.raw(`<span class="tag slot-`, slot, `">`).text(name).raw("</span>")
}

// numberTitle heads a column of numbers of which only the unit is known.
func numberTitle(u analysis.Unit) string {
	switch u {
	case analysis.Duration:
		return "Elapsed"
	case analysis.Work:
		return "Working time"
	case analysis.Items:
		return "Adds"
	}
	return strings.ToUpper(string(u[:1])) + string(u[1:])
}

// rowsTable writes items as rows, with their numbers where those have a unit.
func (b *builder) rowsTable(place, label string, rows []analysis.Row, unit analysis.Unit, most int) (html template.HTML, cut string) {
	why, numbers := false, false
	for i := range rows {
		why = why || rows[i].Why != ""
		numbers = numbers || rows[i].Num.Known && unit != ""
	}
	columns := []string{"Item", "Class", "Severity", "Stage", "Promise"}
	if numbers {
		columns = append(columns, ">"+numberTitle(unit))
	}
	if why {
		columns = append(columns, "Why it is here")
	}
	if len(rows) > most {
		cut = fmt.Sprintf("The first %d of %d items; all of them are in the CSV.", most, len(rows))
		rows = rows[:most]
	}
	s := b.sheet(place)
	s.list(label, columns...)
	for i := range rows {
		it := rows[i].Item
		if it == nil {
			continue
		}
		s.raw(`<tr><th scope="row">`)
		b.itemLink(s, it, true)
		s.raw("</th><td>").tag(b.palette.Class(it.Class()), it.Class().Title()).raw("</td><td>")
		b.severityTag(s, it.Severity())
		s.raw("</td><td>")
		b.stageTag(s, it.Stage())
		s.raw("</td><td>")
		b.promise(s, it)
		if numbers {
			s.raw(`</td><td class="n" data-head="`, numberTitle(unit), `">`) // on a phone there is no head
			b.cell(s, analysis.Cell{Num: rows[i].Num}, unit)
		}
		if why {
			s.raw("</td><td>").text(short(rows[i].Why, 200))
		}
		s.raw("</td></tr>\n")
	}
	return s.end().html(), cut
}

func (b *builder) severityTag(s *sheet, level int) {
	if level > 0 {
		s.tag(b.palette.Slot("severity", fmt.Sprint(level), 0), b.severityName(level))
	}
}

// severityName is "Sev 1".
func (b *builder) severityName(level int) string { return fmt.Sprintf("Sev %d", level) }

func (b *builder) stageTag(s *sheet, st *analysis.Stage) {
	if st != nil {
		s.tag(b.palette.Stage(st), st.Name)
	}
}

// promise writes where the item's more pressing promise stands, in a few words: responding comes
// before resolving.
func (b *builder) promise(s *sheet, it *analysis.Item) {
	v, what := &it.Resolve, ""
	if (v.Outcome == analysis.Unpromised || it.Responded == 0) && (it.Respond.Outcome == analysis.Running || it.Respond.Outcome == analysis.Stopped) {
		v, what = &it.Respond, "respond: "
	}
	if v.Outcome == analysis.Unpromised {
		return
	}
	s.raw(`<span class="`, outcomeClass(v.Outcome), `">`, what)
	b.outcome(s, v)
	s.raw("</span>")
}

// clockWords say what time a promise counts; on the calendar that never rests it is time as everybody knows it.
func clockWords(v *analysis.Verdict) string {
	if c := v.Target.Calendar; c != nil && c.Name() == "always" {
		return ""
	}
	return " of working time"
}

// outcome writes a verdict in words.
func (b *builder) outcome(s *sheet, v *analysis.Verdict) {
	work := func(before string, d time.Duration, after string) {
		s.raw(before).text(analysis.Work.Format(record.Num(d.Seconds()))).raw(after)
	}
	switch v.Outcome {
	case analysis.Running:
		s.raw("due ").near(v.Due, b.report.AsOf)
		work(` <span class="detail">`, v.Left, clockWords(v)+" left</span>")
	case analysis.Stopped:
		s.raw("paused")
		if v.Due != 0 {
			work(` <span class="detail">`, v.Left, clockWords(v)+" left</span>")
		}
	case analysis.Met:
		s.raw("met")
		if v.Thanks {
			s.raw(", only thanks to pauses")
		}
	case analysis.Missed:
		s.raw("missed")
		if v.Late > 0 {
			work(` <span class="detail">late by `, v.Late, clockWords(v)+"</span>")
		}
	case analysis.Withdrawn:
		s.raw("withdrawn")
	case analysis.Uncounted:
		s.raw("not followed: its history is not known")
	default:
		s.raw("no promise")
	}
}

func outcomeClass(o analysis.Outcome) string {
	switch o {
	case analysis.Met:
		return "met"
	case analysis.Missed:
		return "missed"
	case analysis.Running, analysis.Stopped:
		return "running"
	}
	return "quiet"
}
