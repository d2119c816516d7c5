package triage

// Writing a week's file: the lines of the old text that need no change are taken over letter by letter,
// with the comments around them.

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// Write is the text of a week. What people wrote into the old text, nil for none, stays as they wrote
// it: head, comments, quoting, verdicts and notes; a line whose facts changed gets them. Where the old
// text is laid out in a way that no line can be put into, such as a list in brackets, it is written
// anew, under the comments it had. An old text with mistakes in it is for people to mend first: its
// caller refuses it.
func Write(w *Week, old []byte) []byte {
	old = bytes.TrimPrefix(old, []byte("\ufeff"))
	text := bytes.ReplaceAll(old, []byte("\r\n"), []byte("\n"))
	out, ok := splice(w, text)
	if !ok || !w.is(out) {
		out = fresh(w, text)
	}
	if len(text) < len(old) {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	return out
}

// is says whether a text tells this week.
func (w *Week) is(text []byte) bool {
	got, complaints := Read(w.Week+Ext, text, w.Zone)
	if strict.Failed(complaints) || got == nil || len(got.Lines) != len(w.Lines) {
		return false
	}
	for i := range w.Lines {
		if !same(&w.Lines[i], &got.Lines[i], w) {
			return false
		}
	}
	return true
}

// same says whether two lines are written alike.
func same(a, b *Line, w *Week) bool {
	return a.Verdict == b.Verdict && a.Note == b.Note && facts(a, w.Zone) == facts(b, w.Zone)
}

// block is a line of the old text with everything around it up to the next.
type block struct {
	line  Line
	above []string // the comments right above it
	text  []string
}

// splice puts the lines into the old text; false where it has no lines, or not one under the other.
func splice(w *Week, old []byte) ([]byte, bool) {
	head, blocks := cut(w, old)
	if len(blocks) == 0 {
		return nil, false
	}
	left := map[record.Ref]*block{}
	for i := range blocks {
		left[blocks[i].line.Page] = &blocks[i]
	}
	var lines []block
	for i := range w.Lines {
		l := &w.Lines[i]
		b := block{text: append(render(l, w), "")}
		if o := left[l.Page]; o != nil {
			delete(left, l.Page)
			b.above, b.text = o.above, o.with(l, w)
		}
		lines = append(lines, b)
	}
	out := head
	for i := range blocks { // comments outlive the line they were written to
		if b := &blocks[i]; left[b.line.Page] != nil {
			out = append(out, comments(slices.Concat(b.above, b.text))...)
		}
	}
	if len(lines) == 0 {
		i := slices.Index(out, "pages:")
		if i < 0 {
			return nil, false
		}
		out[i] = "pages: []"
	}
	for i, b := range lines {
		if i > 0 && out[len(out)-1] != "" && b.text[len(b.text)-1] == "" {
			out = append(out, "")
		}
		out = append(append(out, b.above...), b.text...)
	}
	return finish(out), true
}

// cut takes the old text apart; no blocks where that cannot be done by lines.
func cut(w *Week, old []byte) (head []string, blocks []block) {
	text := strings.Split(strings.TrimRight(string(old), "\n"), "\n")
	text = append(text, "")
	var rows []int // of the line each begins in, from 0
	for _, n := range pages(strict.Read("", old)) {
		l, ok := line(n, w.Zone)
		row, col := n.Place()
		if !ok || row < 1 || row > len(text) || strings.Trim(string([]rune(text[row-1])[:col-1]), " ") != "-" || len(rows) > 0 && rows[len(rows)-1] >= row-1 {
			return nil, nil
		}
		rows, blocks = append(rows, row-1), append(blocks, block{line: l})
	}
	end := len(text)
	for i := len(blocks) - 1; i >= 0; i-- {
		b := &blocks[i]
		b.text = text[rows[i]:end]
		first := 0
		if i > 0 {
			first = rows[i-1] + 1
		}
		end = rows[i]
		for end > first && isComment(text[end-1]) {
			end--
		}
		b.above = text[end:rows[i]]
	}
	return slices.Clone(text[:end]), blocks
}

// with is the block with the facts of a line: as it stands, with another first line, or written anew.
func (b *block) with(l *Line, w *Week) []string {
	if same(l, &b.line, w) {
		return b.text
	}
	if l.Verdict == b.line.Verdict && l.Note == b.line.Note {
		before, after, ok := strings.Cut(b.text[0], "page: "+facts(&b.line, w.Zone))
		if ok && (strings.TrimSpace(after) == "" || strings.HasPrefix(after, " #")) {
			return append([]string{before + "page: " + facts(l, w.Zone) + after}, b.text[1:]...)
		}
	}
	return slices.Concat(comments(b.text), render(l, w), []string{""})
}

func isComment(s string) bool { return strings.HasPrefix(strings.TrimLeft(s, " "), "#") }

func comments(text []string) []string {
	var cs []string
	for _, s := range text {
		if isComment(s) {
			cs = append(cs, s)
		}
	}
	return cs
}

// fresh is the week written from nothing, under the comments of the old text if it had any.
func fresh(w *Week, old []byte) []byte {
	out := comments(strings.Split(string(old), "\n"))
	if out == nil {
		out = head(w)
	}
	if len(w.Lines) == 0 {
		return finish(append(out, "pages: []"))
	}
	out = append(out, "pages:")
	for i := range w.Lines {
		out = append(append(out, render(&w.Lines[i], w)...), "")
	}
	return finish(out)
}

func finish(lines []string) []byte {
	return []byte(strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n")
}

// head tells a person what to do with the file.
func head(w *Week) []string {
	first, _ := monday(w.Week)
	last := first.AddDate(0, 0, 6)
	out := []string{
		fmt.Sprintf("# The pages of %s, from %s to %s, in the time of %s.", w.Week, first.Format("Monday 2 January"), last.Format("Sunday 2 January 2006"), w.Zone),
		"# Did it need a person? Put one of these words behind verdict:, and a note for the next one on call",
		"# (in quotes where it has a colon or a # in it).",
		"#",
	}
	side := map[bool]string{true: "somebody acted", false: "nobody had to"}
	told := map[bool]bool{}
	for _, k := range Verdicts {
		label := ""
		if !told[k.Action] {
			label, told[k.Action] = side[k.Action], true
		}
		out = append(out, fmt.Sprintf("#   %-16s %-16s %s", label, k.ID, k.About))
	}
	return append(out, "#",
		fmt.Sprintf("# `firebreak triage --week %s` adds what is new and leaves alone what people wrote.", w.Week))
}

// render is one line as it is written at first.
func render(l *Line, w *Week) []string {
	field := func(key, value string) string {
		if value == "" {
			return "    " + key + ":"
		}
		return "    " + key + ": " + scalar(value)
	}
	return []string{"  - page: " + facts(l, w.Zone), field("verdict", string(l.Verdict)), field("note", l.Note)}
}
