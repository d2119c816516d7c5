package site

// What changed since the night before, and since a week ago.

import (
	"io"

	"github.com/firebreak/firebreak/analysis"
)

// changesView is what changes.html is given.
type changesView struct {
	Changes []changeView
	Without []string // what it is not compared with, and why
}

type changeView struct {
	ID, Title, Sentence string
	Notes               []string
	Tables              []tableView
}

// changesTitle says what a comparison is with.
func changesTitle(c *analysis.Difference) string {
	switch c.Name {
	case "night":
		return "Since the night before"
	case "week":
		return "Since a week ago"
	}
	return "Since then"
}

func (b *builder) changes() error {
	v := changesView{Without: b.report.Uncompared}
	for i := range b.report.Changed {
		c := &b.report.Changed[i]
		view := changeView{ID: segment(c.Name), Title: changesTitle(c), Sentence: c.Sentence, Notes: c.Notes}
		for k := range c.Lists {
			l := &c.Lists[k]
			t := tableView{ID: view.ID + "-" + segment(l.Name), Title: l.Title, CSV: root(changesPlace) + changesSheet(c, l)}
			t.Table, t.Cut = b.table(changesPlace, l, mostChanges, false)
			view.Tables = append(view.Tables, t)
		}
		v.Changes = append(v.Changes, view)
	}
	b.index(changesPlace, "What changed", "What is different from the night before, and from a week ago, and why.", "List")
	return b.entry(changesPlace, "home", "What changed", "changes", v, false)
}

// mostChanges is how many rows of a list of changes are on the entry; the CSV has them all.
const mostChanges = 100

func changesSheet(c *analysis.Difference, l *analysis.Table) string {
	return "data/changes/" + segment(c.Name) + "-" + segment(l.Name) + ".csv"
}

// changesCSV puts the lists as sheets.
func (b *builder) changesCSV() {
	for i := range b.report.Changed {
		c := &b.report.Changed[i]
		for k := range c.Lists {
			l := &c.Lists[k]
			b.tree.add(changesSheet(c, l), func(w io.Writer) error { return writeTable(w, l) })
		}
	}
}
