package site

// Classes of service: what each promises, how it is kept, and what is open in it.

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// classView is what class.html is given.
type classView struct {
	Title  string
	Slot   string
	About  string
	Facts  []factView
	Tables []tableView
}

// factView is a name and what it is, as the lists of facts show it.
type factView struct {
	Name  string
	Value template.HTML
}

func fact(name, value string) factView {
	return factView{name, template.HTML(appendText(nil, value))}
}

// listView is what list.html is given.
type listView struct {
	Title      string
	Standfirst string
	Jump       []navView
	Tables     []tableView
	Note       string
	Calendar   *calendarView
}

func (b *builder) classes() error {
	open := map[*analysis.Class][]analysis.Row{}
	for _, it := range b.report.Items {
		if it.Open() {
			open[it.Class()] = append(open[it.Class()], analysis.Row{Item: it})
		}
	}
	s := b.sheet(classesPlace)
	s.list("Classes of service", "Class", "Respond", "Resolve", ">Limit", ">Open")
	for _, c := range b.allClasses() {
		place := classPlace(c)
		if err := b.class(place, c, open[c]); err != nil {
			return err
		}
		s.raw(`<tr><th scope="row"><span class="chip slot-`, b.palette.Class(c), `" aria-hidden="true"></span> <a href="`, s.root).text(place).raw(`">`).text(c.Title()).raw("</a>")
		if c != nil && c.About != "" {
			s.raw(`<br><span class="detail">`).text(c.About).raw("</span>")
		}
		s.raw("</th>")
		for _, said := range []struct{ head, class, text string }{{"Respond", "", b.target(c, true)}, {"Resolve", "", b.target(c, false)}, {"Limit", "n", b.limit(c)}, {"Open", "n", fmt.Sprint(len(open[c]))}} {
			s.raw("<td")
			if said.class != "" {
				s.raw(` class="`, said.class, `"`)
			}
			if said.text != "" { // an empty cell is not there on a phone
				s.raw(` data-head="`, said.head, `"`)
			}
			s.raw(">").text(said.text).raw("</td>")
		}
		s.raw("</tr>\n")
	}
	b.index(classesPlace, "Classes of service", "What each class promises.", "List")
	return b.entry(classesPlace, "classes", "Classes of service", "list", listView{
		Title: "Classes of service", Standfirst: "Rules are tried in this order; the first that holds takes the item.",
		Tables: []tableView{{ID: "classes", Title: "All classes", Table: s.end().html()}},
	}, false)
}

// class puts the entry of one class; nil is Unclassified.
func (b *builder) class(place string, c *analysis.Class, open []analysis.Row) error {
	v := classView{Title: c.Title(), Slot: b.palette.Class(c)}
	if c == nil {
		v.About = "What no class’s rule takes is here: shown and counted, never dropped. The policy may need another rule, or the tracker a correction."
	} else {
		v.About = c.About
		v.Facts = []factView{fact("Kind of work", kindName(c.Kind)), fact("Respond", cmp.Or(b.target(c, true), "no promise")), fact("Resolve", cmp.Or(b.target(c, false), "no promise"))}
		if l := b.limit(c); l != "" {
			v.Facts = append(v.Facts, fact("In progress at once", "at most "+l))
		}
		v.Facts = append(v.Facts, factView{"Rule", template.HTML("<code>" + string(appendText(nil, ruleText(c.When.At(b.report.AsOf)))) + "</code>")})
	}
	if t, ok := b.partsOf(place, "class", c.ClassID()); ok {
		v.Tables = append(v.Tables, t)
	}
	slices.SortStableFunc(open, mostUrgent)
	t := tableView{ID: "open", Title: "Open: " + count(len(open), "item", "items"), CSV: root(place) + "data/items.csv"}
	t.Table, t.Cut = b.rowsTable(place, t.Title, open, "", mostRows)
	if len(open) == 0 {
		t.Table, t.CSV = `<p class="quiet">Nothing is open in this class.</p>`, ""
	}
	v.Tables = append(v.Tables, t)
	b.index(place, c.Title(), v.About, "Class")
	return b.entry(place, "classes", c.Title(), "class", v, false)
}

// partsOf gathers, over all figures, the answers about one class, severity or stage.
func (b *builder) partsOf(place, group, name string) (tableView, bool) {
	s := b.sheet(place)
	s.list("In numbers", "Question", ">Value", "Rests on")
	any := false
	for i := range b.report.Figures {
		f := &b.report.Figures[i]
		for _, p := range f.Parts {
			if p.Group != group || p.Name != name {
				continue
			}
			any = true
			s.raw(`<tr><th scope="row"><a href="`, s.root).text(metricPlace(f.Name)).raw(`">`).text(f.Title).raw(`</a></th><td class="n `, p.Good.String(), `">`)
			s.text(b.value(p.Value)).raw("</td><td>").text(p.Value.Detail()).raw("</td></tr>\n")
		}
	}
	return tableView{ID: "numbers", Title: "In numbers", Table: s.end().html()}, any
}

// target is what a class promises now, as the policy writes it.
func (b *builder) target(c *analysis.Class, respond bool) string {
	if c == nil {
		return ""
	}
	v := c.Resolve
	if respond {
		v = c.Respond
	}
	return v.At(b.report.AsOf).Text
}

func (b *builder) limit(c *analysis.Class) string {
	if c == nil {
		return ""
	}
	if n := c.Limit.At(b.report.AsOf); n > 0 {
		return fmt.Sprint(n)
	}
	return ""
}

func kindName(k analysis.Kind) string {
	if k == analysis.Unknown {
		return "unclassified"
	}
	if k.Support() {
		return string(k) + ", which is support"
	}
	return string(k)
}

func ruleText(r *analysis.Rule) string {
	if r == nil {
		return ""
	}
	return strings.Join(strings.Fields(r.Text), " ")
}
