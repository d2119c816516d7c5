package postmortem

// Improvements: the table of what will be done so that the system fails less, or less badly. A list
// of action items is read too, as improvements that nobody has put an owner and a date to yet.

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// State is where an improvement stands. States are permanent ids.
type State string

// The states of an improvement.
const (
	Proposed State = "proposed"
	Chosen   State = "chosen"
	Doing    State = "doing"
	Done     State = "done"
	Declined State = "declined"
)

// States are all states, in the order an improvement goes through them.
func States() []State { return []State{Proposed, Chosen, Doing, Done, Declined} }

// Open says whether something is still to be done.
func (s State) Open() bool { return s != Done && s != Declined }

// Improvement is one thing that will make the system fail less, or less badly.
type Improvement struct {
	ID       string // permanent: the table's own, else the postmortem's id and its place on the page
	What     string
	Question Kind // which of the five it answers; Prose where the page does not say
	Owner    string
	Due      record.Date
	DueAt    record.Instant // the end of that local day; 0 without a date
	Issue    string         // the key of the tracker issue it is linked to
	Link     string         // the address, where the page gives one
	State    State
	Reason   string // why it was declined, or a remark

	Finished   record.Date
	FinishedAt record.Instant // the end of that local day, or when the linked issue was finished
	Linked     bool           // the state is the tracker's (see [Backlog])

	Postmortem string // its id
	File       string
	Line       int
}

// Open says whether it is still to be done, or to be declined with a reason: without one, nobody can tell
// whether anybody decided anything.
func (i *Improvement) Open() bool {
	return i.State.Open() || i.State == Declined && strings.TrimSpace(i.Reason) == ""
}

// Overdue says whether it was still open at as-of although its day was over. It stays so until it is done,
// or declined with a reason.
func (i *Improvement) Overdue(asOf record.Instant) bool {
	return i.Open() && i.DueAt != 0 && i.DueAt < asOf
}

// OnTime says whether it was done by its date.
func (i *Improvement) OnTime() bool {
	return i.State == Done && i.DueAt != 0 && i.FinishedAt != 0 && i.FinishedAt <= i.DueAt
}

// column is what a column of the table means.
type column uint8

const (
	unknownColumn column = iota
	colID
	colWhat
	colQuestion
	colOwner
	colDue
	colIssue
	colState
	colReason
	colFinished
	columns
)

const columnNames = "What, Question, Owner, Date, Issue, State, Reason, Finished"

func columnOf(head string) column {
	switch normal(head) {
	case "id", "no", "nr":
		return colID
	case "what", "improvement", "action", "action item", "task", "description":
		return colWhat
	case "question", "for", "answers", "type":
		return colQuestion
	case "owner", "who", "assignee":
		return colOwner
	case "date", "due", "due date", "by", "by when", "when", "target date":
		return colDue
	case "issue", "ticket", "key", "tracker", "bug":
		return colIssue
	case "state", "status":
		return colState
	case "reason", "reason finished", "note", "notes", "remark", "comment":
		return colReason
	case "finished", "done", "done on", "finished on", "completed":
		return colFinished
	}
	return unknownColumn
}

// improvements reads the tables and lists of the sections of that kind, and tables of the same shape
// below the five questions.
func (p *page) improvements() {
	p.ids = map[string]bool{}
	for i := range p.Sections {
		s := &p.Sections[i]
		if s.Kind != Improvements && !s.Kind.question() {
			continue
		}
		listed := 0
		for _, n := range p.blocks[i] {
			switch n := n.(type) {
			case *east.Table:
				p.improvementTable(n, s.Kind)
			case *ast.List:
				if s.Kind == Improvements {
					p.improvementList(n, &listed)
				}
			}
		}
	}
}

