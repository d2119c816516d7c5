package paging

// One incident of ServiceNow as an issue: what differs from one update to the next is its history, and the
// last is its snapshot.

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// issue is an incident's record: its last update is the snapshot.
func (l *incidentLog) issue(in *incident, history bool) record.Issue {
	last := in.updates[len(in.updates)-1]
	is := record.Issue{Ref: record.Ref{Tracker: l.tracker, ID: in.number}, Copies: []record.Copy{l.snapshot(in.number, &last)}}
	if last.opened == 0 {
		l.Doubt(place(&last), "incident %s does not say when it was opened: it will be in no figure", in.number)
	}
	if !history || last.at == 0 {
		return is
	}
	is.HistoryTo = last.at
	if in.updates[0].at < last.opened {
		l.Doubt(place(&in.updates[0]), "incident %s was updated at %s, before it was opened at %s; both are kept", in.number, in.updates[0].at, last.opened)
	}
	least := in.updates[0].mod
	same := 0 // how many updates before have the same instant and number
	for i := range in.updates {
		u := &in.updates[i]
		least = min(least, u.mod)
		if i == 0 {
			continue
		}
		p := &in.updates[i-1]
		if same++; u.at != p.at || u.mod != p.mod {
			same = 0
		}
		switch {
		case same > 0 && u.mod >= 0:
			l.Doubt(place(u), "incident %s has two updates %d of %s that differ; they are taken in the file's order", in.number, u.mod, u.at)
		case u.mod >= 0 && u.mod <= p.mod:
			l.Doubt(place(u), "incident %s: its update %d is of %s, after update %d of %s; the times were followed", in.number, u.mod, u.at, p.mod, p.at)
		}
		is.Changes = l.changes(is.Changes, p, u, same)
	}
	if first := &in.updates[0]; least > 0 && serviceNowCategory(l.words[first.text[statusColumn]]) != record.Todo {
		l.Doubt(place(first), "the log of incident %s begins with update %d: what it was before %s is not known", in.number, first.mod, first.at)
		unknown := *first
		unknown.text[statusColumn] = 0
		is.Changes = slices.Insert(is.Changes, 0, l.changes(nil, &unknown, first, 0)...)
	}
	return is
}

// changes adds what is different after an update. Its ids say which update and which column it is, so that
// the same update in another file makes the same changes.
func (l *incidentLog) changes(list []record.Change, before, after *revision, same int) []record.Change {
	who, had := serviceNowPerson(l.words[after.by]), len(list)
	add := func(column, step int, c record.Change) {
		c.ID = fmt.Sprintf("%d.%d.%03d.%02d%d", int64(after.at), after.mod+1, same, column, step)
		c.At, c.By, c.Field = after.at, who, serviceNowFields[column].field
		list = append(list, c)
	}
	for i, f := range serviceNowFields {
		if f.field == "" || before.text[i] == after.text[i] {
			continue
		}
		c := record.Change{From: l.words[before.text[i]], To: l.words[after.text[i]]}
		if i == assigneeColumn {
			c.FromID, c.ToID = c.From, c.To
		}
		if !f.list {
			add(i, 0, c)
			continue
		}
		if c.From != "" {
			add(i, 0, record.Change{From: c.From, FromID: c.FromID})
		}
		if c.To != "" {
			add(i, 1, record.Change{To: c.To, ToID: c.ToID})
		}
	}
	if len(list) == had && after.at != before.at { // a work note, which no export has, or a column that is not kept
		list = append(list, record.Change{ID: fmt.Sprintf("%d.%d.%03d", int64(after.at), after.mod+1, same), At: after.at, By: who, Field: record.FieldOther})
	}
	return list
}

// snapshot is an incident as an update left it.
func (l *incidentLog) snapshot(number string, u *revision) record.Copy {
	text := func(column int) string { return l.words[u.text[column]] }
	c := record.Copy{
		Parts: l.parts, Updated: u.at, Key: number, Title: text(titleColumn), Text: text(textColumn), Type: text(typeColumn),
		Status:   record.Status{Name: text(statusColumn), Category: serviceNowCategory(text(statusColumn))},
		Priority: text(priorityColumn), Resolution: text(resolutionColumn), Created: u.opened, Closed: u.resolved,
		Reporter: serviceNowPerson(text(callerColumn)),
	}
	if len(c.Text) > record.TextLimit {
		c.Text = c.Text[:record.TextLimit]
		for !utf8.ValidString(c.Text) {
			c.Text = c.Text[:len(c.Text)-1]
		}
	}
	if c.Type == "" && strings.HasPrefix(number, "INC") { // ServiceNow's own prefix of that table, where the export doesn't name the table
		c.Type = "Incident"
	}
	if p := serviceNowPerson(text(assigneeColumn)); p.Known() {
		c.Assignees = []record.Person{p}
	}
	if ci := text(componentColumn); ci != "" {
		c.Components = []string{ci}
	}
	for _, k := range []struct {
		column int
		kind   string
	}{{problemColumn, "problem"}, {changeColumn, "change request"}, {causeColumn, "caused by"}, {parentColumn, "parent"}} {
		if to := text(k.column); to != "" {
			c.Links = append(c.Links, record.Link{Kind: k.kind, To: to})
		}
	}
	for i, f := range serviceNowFields[firstCustom:] {
		if v := text(firstCustom + i); v != "" {
			if c.Fields == nil {
				c.Fields = map[string][]string{}
			}
			c.Fields[strings.TrimPrefix(f.field, record.FieldCustom)] = []string{v}
		}
	}
	return c
}

// serviceNowPerson is a person of whom the export has only the name, or only the account: it is both.
func serviceNowPerson(name string) record.Person { return record.Person{Account: name, Name: name} }
