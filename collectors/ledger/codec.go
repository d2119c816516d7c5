// How each kind of record is written into a body, and read back.
//
// What is written here stays readable for ever: a field is added at the end of its record, version is
// raised by one, and the reader asks for the field only where the body's version has it.
// TestOldBodiesStayReadable keeps a body of every version there ever was.

package ledger

import (
	"maps"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// version is the first byte of the bodies written now. Of the versions there were, 2 added when an issue
// was last seen and the tracker's own SLA clocks, 3 who raised a page and its events, 4 what copies of a page told apart from it, 5 when the tracker's releases are planned, and 6 when each copy of an issue
// was seen.
const version = 6

func (e *encoder) person(p record.Person) {
	e.word(p.Account)
	e.word(p.Name)
	e.bool(p.Bot)
}

func (d *decoder) person() record.Person {
	return record.Person{Account: d.word(), Name: d.word(), Bot: d.bool()}
}

func (e *encoder) people(list []record.Person) {
	e.uint(uint64(len(list)))
	for _, p := range list {
		e.person(p)
	}
}

func (d *decoder) people() []record.Person { return list(d, 3, (*decoder).person) }

func (e *encoder) ref(r record.Ref) {
	e.word(r.Tracker)
	e.text(r.ID)
}

func (d *decoder) ref() record.Ref { return record.Ref{Tracker: d.word(), ID: d.text()} }

func (e *encoder) issue(is *record.Issue) {
	e.ref(is.Ref)
	e.wordList(is.Aliases)
	e.uint(uint64(len(is.Copies)))
	for i := range is.Copies {
		e.copy(&is.Copies[i])
	}
	e.uint(uint64(len(is.Changes)))
	for i := range is.Changes {
		c := &is.Changes[i]
		e.text(c.ID)
		e.instant(c.At)
		e.person(c.By)
		e.word(c.Field)
		e.word(c.From)
		e.word(c.To)
		e.word(c.FromID)
		e.word(c.ToID)
	}
	e.instant(is.HistoryTo)
	e.uint(uint64(len(is.Comments)))
	for i := range is.Comments {
		c := &is.Comments[i]
		e.text(c.ID)
		e.instant(c.At)
		e.person(c.By)
		e.bool(c.Private)
	}
	e.instant(is.CommentsTo)
	e.uint(uint64(len(is.Worklogs)))
	for i := range is.Worklogs {
		w := &is.Worklogs[i]
		e.text(w.ID)
		e.instant(w.Started)
		e.int(w.Seconds)
		e.person(w.By)
	}
	e.instant(is.WorklogsTo)
	e.instant(is.Gone)
	e.instant(is.Seen)
	for i := range is.Copies {
		e.instant(is.Copies[i].Seen) // a byte where it is the issue's, as it mostly is
	}
}

func (d *decoder) issue() record.Issue {
	is := record.Issue{
		Ref:     d.ref(),
		Aliases: d.wordList(),
		Copies:  list(d, 30, (*decoder).copy),
		Changes: list(d, 10, func(d *decoder) record.Change {
			return record.Change{ID: d.id(), At: d.instant(), By: d.person(), Field: d.word(),
				From: d.word(), To: d.word(), FromID: d.word(), ToID: d.word()}
		}),
		HistoryTo: d.instant(),
		Comments: list(d, 6, func(d *decoder) record.Comment {
			return record.Comment{ID: d.id(), At: d.instant(), By: d.person(), Private: d.bool()}
		}),
		CommentsTo: d.instant(),
		Worklogs: list(d, 6, func(d *decoder) record.Worklog {
			return record.Worklog{ID: d.id(), Started: d.instant(), Seconds: d.int(), By: d.person()}
		}),
		WorklogsTo: d.instant(),
		Gone:       d.instant(),
	}
	if d.version >= 2 {
		is.Seen = d.instant()
	}
	if d.version >= 6 {
		for i := range is.Copies {
			is.Copies[i].Seen = d.instant()
		}
	}
	return is
}

func (e *encoder) copy(c *record.Copy) {
	e.uint(uint64(c.Parts))
	e.instant(c.Updated)
	e.text(c.Key)
	e.word(c.Project)
	e.text(c.URL)
	e.text(c.Title)
	e.text(c.Text)
	e.word(c.Type)
	e.word(c.Status.ID)
	e.word(c.Status.Name)
	e.word(c.Status.Category)
	e.word(c.Priority)
	e.word(c.Resolution)
	e.instant(c.Created)
	e.instant(c.Closed)
	e.word(string(c.Due))
	e.person(c.Reporter)
	e.people(c.Assignees)
	e.wordList(c.Labels)
	e.wordList(c.Components)
	e.wordList(c.FixVersions)
	e.word(c.Milestone)
	e.number(c.Points)
	e.uint(uint64(len(c.Links)))
	for _, l := range c.Links {
		e.word(l.Kind)
		e.text(l.To)
	}
	e.uint(uint64(len(c.Fields)))
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		e.word(name)
		e.wordList(c.Fields[name])
	}
	e.uint(uint64(len(c.SLAs)))
	for i := range c.SLAs {
		s := &c.SLAs[i]
		e.word(s.Name)
		e.instant(s.Started)
		e.instant(s.Stopped)
		e.instant(s.Due)
		e.int(int64(s.Goal))
		e.int(int64(s.Elapsed))
		e.bool(s.Breached)
		e.bool(s.Paused)
	}
	e.uint(uint64(len(c.Releases)))
	for i := range c.Releases {
		r := &c.Releases[i]
		e.word(r.Name)
		e.word(string(r.Date))
		e.bool(r.Released)
		e.bool(r.Archived)
	}
}