// improvementTable reads one table. Below a question, only a table that names an owner is one of
// improvements.
func (p *page) improvementTable(t *east.Table, under Kind) {
	head := t.FirstChild()
	var cols []column
	var seen [columns]bool
	for n := head.FirstChild(); n != nil; n = n.NextSibling() {
		s, at := cell(n, p.src)
		col := columnOf(words(s))
		if col != unknownColumn && seen[col] {
			p.say(at, "there are two columns for the same thing, %q is the second; it is not read", s)
			col = unknownColumn
		} else if col == unknownColumn && s != "" && under == Improvements {
			hint := strict.DidYouMean(s, "What", "Question", "Owner", "Date", "Issue", "State", "Reason", "Finished")
			if hint == "" {
				hint = "; the columns are " + columnNames
			}
			p.say(at, "improvements have no column %q, so it is not read%s", s, hint)
		}
		seen[col] = true
		cols = append(cols, col)
	}
	if under.question() && (!seen[colWhat] || !seen[colOwner]) {
		return
	}
	if !seen[colWhat] {
		p.say(head.Pos(), "this table of improvements has no column What, so it is not read; the columns are %s", columnNames)
		return
	}
	for _, need := range []struct {
		col  column
		name string
	}{{colOwner, "Owner"}, {colDue, "Date"}} {
		if !seen[need.col] {
			p.hint(head.Pos(), "the improvements have no column %s; an improvement has one owner and one date", need.name)
		}
	}
	for n := head.NextSibling(); n != nil; n = n.NextSibling() {
		p.improvementRow(n, cols, under)
	}
}

// improvementRow reads one row; one that says nothing is an invitation, not an improvement.
func (p *page) improvementRow(row ast.Node, cols []column, under Kind) {
	var text, raw [columns]string
	var at [columns]int // -1: the table has no such column
	for i := range at {
		at[i] = -1
	}
	said := false
	for i, n := 0, row.FirstChild(); n != nil && i < len(cols); i, n = i+1, n.NextSibling() {
		s, off := cell(n, p.src)
		if off < 0 {
			off = row.Pos()
		}
		col := cols[i]
		raw[col], text[col], at[col] = s, words(s), off
		if text[col] == "-" || text[col] == "–" || text[col] == "—" {
			text[col] = ""
		}
		said = said || s != "" && col != unknownColumn
	}
	if !said {
		return
	}
	im := p.newImprovement(text[colID], row.Pos(), at[colID])
	im.What, im.Owner, im.Reason = text[colWhat], text[colOwner], text[colReason]
	im.Question = p.question(text[colQuestion], at[colQuestion], under)
	im.Due = p.date(text[colDue], at[colDue], "date")
	if text[colFinished] != "" {
		im.Finished = p.date(text[colFinished], at[colFinished], "finished date")
	} else if d, err := record.ParseDate(im.Reason); err == nil { // one column for both
		im.Finished, im.Reason = d, ""
	}
	im.State = p.state(text[colState], at[colState], im.Finished != "")
	im.Issue, im.Link = p.issue(text[colIssue], link(raw[colIssue]), at[colIssue])
	im.DueAt, im.FinishedAt = im.Due.End(p.zones.team), im.Finished.End(p.zones.team)
	p.judgeImprovement(&im, row.Pos(), at[colOwner] >= 0, at[colDue] >= 0 && text[colDue] == "")
	p.Improvements = append(p.Improvements, im)
}

// improvementList reads the entries of a list, ticked ones as done.
func (p *page) improvementList(list *ast.List, listed *int) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		head := item.FirstChild()
		if head == nil || blank(head, p.src) || head.Kind() != ast.KindTextBlock && head.Kind() != ast.KindParagraph {
			continue
		}
		source := lines(head, p.src)
		state := Proposed
		if len(source) > 3 && source[0] == '[' && source[2] == ']' && (source[3] == ' ' || source[3] == '\t') {
			switch source[1] {
			case 'x', 'X':
				state = Done
				source = source[3:]
			case ' ':
				source = source[3:]
			}
		}
		if *listed++; *listed == 1 {
			p.hint(head.Pos(), "improvements in a list have no owner and no date; a table with the columns What, Question, Owner, Date, Issue, State gives them both")
		}
		im := p.newImprovement("", head.Pos(), head.Pos())
		im.What, im.State, im.Link = words(source), state, link(source)
		im.Issue = keyOf(im.Link)
		p.Improvements = append(p.Improvements, im)
	}
}

