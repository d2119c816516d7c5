package main

// The report on a terminal, or in a pipe.

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/site"
)

// printer writes a report for people: aligned, as wide as the terminal is, and in colour only there.
type printer struct {
	*sheet
	colour bool
}

// newPrinter is as wide as the terminal, or as COLUMNS says; elsewhere nothing is cut. NO_COLOR, whatever it
// is set to, takes the colour away (no-color.org).
func newPrinter(w io.Writer) *printer {
	p := &printer{sheet: &sheet{w, 0}}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			p.width = width
		}
		p.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	} else if width, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil {
		p.width = width
	}
	if p.width <= 0 {
		p.width = 1 << 20
	}
	p.width = max(p.width, 20)
	return p
}

// paint puts a text in a colour of the terminal's own.
func (p *printer) paint(code, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// narrow is the width under which columns would cut what matters: there, what else stands side by side stands one
// under the other.
const narrow = 72

// under sets pieces below what they belong to. A piece is not broken where a line holds it, so that no figure is
// parted from its unit.
func (p *printer) under(pieces []string) {
	const lead = "    "
	var set []string
	for i, s := range pieces {
		if i < len(pieces)-1 {
			s += " ·"
		}
		if columns(s) > p.width-len(lead) {
			set = append(set, strings.Fields(s)...)
			continue
		}
		set = append(set, s)
	}
	if len(set) > 0 {
		p.flow(lead, lead, set)
	}
}

const (
	bold  = "1"
	faint = "2"
	red   = "31"
	green = "32"
)

// colourOf is the colour of a mood.
func colourOf(m analysis.Mood) string { return [...]string{"", green, red}[m] }

// headline is a figure's value in words; a moment is written in the team's zone.
func headline(r *analysis.Report, f *analysis.Figure) string {
	v := f.Headline
	if v.Unit == analysis.Moment && v.Number.Known {
		return moment(r, v.Number)
	}
	return v.String()
}

// mostPrinted is how many rows of a list of changes are printed; JSON has them all.
const mostPrinted = 20

func (p *printer) report(s *site.Summary) error {
	p.line("%s, as of %s", p.paint(bold, plain(s.Name())), s.AsOf.In(s.Zone).Format("Monday, 2 January 2006, 15:04 MST"))
	p.set("", "  ", p.paint(faint, plain(restsOn(s))))
	chosen := s.Chosen()
	name, value := 0, 0
	for _, f := range chosen {
		name, value = max(name, len([]rune(f.Title))), max(value, len([]rune(headline(s.Report, f))))
	}
	name, value = min(name, max(p.width/3, 20)), min(value, 24)
	chapter := ""
	for _, f := range chosen {
		if f.Chapter != chapter {
			chapter = f.Chapter
			p.blank()
			fmt.Fprintln(p.w, p.paint(bold, chapter))
		}
		word, colour := f.Verdict(f.Good), colourOf(f.Good)
		v := headline(s.Report, f)
		ds := details(f)
		if p.width < narrow {
			if word != "" {
				v += ", " + word
			}
			p.set("  ", "  ", plain(f.Title))
			p.under(append([]string{p.paint(colour, v)}, ds...))
			continue
		}
		if word != "" {
			ds = append([]string{word}, ds...)
		}
		titles, told := broken(plain(f.Title), name), pieces(ds, p.width-2-name-2-value-2)
		for i := range max(len(titles), len(told)) {
			title, shown, says := "", strings.Repeat(" ", value), ""
			if i < len(titles) {
				title = strings.Repeat(" ", 2*min(i, 1)) + titles[i]
			}
			if i == 0 {
				shown = strings.Repeat(" ", max(0, value-columns(v))) + p.paint(colour, cut(v, value))
			}
			if i < len(told) {
				says = p.paint(faint, told[i])
				if rest, ok := strings.CutPrefix(told[i], word); ok && i == 0 && word != "" {
					says = p.paint(colour, word) + p.paint(faint, rest)
				}
			}
			fmt.Fprintln(p.w, strings.TrimRight("  "+pad(title, name)+"  "+shown+"  "+says, " "))
		}
	}
	for i := range s.Changed {
		p.changed(&s.Changed[i], s.Report)
	}
	if len(s.Gates) > 0 {
		p.blank()
		fmt.Fprintln(p.w, p.paint(bold, "Gates"))
		for _, g := range s.Gates {
			colour := map[analysis.GateVerdict]string{analysis.GatePassed: green, analysis.GateFailed: red}[g.Verdict]
			p.set("  "+pad(string(g.Verdict), len(analysis.GateUnsure))+"  ", "               ", plain(g.Text)+": "+p.paint(colour, plain(g.Sentence)))
		}
	}
	if ds := doubts(s); len(ds) > 0 {
		p.blank()
		fmt.Fprintln(p.w, p.paint(bold, "What to know before believing it"))
		for _, d := range ds[:min(len(ds), mostDoubts)] {
			p.set("  ", "    ", plain(d))
		}
		if more := len(ds) - mostDoubts; more > 0 {
			p.set("  ", "    ", fmt.Sprintf("and %d more, in --format json", more))
		}
	}
	return nil
}

// mostDoubts is how many doubts are told to people; JSON has them all.
const mostDoubts = 8

// doubts are those of the night, and then those of the figures that are shown, each told once.
func doubts(s *site.Summary) []string {
	ds, told := slices.Clone(s.Doubts), slices.Clone(s.Doubts)
	for _, f := range s.Chosen() {
		for _, d := range f.Doubts {
			if !slices.Contains(told, d) {
				ds, told = append(ds, f.Title+": "+d), append(told, d)
			}
		}
	}
	return ds
}

// restsOn says in a line how many items the report is of, and up to when each source speaks.
func restsOn(s *site.Summary) string {
	open := 0
	for _, it := range s.Items {
		if it.Open() {
			open++
		}
	}
	says := fmt.Sprintf("%s, %d of them open", count(len(s.Items), "item"), open)
	for _, from := range s.Sources {
		until := "never read to its end"
		if from.Horizon != 0 {
			until = "up to " + from.Horizon.In(s.Zone).Format("2 Jan 2006 15:04")
		}
		says += "; " + from.Name + " " + until
	}
	return says
}

// details are what the value rests on, the most telling first.
func details(f *analysis.Figure) []string {
	var ds []string
	if f.Counts != "" && f.Headline.Number.Known {
		ds = append(ds, f.Counted())
	}
	if d := f.Headline.Detail(); d != "" {
		ds = append(ds, strings.Split(d, " · ")...)
	}
	return ds
}

// pieces sets details in lines of so many columns. One is not broken where a line holds it, so that no number is parted from its unit.
func pieces(ds []string, room int) []string {
	var lines []string
	for i, d := range ds {
		dot := ""
		if i < len(ds)-1 {
			dot = " ·"
		}
		last := len(lines) - 1
		switch {
		case last >= 0 && columns(lines[last]+d+dot)+1 <= room:
			lines[last] += " " + d + dot
		case columns(d+dot) <= room:
			lines = append(lines, d+dot)
		default:
			lines = append(lines, broken(d, room-len(" ·"))...)
			lines[len(lines)-1] += dot
		}
	}
	return lines
}

// changed writes what changed since an instant.
func (p *printer) changed(c *analysis.Difference, r *analysis.Report) {
	p.blank()
	fmt.Fprintln(p.w, p.paint(bold, "What changed"))
	p.set("  ", "  ", plain(c.Sentence))
	for _, note := range c.Notes {
		p.set("  ", "    ", plain(note))
	}
	for i := range c.Lists {
		p.table(&c.Lists[i], r)
	}
}

// leastFirst is the room below which the first column of a list, which says what a row is about, is no column any more.
const leastFirst = 24

// table writes a list in columns, and nothing of it cut: where the line is too long, what the rows are about goes on in a line below, and where
// that would leave it no room, each row stands one thing under the other.
func (p *printer) table(t *analysis.Table, r *analysis.Report) {
	p.blank()
	p.set("  ", "    ", p.paint(bold, plain(t.Title)))
	rows := [][]string{nil}
	for _, c := range t.Columns {
		rows[0] = append(rows[0], c.Title)
	}
	for _, row := range t.Rows[:min(len(t.Rows), mostPrinted)] {
		rows = append(rows, cells(row, t.Columns, r))
	}
	more := len(t.Rows) - mostPrinted
	widths := make([]int, len(t.Columns))
	for _, row := range rows {
		for i, s := range row {
			widths[i] = max(widths[i], columns(s))
		}
	}
	first := func() int { return p.width - 2 - sum(widths[1:]) - 2*(len(widths)-1) }
	if len(widths) > 5 { // of a list of figures what they rest on and their period say least, and stand last
		for len(widths) > 4 && first() < min(leastFirst, widths[0]) {
			widths = widths[:len(widths)-1]
		}
	}
	if p.width < narrow || first() < min(leastFirst, widths[0]) {
		for _, row := range rows[1:] {
			p.set("  ", "  ", row[0])
			var pieces []string
			for i, s := range row[1:] {
				if s != "" {
					pieces = append(pieces, strings.ToLower(t.Columns[i+1].Title)+": "+s)
				}
			}
			p.under(pieces)
		}
		rows = nil
	}
	widths[0] = min(widths[0], max(first(), 1))
	for k, row := range rows {
		lines := broken(row[0], widths[0])
		line := "  "
		for i, s := range append(lines[:1:1], row[1:len(widths)]...) {
			line += pad(s, widths[i]) + "  "
		}
		line = strings.TrimRight(line, " ")
		if k == 0 {
			line = p.paint(faint, line)
		}
		fmt.Fprintln(p.w, line)
		for _, rest := range lines[1:] {
			fmt.Fprintln(p.w, "    "+rest)
		}
	}
	if more > 0 {
		fmt.Fprintf(p.w, "  and %d more\n", more)
	}
}

// broken is a text in lines of at most so many columns, the further ones two shorter since they hang.
func broken(s string, room int) []string {
	lines := []string{""}
	for _, w := range strings.Fields(s) {
		for {
			last := &lines[len(lines)-1]
			gap, most := 0, room
			if *last != "" {
				gap = 1
			}
			if len(lines) > 1 {
				most -= 2
			}
			if columns(*last)+gap+columns(w) <= most {
				*last += strings.Repeat(" ", gap) + w
				break
			}
			if *last != "" {
				lines = append(lines, "")
				continue
			}
			rs := []rune(w) // a word that has no line of its own
			n := 1
			for n < len(rs) && columns(string(rs[:n+1])) <= most {
				n++
			}
			*last, w = string(rs[:n]), string(rs[n:])
			if w == "" {
				break
			}
			lines = append(lines, "")
		}
	}
	return lines
}

func sum(ns []int) (total int) {
	for _, n := range ns {
		total += n
	}
	return total
}
