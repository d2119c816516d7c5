package main

// How the doctor's findings are set: short lines, aligned, for a terminal and a log alike.

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
	"golang.org/x/text/width"

	"github.com/firebreak/firebreak/collectors/live"
)

// sheet is what the doctor writes on.
type sheet struct {
	w     io.Writer
	width int
}

// newSheet is as wide as a terminal, but not wider than reads well; elsewhere 80 columns.
func newSheet(w io.Writer) *sheet {
	s := &sheet{w, 80}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.width = min(max(width, 40), 100)
		}
	}
	return s
}

func (s *sheet) line(format string, args ...any) {
	s.set("", "  ", fmt.Sprintf(format, args...))
}

func (s *sheet) blank() { fmt.Fprintln(s.w) }

// set writes a text after a lead, and breaks it so that its further lines hang below.
func (s *sheet) set(lead, hang, text string) { s.flow(lead, hang, strings.Fields(text)) }

// flow sets pieces that are not broken themselves.
func (s *sheet) flow(lead, hang string, pieces []string) {
	at := columns(lead)
	line := lead
	empty := true
	for _, w := range pieces {
		n := columns(w)
		if !empty && at+1+n > s.width {
			fmt.Fprintln(s.w, strings.TrimRight(line, " "))
			line, at, empty = hang, columns(hang), true
		}
		if !empty {
			line, at = line+" ", at+1
		}
		line, at, empty = line+w, at+n, false
	}
	fmt.Fprintln(s.w, strings.TrimRight(line, " "))
}

func (s *sheet) title(name, what string) {
	s.set("", "  ", plain(name)+" · "+plain(what))
	s.blank()
}

// whatWidth is the column that says what was checked, and leastFound the room that what was found wants
// beside it; with less it stands below.
const (
	whatWidth  = 34
	leastFound = 24
)

// checks are the things that must hold.
func (s *sheet) checks(cs []live.Check) {
	column := 0
	for _, c := range cs {
		if n := utf8.RuneCountInString(c.What); n <= whatWidth && (c.Wrong == "" || c.Found != "") {
			column = max(column, n)
		}
	}
	if 4+column+3+leastFound > s.width {
		column = 0
	}
	for _, c := range cs {
		mark := "✓"
		switch {
		case c.Wrong != "" && c.Grave:
			mark = "✗"
		case c.Wrong != "":
			mark = "!"
		}
		lead := "  " + mark + " "
		what, found := plain(c.What), plain(c.Found)
		n := utf8.RuneCountInString(what)
		switch {
		case found == "":
			s.set(lead, "    ", what)
		case n > column && 4+n+3+utf8.RuneCountInString(found) <= s.width:
			s.set(lead+what+"   ", "      ", found)
		case n > column:
			s.set(lead, "    ", what)
			s.set("      ", "      ", found)
		default:
			s.set(lead+what+strings.Repeat(" ", column-n+3), strings.Repeat(" ", 4+column+3), found)
		}
		if c.Wrong != "" {
			s.set("      ", "      ", plain(c.Wrong))
		}
		if c.Remedy != "" {
			s.set("    → ", "      ", plain(c.Remedy))
		}
	}
}

func (s *sheet) notes(ns []string) {
	for _, n := range ns {
		s.set("  · ", "    ", plain(n))
	}
}

// has is what the service has.
func (s *sheet) has(v live.Survey) {
	var statuses []string
	for _, st := range v.Statuses {
		if !slices.Contains(statuses, st.Name) { // of one name there may be two, by their ids or categories
			statuses = append(statuses, st.Name)
		}
	}
	rows := []struct {
		what  string
		words []string
		told  bool
		most  int
	}{
		{"statuses", statuses, v.Statuses != nil, 60},
		{"priorities", v.Priorities, v.Priorities != nil, 30},
		{"types", v.Types, v.Types != nil, 40},
		{"labels", v.Labels, v.Labels != nil, 15},
		{"services", v.Services, v.Services != nil, 40},
	}
	first := true
	gap := func() {
		if first {
			s.blank()
			first = false
		}
	}
	for _, r := range rows {
		if r.told {
			gap()
			s.words(fmt.Sprintf("  %-12s", r.what), strings.Repeat(" ", 14), r.words, r.most)
		}
	}
	if v.Fields != nil {
		gap()
		s.fields(v.Fields)
	}
}