// newImprovement gives the next improvement its id: the table's own, else one by its place.
func (p *page) newImprovement(own string, line, at int) (im Improvement) {
	im = Improvement{Postmortem: p.ID, File: p.File, Line: p.line(line), State: Proposed}
	for n := len(p.Improvements) + 1; im.ID == "" || p.ids[im.ID]; n++ {
		im.ID = fmt.Sprintf("%s-%d", p.ID, n)
	}
	defer func() { p.ids[im.ID] = true }()
	if own == "" {
		return im
	}
	id := slug(own)
	if id == "" {
		p.say(at, "%q cannot be an id; an id has letters, figures and dashes", own)
		return im
	}
	if !strings.HasPrefix(id, p.ID+"-") {
		id = p.ID + "-" + id
	}
	if p.ids[id] {
		p.say(at, "two improvements have the id %q; the second is called %s", own, im.ID)
		return im
	}
	im.ID = id
	return im
}

func (p *page) question(s string, at int, under Kind) Kind {
	if under == Improvements {
		under = Prose
	}
	if s == "" {
		return under
	}
	if k := kindOf(s); k.question() {
		return k
	}
	if k := nearKind(s); k.question() {
		p.say(at, "no question is called %q; did you mean %q?", s, k.Title())
	} else {
		p.say(at, "no question is called %q; the five are Detect, React, Quick fix, Prevent, Other", s)
	}
	return under
}

// date reads a day. Only 2026-03-31 counts; for other spellings the complaint says what to write.
func (p *page) date(s string, at int, what string) record.Date {
	if s == "" {
		return ""
	}
	d, err := record.ParseDate(s)
	if err == nil {
		return d
	}
	var m moment
	if rest, ok := m.scanDay(s); ok && m.year != 0 && rest == "" {
		p.say(at, "%q is not read as a %s; write %04d-%02d-%02d", s, what, m.year, m.month, m.day)
	} else {
		p.say(at, "%q is not a %s; a date reads 2026-03-31", s, what)
	}
	return ""
}

func (p *page) state(s string, at int, finished bool) State {
	name := normal(s)
	for _, st := range States() {
		if name == string(st) {
			return st
		}
	}
	meant := Proposed
	switch name {
	case "":
		if finished {
			return Done
		}
		return Proposed
	case "finished", "closed", "complete", "completed", "fixed", "resolved", "shipped", "yes":
		meant = Done
	case "in progress", "started", "wip", "ongoing", "in review":
		meant = Doing
	case "accepted", "agreed", "planned", "approved", "scheduled":
		meant = Chosen
	case "rejected", "won't do", "won’t do", "wont do", "wontfix", "dropped", "cancelled", "canceled", "no":
		meant = Declined
	case "open", "new", "todo", "to do", "idea", "backlog":
	default:
		hint := strict.DidYouMean(name, string(Proposed), string(Chosen), string(Doing), string(Done), string(Declined))
		if hint == "" {
			hint = "; the states are proposed, chosen, doing, done, declined"
		}
		p.say(at, "no state is called %q, so it counts as proposed%s", s, hint)
		return Proposed
	}
	p.hint(at, "%q is taken for %q; the states are proposed, chosen, doing, done, declined", s, meant)
	return meant
}

// issue is the key in a cell: as written, or out of the address it links to.
func (p *page) issue(text, link string, at int) (key, url string) {
	key = keyOf(text)
	if key == "" {
		key = keyOf(link)
	}
	if key == "" && text != "" {
		p.say(at, "%q is not the key of an issue; a key reads SUP-123 or acme/orders#45", text)
	}
	if strings.Contains(text, "://") {
		link = text
	}
	return key, link
}
