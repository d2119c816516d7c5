package main

// An explanation as people read it in a terminal.

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

func tableOf(w io.Writer, x *explained) error {
	var b bytes.Buffer
	t := &table{newSheet(w), x}
	t.sheet.w = &b
	t.top()
	t.rules()
	t.stages()
	t.acts()
	t.promise("Respond", &x.Respond)
	t.promise("Resolve", &x.Resolve)
	t.theirs()
	t.pages()
	t.links()
	_, err := w.Write(b.Bytes())
	return err
}

// table lays an explanation out.
type table struct {
	sheet *sheet
	*explained
}

func (t *table) head(name string) {
	t.sheet.blank()
	t.sheet.set("", "  ", name)
}

// when writes an instant in the team's zone; a dash for none.
func (t *table) when(at record.Instant) string {
	if at == 0 {
		return "–"
	}
	return t.Exactly(at)
}

func (t *table) top() {
	it, s := t.Item, t.sheet
	name := plain(it.Key)
	if it.Title != "" {
		name += " · " + plain(it.Title)
	}
	s.set("", "  ", name)
	s.blank()
	fact := func(name, value string) {
		if value != "" {
			s.set("  "+pad(name, 10), strings.Repeat(" ", 12), plain(value))
		}
	}
	horizon := "which no source speaks for any more"
	if t.Horizon != 0 {
		horizon = "which can speak up to " + t.when(t.Horizon)
	}
	fact("tracker", it.Tracker+", "+horizon)
	fact("as of", t.Night.AsOf.In(t.Zone).Format("2006-01-02 15:04:05 MST"))
	fact("class", it.Class().Title())
	fact("severity", t.severity(it.Severity()))
	stage := it.Stage().Name
	if it.Discarded {
		stage += ", discarded"
	}
	fact("stage", stage)
	fact("respond", t.Total(&t.Respond))
	fact("resolve", t.Total(&t.Resolve))
	if it.Coarse != "" {
		fact("coarse", it.Coarse+": its clocks cannot be followed")
	}
	if len(it.Missing) > 0 {
		fact("not ready", "it lacks "+strings.Join(it.Missing, ", "))
	}
}

func (t *table) severity(level int) string {
	for _, s := range t.Policy.Severities {
		if s.Level == level {
			return s.Name
		}
	}
	return "none"
}

// rules are what gave the item its class and severity, and what every rule saw up to the one that held.
func (t *table) rules() {
	t.head("What the rules saw")
	for _, g := range t.Judged {
		why := "created"
		if len(g.Why) > 0 {
			why = strings.Join(g.Why, "; ")
		}
		t.sheet.set("  ", "    ", t.when(g.At)+"  "+plain(why))
		t.asked("severity", t.severity(g.Severity), g.Severities)
		t.asked("class", g.Class.Title(), g.Classes)
	}
}

func (t *table) asked(what, given string, rules []analysis.Asked) {
	if len(rules) == 0 {
		return
	}
	s := t.sheet
	s.set("    ", "      ", what+": "+plain(given))
	for _, a := range rules {
		mark := "✗"
		if a.Held {
			mark = "✓"
		}
		s.set("      "+mark+" ", "        ", plain(a.Name)+": "+plain(a.Text))
		if len(a.Saw) > 0 {
			var saw []string
			for _, f := range a.Saw {
				saw = append(saw, f.Name+" is "+cut(plain(f.Value), 120))
			}
			s.set("          ", "          ", strings.Join(saw, ", "))
		}
		if a.Fault != "" {
			s.set("          ", "          ", "could not be answered, and so does not hold: "+plain(a.Fault))
		}
	}
}

// cut is a text of so many characters at most.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func (t *table) stages() {
	t.head("Stages")
	var rows [][]string
	var notes []string
	for _, y := range t.Stays {
		left, elapsed, work := "", "", ""
		if y.To != 0 {
			left = t.when(y.To)
		}
		if y.To != 0 || y.Stage.Kind != analysis.Done {
			elapsed, work = analysis.ExactElapsed(y.Elapsed), analysis.Exact(y.Work)
		}
		rows = append(rows, []string{t.when(y.From), left, y.Stage.Name, elapsed, work})
		note := y.Stage.Kind.String()
		if y.Waits != "" {
			note += ": " + y.Waits
		}
		notes = append(notes, note+" · "+by(y.How, y.By))
	}
	heads := []string{"entered", "left", "stage", "elapsed", "working"}
	if !t.fit(heads, rows) { // one is left when the next is entered
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 1, 2)
		}
		heads = slices.Delete(heads, 1, 2)
	}
	t.rows(heads, rows, notes)
}

// by joins how something was done with whose act it was.
func by(how, who string) string {
	switch {
	case how == "" && who != "":
		return "by " + who
	case who == "":
		return how
	}
	return how + ", by " + who
}

func (t *table) acts() {
	t.head("What was done")
	var rows [][]string
	for _, d := range slices.Concat(t.Deeds, t.Passed) {
		rows = append(rows, []string{t.when(d.At), d.What, by(d.How, d.By)})
	}
	t.rows(nil, rows, nil)
}

