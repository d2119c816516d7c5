package postmortem

// The timeline: a table, a list, paragraphs or sub-headings that begin with a time. A time without a
// day belongs to the day of the entry before it, and to the next one where the clock went back by
// more than half a day.

import (
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"github.com/firebreak/firebreak/collectors/record"
)

// Event is one entry of a timeline.
type Event struct {
	At   record.Instant // 0 where the page names no day for it
	Day  bool           // only the day is known: At is its beginning
	When string         // as the author wrote it
	Text string
	Line int
}

// chronicle reads the timeline of one page.
type chronicle struct {
	*page
	zone *time.Location // of times that name none
	last moment         // the day so far; day 0: none yet
	gone bool           // an entry was out of order, and it was said

	undated int // entries whose day is unknown, and the first of them
	first   int
	headed  bool // entries are sub-headings: lists are their details
	odd     int  // entries without a time that can be read, and the first of them
	oddest  int
}

// timeline reads the events of the sections of that kind.
func (p *page) timeline() {
	c := &chronicle{page: p, zone: p.zones.team, last: p.firstDay()}
	for i := range p.Sections {
		if p.Sections[i].Kind == Timeline {
			c.section(p.blocks[i])
		}
	}
	if c.undated > 0 {
		p.hint(c.first, "%s of the timeline without a day; give the incident a started: time in the front matter, or write the day at the first entry, as in 2026-03-04 14:05", many(c.undated, "entry", "entries"))
	}
	if c.odd > 0 {
		p.hint(c.oddest, "%s of the timeline without a time in front that can be read; a time reads 14:05 or 2026-03-04 14:05", many(c.odd, "entry", "entries"))
	}
}

// firstDay is the day that the first times without one belong to.
func (p *page) firstDay() moment {
	for _, at := range []record.Instant{p.Started, p.Detected} {
		if at != 0 {
			t := at.In(p.zones.team)
			return moment{year: t.Year(), month: t.Month(), day: t.Day()}
		}
	}
	for _, s := range []string{p.Title, p.ID} { // "Incident on 2022-07-11 - Slow performance"
		for i := 0; i+10 <= len(s); i++ {
			var m moment
			if i > 0 && digitAt(s, i-1) || !digitAt(s, i) {
				continue
			}
			if _, ok := m.scanDay(s[i:]); ok && m.year > 0 {
				return m
			}
		}
	}
	return moment{}
}

func (c *chronicle) section(blocks []ast.Node) {
	for i, n := range blocks {
		switch n := n.(type) {
		case *ast.Paragraph:
			source := lines(n, c.src)
			if zone := c.allTimesIn(source); zone != nil {
				c.zone = zone
				continue
			}
			if m, when, rest, ok := c.split(source); ok && m.timed {
				c.add(m, when, rest, n.Pos())
			}
		case *ast.Heading:
			if m, when, rest, ok := c.split(lines(n, c.src)); ok {
				c.headed = true
				if rest == "" && i+1 < len(blocks) && blocks[i+1].Kind() != ast.KindHeading {
					rest = words(firstLines(blocks[i+1], c.src))
				}
				if rest == "" && !m.timed {
					c.last = c.complete(m) // a heading that is only a day
					continue
				}
				c.add(m, when, rest, n.Pos())
			}
		case *ast.List:
			c.list(n)
		case *east.Table:
			c.table(n)
		}
	}
}

// list reads the entries of a list that has times; what is nested in an entry is detail, and stays
// prose.
func (c *chronicle) list(list *ast.List) {
	entries, odd := len(c.Events), 0
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		head := item.FirstChild()
		if head == nil || blank(head, c.src) {
			continue
		}
		m, when, rest, ok := c.split(lines(head, c.src))
		switch {
		case !ok:
			if odd++; c.odd == 0 && odd == 1 {
				c.oddest = head.Pos()
			}
		case !m.timed && rest == "": // a day by itself, with its times nested below
			c.last = c.complete(m)
			for n := head.NextSibling(); n != nil; n = n.NextSibling() {
				if list, ok := n.(*ast.List); ok {
					c.list(list)
				}
			}
		default:
			c.add(m, when, rest, head.Pos())
		}
	}
	if len(c.Events) > entries && !c.headed {
		c.odd += odd
	}
}

