package site

// Lists of items: everything open, the most pressing first, and every incident.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// mostOfKind is how many items one list of the items entry holds.
const mostOfKind = 200

// itemLists puts the list of all open items, by where their promises stand.
func (b *builder) itemLists() error {
	kinds := []struct {
		id, title string
		holds     func(*analysis.Item) bool
		rows      []analysis.Row
	}{
		{id: "late", title: "Late", holds: func(it *analysis.Item) bool { return standing(it) == analysis.Missed }},
		{id: "due", title: "Due next", holds: func(it *analysis.Item) bool { return standing(it) == analysis.Running }},
		{id: "paused", title: "Paused", holds: func(it *analysis.Item) bool { return standing(it) == analysis.Stopped }},
		{id: "other", title: "Open, without a promise that runs", holds: func(*analysis.Item) bool { return true }},
	}
	open := 0
	for _, it := range b.report.Items {
		if !it.Open() {
			continue
		}
		open++
		for k := range kinds {
			if kinds[k].holds(it) {
				kinds[k].rows = append(kinds[k].rows, analysis.Row{Item: it})
				break
			}
		}
	}
	v := listView{
		Title: "Items", Standfirst: fmt.Sprintf("%s open of %d known, the most pressing first.", count(open, "item is", "items are"), len(b.report.Items)),
		Note: "Every item, open or not, is in the table data/items.csv; each class of service has a list of its own.",
	}
	for _, k := range kinds {
		if len(k.rows) == 0 {
			continue
		}
		slices.SortStableFunc(k.rows, mostUrgent)
		t := tableView{ID: k.id, Title: fmt.Sprintf("%s: %d", k.title, len(k.rows)), CSV: root(itemsPlace) + "data/items.csv"}
		t.Table, t.Cut = b.rowsTable(itemsPlace, k.title, k.rows, "", mostOfKind)
		v.Tables = append(v.Tables, t)
		v.Jump = append(v.Jump, navView{Title: fmt.Sprintf("%s (%d)", k.title, len(k.rows)), Href: "#" + k.id})
	}
	b.index(itemsPlace, "Items", "Everything open: late, due next, paused.", "List")
	return b.entry(itemsPlace, "items", "Items", "list", v, false)
}

// standing is where the promise stands that presses most: an open item's response, until it is given.
func standing(it *analysis.Item) analysis.Outcome {
	for _, o := range []analysis.Outcome{analysis.Missed, analysis.Running, analysis.Stopped} {
		if it.Resolve.Outcome == o || it.Respond.Outcome == o && it.Responded == 0 {
			return o
		}
	}
	return it.Resolve.Outcome
}

// mostUrgent orders items by what is due first; what is due never comes last, by age.
func mostUrgent(x, y analysis.Row) int {
	return cmp.Or(cmp.Compare(pressing(x.Item), pressing(y.Item)), cmp.Compare(x.Item.Created, y.Item.Created))
}

// pressing is the earliest instant at which something of the item is due.
func pressing(it *analysis.Item) record.Instant {
	const never = record.Instant(1<<63 - 1)
	at := never
	if o := it.Respond.Outcome; o == analysis.Running || o == analysis.Missed && it.Responded == 0 {
		at = cmp.Or(it.Respond.Due, never)
	}
	if o := it.Resolve.Outcome; (o == analysis.Running || o == analysis.Missed) && it.Resolve.Due != 0 {
		at = min(at, it.Resolve.Due)
	}
	return at
}

// incidentEntries puts an entry for whatever ever was an incident, and the list of them.
func (b *builder) incidentEntries() error {
	var all []*analysis.Item
	for _, it := range b.report.Items {
		if place, ok := b.incidents[it]; ok {
			all = append(all, it)
			if err := b.story(place, "incidents", it); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(all, func(x, y *analysis.Item) int { return cmp.Compare(y.Created, x.Created) })
	v := listView{Title: "Incidents", Standfirst: "Whatever is an incident, or was one for a while, the newest first."}
	switch {
	case len(all) > 0:
		t := tableView{ID: "incidents", Title: count(len(all), "incident", "incidents"), Table: b.incidentTable(incidentsPlace, "Incidents", all[:min(mostRows, len(all))]), CSV: root(incidentsPlace) + "data/items.csv"}
		if len(all) > mostRows {
			t.Cut = fmt.Sprintf("The newest %d of %d; all items are in the CSV.", mostRows, len(all))
		}
		v.Tables = []tableView{t}
	case !b.knowsFires():
		v.Note = "No class of the policy is of kind incident, so nothing can be one."
	case !b.tracked():
		v.Note = "No issue of a tracker has been read."
	default:
		v.Note = "There has been none so far."
	}
	b.index(incidentsPlace, "Incidents", "Whatever is or was an incident.", "List")
	return b.entry(incidentsPlace, "incidents", "Incidents", "list", v, false)
}

// incidentTable writes incidents, each with its postmortems.
func (b *builder) incidentTable(place, label string, items []*analysis.Item) template.HTML {
	s := b.sheet(place)
	s.list(label, "Incident", "Began", "Severity", "Stage", "Promise", "Postmortem")
	for _, it := range items {
		s.raw(`<tr><th scope="row">`)
		b.fireLink(s, it)
		s.raw(" ").title(short(it.Title, 140)).raw("</th><td>").moment(it.Created).raw("</td><td>")
		b.severityTag(s, it.Severity())
		s.raw("</td><td>")
		b.stageTag(s, it.Stage())
		s.raw("</td><td>")
		b.promise(s, it)
		s.raw("</td><td>")
		for i, p := range b.told[it] {
			if i > 0 {
				s.raw(", ")
			}
			s.raw(`<a href="`, s.root).text(postmortemPlace(p.ID)).raw(`">`).text(short(p.Title, 60)).raw("</a>")
		}
		s.raw("</td></tr>\n")
	}
	return s.end().html()
}
