// Package postmortem reads, checks and drafts the records that people write after an incident, and
// gathers what they decided to improve.
//
// A postmortem is a Markdown file: facts in YAML front matter, then prose. The prose follows five
// questions: Detect (how could we have known sooner?), React (how could the right people have been on
// it sooner?), Quick fix (how could the harm have been stopped sooner?), Prevent (what let it happen?)
// and Other areas of risk (where else?). Around them stand a Summary with what customers noticed, a
// Timeline, and a table of Improvements, each with one owner and one date.
//
// Its words: a [Postmortem] is one page; a [Section] a stretch of it under a heading; an [Event] an
// entry of its timeline; an [Improvement] one row of its table; the backlog is the improvements of all
// pages ([Backlog]).
//
// Its one rule: gentle to authors, strict in what it counts. A page is always readable and always
// published as it stands, whatever is wrong with it; [Read] never fails, and its complaints say what
// would be better. But nothing is guessed into a number: a date that is not a date is no date, and a
// page that is not marked as published is a draft.
//
//	---
//	title: Fax orders stood in a queue nobody watched
//	incidents: [SUP-812]
//	severity: 1
//	services: [fax]
//	started: 2026-03-04 14:05
//	detected: 2026-03-04 16:20
//	resolved: 2026-03-05 02:00 UTC
//	status: published
//	published: 2026-03-09
//	---
//	## Summary
//	…
package postmortem

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// Postmortem is one page, as read.
type Postmortem struct {
	File      string
	ID        string // permanent: part of the page's address
	Title     string
	Incidents []string // keys
	Severity  int      // 1 the worst; 0 where the page does not say
	Services  []string
	Supplier  string // whose part failed, where it was not ours
	Impact    string // what customers noticed, in a line
	Authors   []string
	Artifacts []Artifact

	Draft     bool // not meant to be read by all yet
	Published record.Date
	At        record.Instant // the end of the local day of publication; 0 for a draft

	Started   record.Instant
	Detected  record.Instant
	Mitigated record.Instant
	Resolved  record.Instant

	Events       []Event
	Improvements []Improvement

	// Text is the page as written: valid UTF-8, lines ending in \n, at most SizeLimit bytes. Sections
	// are its Body cut up without a rest: each begins where the one before it ends.
	Text     []byte
	Body     int // where the front matter ends
	Sections []Section

	zone *time.Location
}

// Artifact is something to look at: a graph, a log, a supplier's report.
type Artifact struct {
	Title string
	URL   string
}

// Section is a stretch of a page under one heading, with the deeper headings in it. Start, Body and
// End are byte offsets into the page's Text; Body is behind the heading.
type Section struct {
	Kind  Kind
	Title string // the heading's words; of the preamble, those of the page's own title, if it has one
	Level int    // of the heading; 0 if there is none
	Line  int
	Start int
	Body  int
	End   int
}

// Prose is the Markdown of a section, without its heading.
func (p *Postmortem) Prose(s Section) []byte { return p.Text[s.Body:s.End] }

// Section is the first section of that kind.
func (p *Postmortem) Section(k Kind) (Section, bool) {
	for _, s := range p.Sections {
		if s.Kind == k {
			return s, true
		}
	}
	return Section{}, false
}

// Team is what a reader must know of the team that wrote the page. The zero value is a team in UTC.
type Team struct {
	Zone   *time.Location // of times without one, and of days
	Names  []string       // the members, in full, for the hint about names beside causes
	Levels int            // the mildest severity the policy knows; 0 checks none
}

// Read reads a page. It never fails: what it returns is what could be understood, with all of the
// text, and the complaints are in the order of the page.
func Read(file string, text []byte, team Team) (*Postmortem, []strict.Complaint) {
	if team.Zone == nil {
		team.Zone = time.UTC
	}
	p := &page{Postmortem: &Postmortem{File: file, Draft: true, zone: team.Zone}, team: team, zones: zones{team: team.Zone}}
	p.clean(text)
	p.frontMatter()
	p.body()
	p.timeline()
	p.improvements()
	p.lint()
	return p.Postmortem, strict.Sort(p.complaints)
}

// page is a page while it is being read.
type page struct {
	*Postmortem
	team       Team
	zones      zones
	src        []byte          // Text with the front matter blanked out, so that places agree
	blocks     [][]ast.Node    // the top-level blocks of each section, without its heading
	rows       []int           // where the lines of Text begin
	ids        map[string]bool // of improvements
	complaints []strict.Complaint
}

// say complains of something that could not be read as it was meant.
func (p *page) say(at int, format string, args ...any) { p.complain(at, false, format, args...) }

// hint says what would be better; the page is understood without.
func (p *page) hint(at int, format string, args ...any) { p.complain(at, true, format, args...) }