// table reads rows whose first column is a time, or whose first two are a day and a time.
func (c *chronicle) table(t *east.Table) {
	apart := false // the day has a column of its own
	zone := c.zone
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for n := row.FirstChild(); n != nil; n = n.NextSibling() {
			s, _ := cell(n, c.src)
			cells = append(cells, s)
		}
		if len(cells) < 2 {
			continue
		}
		if row.Kind() == east.KindTableHeader {
			apart = len(cells) > 2 && strings.EqualFold(normal(cells[0]), "date") && strings.HasPrefix(normal(cells[1]), "time")
			for _, head := range cells[:2] { // "Time (UTC)", "Time in CET"
				words := strings.FieldsFunc(head, func(r rune) bool { return r == ' ' || r == '(' || r == ')' })
				if len(words) > 1 {
					if loc := c.zones.named(words[len(words)-1]); loc != nil {
						zone = loc
					}
				}
			}
			continue
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		when, rest := words(cells[0]), cells[1:]
		if apart {
			when, rest = strings.TrimSpace(when+" "+words(cells[1])), cells[2:]
		}
		var text []string
		for _, s := range rest {
			if s := words(s); s != "" {
				text = append(text, s)
			}
		}
		m, _, ok := c.zones.scan(when) // "2020-12-21 HH:mm": the day is all there is
		if !ok {
			if c.odd++; c.odd == 1 {
				c.oddest = row.Pos()
			}
			continue
		}
		if m.zone == nil {
			m.zone = zone
		}
		c.add(m, when, strings.Join(text, " — "), row.Pos())
	}
}

// split takes the time off the start of a piece of Markdown.
func (c *chronicle) split(source string) (m moment, when, rest string, ok bool) {
	s := words(source)
	m, after, ok := c.zones.scan(s)
	if !ok || letterAt(after) {
		return m, "", s, false
	}
	when = strings.Trim(s[:len(s)-len(after)], " *_~`[(")
	return m, when, strings.TrimLeft(after, " :-–—|,;.)]*_"), true
}

// allTimesIn is the zone that a sentence such as "All times in UTC" names, nil if it is none.
func (c *chronicle) allTimesIn(source string) *time.Location {
	if len(source) > 100 {
		return nil
	}
	_, after, ok := strings.Cut(strings.ToLower(source), "times ")
	if !ok {
		return nil
	}
	after = source[len(source)-len(after):]
	after = strings.TrimPrefix(strings.TrimPrefix(after, "are "), "in ")
	var m moment
	c.zones.scanZone(&m, strings.Trim(after, " *_.`"))
	return m.zone
}

// complete gives a moment the day, or the year, that the entries before it had.
func (c *chronicle) complete(m moment) moment {
	switch {
	case m.day == 0:
		m.year, m.month, m.day = c.last.year, c.last.month, c.last.day
	case m.year == 0:
		m.year = c.last.year
		if m.year != 0 && c.last.month == time.December && m.month == time.January {
			m.year++
		}
		if m.year != 0 && !exists(m.year, m.month, m.day) {
			m.year = 0
		}
	}
	return m
}

func (c *chronicle) add(m moment, when, text string, at int) {
	said := m.day != 0
	m = c.complete(m)
	if !said && m.day != 0 && m.timed && c.last.timed && sameZone(m.zone, c.last.zone) {
		back := c.last.clock - m.clock
		switch {
		case back > 12*time.Hour: // past midnight
			t := time.Date(m.year, m.month, m.day+1, 0, 0, 0, 0, time.UTC)
			m.year, m.month, m.day = t.Date()
		case back > 0 && !c.gone:
			c.gone = true
			p, n := clockText(m.clock), clockText(c.last.clock)
			c.hint(at, "the timeline goes back from %s to %s; put the entries in order, or write the day where a new one begins", n, p)
		}
	}
	e := Event{When: when, Text: text, Day: !m.timed, Line: c.line(at)}
	if m.year == 0 {
		if c.undated++; c.undated == 1 {
			c.first = at
		}
	} else {
		e.At = m.instant(c.zone)
	}
	if m.lost != "" {
		c.say(at, unknownZone, m.lost)
	}
	c.Events = append(c.Events, e)
	if !m.timed && !said {
		return
	}
	c.last = m
}

func clockText(d time.Duration) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Format("15:04")
}

func sameZone(a, b *time.Location) bool {
	return a == b || a != nil && b != nil && a.String() == b.String()
}