func (d *decoder) copy() record.Copy {
	c := record.Copy{
		Parts:       record.Parts(d.uint()),
		Updated:     d.instant(),
		Key:         d.text(),
		Project:     d.word(),
		URL:         d.text(),
		Title:       d.text(),
		Text:        d.text(),
		Type:        d.word(),
		Status:      record.Status{ID: d.word(), Name: d.word(), Category: d.word()},
		Priority:    d.word(),
		Resolution:  d.word(),
		Created:     d.instant(),
		Closed:      d.instant(),
		Due:         record.Date(d.word()),
		Reporter:    d.person(),
		Assignees:   d.people(),
		Labels:      d.wordList(),
		Components:  d.wordList(),
		FixVersions: d.wordList(),
		Milestone:   d.word(),
		Points:      d.number(),
		Links: list(d, 2, func(d *decoder) record.Link {
			return record.Link{Kind: d.word(), To: d.text()}
		}),
	}
	if n := d.count(2); n > 0 {
		c.Fields = make(map[string][]string, n)
		for range n {
			name := d.word()
			c.Fields[name] = d.wordList()
		}
	}
	if d.version >= 2 {
		c.SLAs = list(d, 8, func(d *decoder) record.SLA {
			return record.SLA{Name: d.word(), Started: d.instant(), Stopped: d.instant(), Due: d.instant(),
				Goal: time.Duration(d.int()), Elapsed: time.Duration(d.int()), Breached: d.bool(), Paused: d.bool()}
		})
	}
	if d.version >= 5 {
		c.Releases = list(d, 4, func(d *decoder) record.Release {
			return record.Release{Name: d.word(), Date: record.Date(d.word()), Released: d.bool(), Archived: d.bool()}
		})
	}
	return c
}

func (e *encoder) page(p *record.Page) {
	e.ref(p.Ref)
	e.text(p.Number)
	e.text(p.URL)
	e.text(p.Title)
	e.word(p.Service)
	e.text(p.Key)
	e.word(p.Urgency)
	e.instant(p.Updated)
	e.instant(p.Triggered)
	e.instant(p.Acked)
	e.people(p.AckedBy)
	e.instant(p.Resolved)
	e.person(p.ResolvedBy)
	e.bool(p.AutoClosed)
	e.text(p.MergedInto)
	e.wordList(p.Issues)
	e.int(int64(p.Escalated))
	e.word(p.Origin)
	e.uint(uint64(len(p.Events)))
	for i := range p.Events {
		v := &p.Events[i]
		e.text(v.ID)
		e.instant(v.At)
		e.word(v.Kind)
		e.person(v.By)
		e.person(v.To)
		e.word(v.How)
	}
	some := p.Told != record.Told{}
	e.bool(some)
	if some {
		for _, at := range toldOf(&p.Told) {
			e.instant(*at)
		}
	}
}

func toldOf(t *record.Told) []*record.Instant {
	return []*record.Instant{&t.Title, &t.Service, &t.Urgency, &t.First, &t.Last, &t.Ended}
}

func (d *decoder) page() record.Page {
	p := record.Page{
		Ref: d.ref(), Number: d.text(), URL: d.text(), Title: d.text(), Service: d.word(), Key: d.text(), Urgency: d.word(),
		Updated: d.instant(), Triggered: d.instant(), Acked: d.instant(), AckedBy: d.people(),
		Resolved: d.instant(), ResolvedBy: d.person(), AutoClosed: d.bool(), MergedInto: d.text(),
		Issues: d.wordList(), Escalated: int(d.int()),
	}
	if d.version >= 3 {
		p.Origin = d.word()
		p.Events = list(d, 6, func(d *decoder) record.Event {
			return record.Event{ID: d.text(), At: d.instant(), Kind: d.word(), By: d.person(), To: d.person(), How: d.word()}
		})
	}
	if d.version >= 4 && d.bool() {
		for _, at := range toldOf(&p.Told) {
			*at = d.instant()
		}
	}
	return p
}

func (e *encoder) shift(s *record.Shift) {
	e.ref(s.Ref)
	e.word(s.Rota)
	e.person(s.Person)
	e.word(s.Role)
	e.instant(s.From)
	e.instant(s.To)
	e.instant(s.Updated)
}

func (d *decoder) shift() record.Shift {
	return record.Shift{Ref: d.ref(), Rota: d.word(), Person: d.person(), Role: d.word(),
		From: d.instant(), To: d.instant(), Updated: d.instant()}
}