// fieldsShown is how many custom fields are listed; sites have hundreds, and those that matter are first.
const fieldsShown = 20

// fields are the custom fields, those that are read or should be before the others.
func (s *sheet) fields(all []live.Field) {
	lead := fmt.Sprintf("  %-12s", "fields")
	if len(all) == 0 {
		s.set(lead, lead, "none")
		return
	}
	fs := slices.Clone(all)
	rank := func(f live.Field) int {
		switch {
		case f.Asked:
			return 0
		case f.Hint != "":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(fs, func(a, b live.Field) int { return rank(a) - rank(b) })
	more := len(fs) - fieldsShown
	if more > 0 {
		fs = fs[:fieldsShown]
	}
	name, id := 0, 0
	for _, f := range fs {
		name = min(max(name, utf8.RuneCountInString(plain(f.Name))), 28)
		id = min(max(id, utf8.RuneCountInString(plain(f.ID))), 20)
	}
	for _, f := range fs {
		about := f.Hint
		if about == "" || f.Name == f.Hint {
			about = f.Kind
		}
		if f.Asked {
			about = strings.TrimPrefix(about+", read", ", ")
		}
		line := lead + pad(plain(f.Name), name) + "  " + pad(plain(f.ID), id) + "  " + plain(about)
		fmt.Fprintln(s.w, strings.TrimRight(line, " "))
		lead = strings.Repeat(" ", 14)
	}
	if more > 0 {
		fmt.Fprintf(s.w, "%sand %d more\n", lead, more)
	}
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-columns(s), 0))
}

// columns is how much room a text takes on a terminal: letters of East Asian scripts take two columns, marks
// on a letter none.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			n++
		case unicode.In(r, unicode.Mn, unicode.Me):
		default:
			n++
			if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
				n++
			}
		}
	}
	return n
}

// words are set as a list, each on one line with its own blanks as long as a line holds it; of too many, the first.
func (s *sheet) words(lead, hang string, words []string, most int) {
	if len(words) == 0 {
		s.set(lead, hang, "none")
		return
	}
	shown := words[:min(len(words), most)]
	pieces := make([]string, 0, len(shown)+1)
	for i, w := range shown {
		w = plain(w)
		if i < len(shown)-1 {
			w += ","
		}
		if columns(hang)+columns(w) > s.width { // it has no line of its own
			pieces = append(pieces, strings.Fields(w)...)
			continue
		}
		pieces = append(pieces, w)
	}
	if rest := len(words) - len(shown); rest > 0 {
		pieces = append(pieces, fmt.Sprintf("and %d more", rest))
	}
	s.flow(lead, hang, pieces)
}

// unknown is what the policy does not know.
func (s *sheet) unknown(fs []finding) {
	if len(fs) == 0 {
		return
	}
	s.blank()
	s.set("  ", "  ", "The policy does not name")
	for _, f := range fs {
		s.words("    "+plain(f.what)+": ", "      ", f.words, 40)
		s.set("      → ", "        ", plain(f.so))
	}
}

// paste is a block of lines for a file.
func (s *sheet) paste(file, where string, lines []string) {
	s.set("", "  ", fmt.Sprintf("To paste into %s, under %s", file, where))
	s.blank()
	for _, l := range lines {
		fmt.Fprintln(s.w, l)
	}
	s.blank()
}

// plain is a text of a tracker's that can be shown on a terminal: in one line, and without what would
// move the cursor or turn the writing around. What shows nothing and moves nothing, such as a zero-width space
// that was pasted into a title, is left out.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r == '\u200b', r == '\u200c', r == '\u200d', r == '\u2060', r == '\ufeff', r == '\u00ad':
			return -1
		case unprintable(r):
			return '\ufffd'
		}
		return r
	}, s)
}

// unprintable are the characters that do something instead of showing.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