func (p *page) complain(at int, warning bool, format string, args ...any) {
	at = max(0, min(at, len(p.Text)))
	start := lineStart(p.Text, at)
	p.complaints = append(p.complaints, strict.Complaint{
		File: p.File, Line: p.line(at), Col: utf8.RuneCount(p.Text[start:at]) + 1,
		What: fmt.Sprintf(format, args...), Warning: warning,
	})
}

// line is the number of the line that holds an offset, from 1.
func (p *page) line(at int) int {
	n, found := slices.BinarySearch(p.rows, at)
	if found {
		n++
	}
	return max(n, 1)
}

// clean makes the text what Text promises.
func (p *page) clean(text []byte) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	size := len(text)
	if size > SizeLimit {
		cut := bytes.LastIndexByte(text[:SizeLimit], '\n') + 1
		for cut == 0 || cut > SizeLimit { // one line of 256 KB
			cut = SizeLimit
			for cut > SizeLimit-utf8.UTFMax && !utf8.RuneStart(text[cut]) {
				cut--
			}
		}
		text = text[:cut]
	}
	if bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	p.Text = bytes.Clone(text)
	p.number()
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		bad := 0
		for bad < len(text) && text[bad] != 0 {
			r, n := utf8.DecodeRune(text[bad:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			bad += n
		}
		p.Text = bytes.ReplaceAll(bytes.ToValidUTF8(text, []byte("\ufffd")), []byte{0}, []byte("\ufffd"))
		p.number()
		p.say(bad, "this is not UTF-8; save the file as UTF-8. What cannot be read is shown as \ufffd")
	}
	if size > SizeLimit {
		p.say(len(p.Text), "the page has %d KB; only the first %d KB are read and shown. Move logs and exports to files of their own and link them under artifacts", size>>10, SizeLimit>>10)
	}
	if len(bytes.TrimSpace(p.Text)) == 0 {
		p.say(0, "the page is empty; `firebreak new postmortem` writes one to start from")
	}
}

// number finds the lines.
func (p *page) number() {
	p.rows = append(make([]int, 0, 1+bytes.Count(p.Text, []byte("\n"))), 0)
	for i, b := range p.Text {
		if b == '\n' {
			p.rows = append(p.rows, i+1)
		}
	}
}

// body cuts the page into sections.
func (p *page) body() {
	p.src = bytes.Clone(p.Text)
	for i, b := range p.src[:p.Body] {
		if b != '\n' {
			p.src[i] = ' '
		}
	}
	doc, over := blocks(p.src)
	for _, at := range over {
		p.say(at, "this table is larger than %d columns or %d cells, so it stays text; link the data as a file under artifacts", ColumnLimit, cellLimit)
	}
	p.Sections = []Section{{Kind: Preamble, Line: p.line(p.Body), Start: p.Body, Body: p.Body}}
	p.blocks = [][]ast.Node{nil}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		last := &p.Sections[len(p.Sections)-1]
		if !ok {
			p.blocks[len(p.blocks)-1] = append(p.blocks[len(p.blocks)-1], n)
			continue
		}
		title := words(lines(h, p.src))
		kind := kindOf(title)
		start := lineStart(p.src, h.Pos())
		switch {
		case len(p.Sections) == 1 && last.Level == 0 && h.Level == 1 && kind == Prose && len(p.blocks[0]) == 0:
			last.Title, last.Level, last.Body = title, 1, headingEnd(p.src, h, start)
		case h.Level <= 2, h.Level <= last.Level, kind != Prose && (last.Kind == Prose || last.Kind == Preamble):
			last.End = start
			p.Sections = append(p.Sections, Section{Kind: kind, Title: title, Level: h.Level, Line: p.line(start), Start: start, Body: headingEnd(p.src, h, start)})
			p.blocks = append(p.blocks, nil)
		default:
			p.blocks[len(p.blocks)-1] = append(p.blocks[len(p.blocks)-1], n)
		}
	}
	p.Sections[len(p.Sections)-1].End = len(p.Text)
	for _, s := range p.Sections {
		if p.Title == "" && s.Level == 1 && (s.Kind == Preamble || s.Kind == Prose) {
			p.Title = s.Title
		}
	}
	if p.Title == "" {
		p.Title = strings.ReplaceAll(p.ID, "-", " ")
		p.hint(p.Body, "the page has no title; write title: in the front matter")
	}
}

// headingEnd is the start of the line after a heading: after its underline, where it has one.
func headingEnd(src []byte, h *ast.Heading, start int) int {
	end := lineEnd(src, start)
	if n := h.Lines().Len(); n > 0 {
		end = lineEnd(src, max(start, h.Lines().At(n-1).Start))
	}
	mark := bytes.TrimLeft(src[start:end], " \t")
	hashes := len(mark) - len(bytes.TrimLeft(mark, "#"))
	if hashes == h.Level && (len(mark) == hashes || bytes.IndexByte([]byte(" \t\n"), mark[hashes]) >= 0) {
		return end
	}
	return lineEnd(src, end)
}

// many is "1 entry", "3 entries".
func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