func (t *table) promise(name string, a *analysis.Account) {
	if len(a.Dues) == 0 {
		return
	}
	v := &a.Verdict
	title := name
	if v.Target.Text != "" {
		title += ": " + v.Target.Text
	}
	if v.Class != nil {
		title += ", as " + v.Class.Name
	}
	t.head(title)
	var rows [][]string
	var notes []string
	for _, d := range a.Dues {
		due := "never due"
		if d.Due != 0 {
			due = "due " + t.when(d.Due)
		}
		rows = append(rows, []string{"from " + t.when(d.At), due})
		notes = append(notes, strings.TrimSuffix(d.Why+" · "+d.Target.Text, " · "))
	}
	t.rows(nil, rows, notes)
	if len(a.Stretches) > 0 {
		t.sheet.blank()
		t.sheet.set("  ", "    ", "The clock counts on the calendar "+a.Calendar+", from "+t.when(a.From)+".")
	}
	rows, notes = nil, nil
	for _, s := range a.Stretches {
		work := ""
		if s.Clock == "runs" || s.Clock == "late" {
			work = "+ " + a.Exact(s.Adds)
		}
		rows = append(rows, []string{t.when(s.From), t.when(s.To), s.Stage.Name, s.Clock, work})
		note := ""
		if len(s.Off) > 0 {
			note = "not on " + strings.Join(s.Off, ", ")
		}
		notes = append(notes, note)
	}
	if k := len(rows); k > 0 && !t.fit([]string{"from", "to", "stage", "clock", "adds"}, rows) { // they meet
		rows, notes = append(rows, []string{rows[k-1][1], "", "until here", "", ""}), append(notes, "")
		for i := range rows {
			rows[i] = slices.Delete(rows[i], 1, 2)
		}
		t.rows([]string{"from", "stage", "clock", "adds"}, rows, notes)
	} else {
		t.rows([]string{"from", "to", "stage", "clock", "adds"}, rows, notes)
	}
	t.sheet.set("  = ", "    ", plain(t.Total(a)))
}

// theirs are the tracker's own clocks.
func (t *table) theirs() {
	it := t.Item
	if len(it.TrackerSLAs) == 0 {
		return
	}
	t.head("The tracker's own clocks, by its own goals and calendars")
	var rows [][]string
	for _, c := range it.TrackerSLAs {
		word := "running"
		switch {
		case c.Breached:
			word = "breached"
		case c.Stopped != 0:
			word = "met"
		case c.Paused:
			word = "paused"
		}
		of := analysis.Exact(c.Elapsed)
		if c.Goal > 0 {
			of += " of " + analysis.Exact(c.Goal)
		}
		rows = append(rows, []string{c.Name, word, of, "from " + t.when(c.Started), "due " + t.when(c.Due)})
	}
	t.rows(nil, rows, nil)
}

func (t *table) pages() {
	if len(t.Item.Pages) == 0 {
		return
	}
	t.head("Pages")
	var rows [][]string
	var notes []string
	for _, p := range t.Item.Pages {
		rows = append(rows, []string{t.when(p.Triggered), cmp.Or(p.Number, p.ID), t.when(p.Acked), t.when(p.Resolved)})
		notes = append(notes, strings.TrimPrefix(p.Service+" · "+cut(p.Title, 200), " · "))
	}
	t.rows([]string{"went off", "page", "acknowledged", "resolved"}, rows, notes)
}

func (t *table) links() {
	if len(t.Ties) == 0 {
		return
	}
	t.head("Links")
	var rows [][]string
	var notes []string
	for _, y := range t.Ties {
		state := "not known here"
		if y.Item != nil {
			state = y.Item.Stage().Name
			if y.Item.Finished != 0 {
				state += " since " + t.when(y.Item.Finished)
			}
		}
		rows = append(rows, []string{y.Kind, y.To, state})
		notes = append(notes, y.Says)
	}
	t.rows(nil, rows, notes)
}

// rows sets rows in columns, with a note under each. Where the columns do not fit beside each other, or a
// cell is as long as a sentence, a row is told in one line that is broken between words.
func (t *table) rows(heads []string, rows [][]string, notes []string) {
	if len(rows) == 0 {
		return
	}
	all, widths := rows, t.widths(heads, rows)
	if heads != nil {
		all = append([][]string{heads}, rows...)
	}
	fits := t.fit(heads, rows)
	for i, r := range all {
		cells := make([]string, len(r))
		for k, c := range r {
			cells[k] = plain(c)
		}
		last := len(cells) - 1
		if fits {
			lead, hang := "  ", 2
			for k, c := range cells[:last] {
				lead += pad(c, widths[k]) + "  "
				hang += widths[k] + 2
			}
			t.sheet.set(lead, strings.Repeat(" ", hang), cells[last])
		} else if heads == nil || i > 0 {
			for k, line := range pieces(slices.DeleteFunc(cells, func(c string) bool { return c == "" }), t.sheet.width-4) {
				fmt.Fprintln(t.sheet.w, strings.Repeat(" ", 2+2*min(k, 1))+line)
			}
		}
		k := i
		if heads != nil {
			k--
		}
		if k >= 0 && k < len(notes) && notes[k] != "" {
			t.sheet.set("      ", "      ", plain(notes[k]))
		}
	}
}

// widths are those of the columns; the last one of a table without heads takes what is left.
func (t *table) widths(heads []string, rows [][]string) []int {
	var widths []int
	for _, r := range append([][]string{heads}, rows...) {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(r)-1 || heads != nil {
				widths[i] = max(widths[i], columns(plain(c)))
			}
		}
	}
	return widths
}

// sentence is how wide a column of sentences is at least.
const sentence = 24

// fit says whether columns fit beside each other.
func (t *table) fit(heads []string, rows [][]string) bool {
	total := 0
	if heads == nil {
		total = sentence
	}
	for _, w := range t.widths(heads, rows) {
		total += w + 2
	}
	return total <= t.sheet.width
}
