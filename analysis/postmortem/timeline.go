package postmortem

// The timeline: a table, a list, paragraphs or sub-headings that begin with a time. A time without a
// day belongs to the day of the entry before it, and to the next one where the clock went back by
// more than half a day.

import (
	"cmp"
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
	last record.Instant // of the entry before; 0: none yet, or only its day is known
	day  moment         // the day that stands above, where there is no entry before
	from record.Instant // when the incident began, where there is neither
	gone bool           // an entry was out of order, and it was said

	undated int // entries whose day is unknown, and the first of them
	first   int
	headed  bool // entries are sub-headings: lists are their details
	odd     int  // entries without a time that can be read, and the first of them
	oddest  int
}

// timeline reads the events of the sections of that kind.
func (p *page) timeline() {
	c := &chronicle{page: p, zone: p.zones.team, day: p.dayInName(), from: cmp.Or(p.Started, p.Detected)}
	if c.from != 0 {
		c.day = moment{}
	}
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

// dayInName is the day that the title or the name of the page begins with, or tells:
// "Incident on 2022-07-11 - Slow performance".
func (p *page) dayInName() moment {
	for _, s := range []string{p.Title, p.ID} {
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
				if rest == "" && i+1 < len(blocks) && (m.timed || blocks[i+1].Kind() == ast.KindParagraph) {
					rest = words(firstLines(blocks[i+1], c.src))
				}
				if rest == "" && !m.timed {
					c.begin(m) // a heading that is only a day
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
			c.begin(m)
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
				parts := strings.FieldsFunc(head, func(r rune) bool { return r == ' ' || r == '(' || r == ')' })
				if len(parts) > 1 {
					if loc := c.zones.named(parts[len(parts)-1]); loc != nil {
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

// begin starts a day.
func (c *chronicle) begin(m moment) {
	c.complete(&m, c.zone)
	c.day, c.last = m, 0
}

// complete gives a moment the day, or the year, that it leaves out, and says whether it has one now.
func (c *chronicle) complete(m *moment, zone *time.Location) bool {
	if m.year != 0 {
		return true
	}
	before := c.day
	switch {
	case c.last != 0:
		before.year, before.month, before.day = c.last.In(zone).Date()
	case before.day == 0 && c.from != 0:
		before.year, before.month, before.day = c.from.In(zone).Date()
	}
	if m.day == 0 {
		m.month, m.day = before.month, before.day
	} else if before.year != 0 && before.month == time.December && m.month == time.January {
		before.year++
	}
	if before.year != 0 && exists(before.year, m.month, m.day) {
		m.year = before.year
	}
	return m.year != 0
}

func (c *chronicle) add(m moment, when, text string, at int) {
	zone := c.zone
	if m.zone != nil {
		zone = m.zone
	}
	said := m.day != 0
	e := Event{When: when, Text: text, Day: !m.timed, Line: c.line(at)}
	if c.complete(&m, zone) {
		e.At = m.instant(zone)
	} else if c.undated++; c.undated == 1 {
		c.first = at
	}
	if !said && m.timed && e.At != 0 && c.last != 0 && e.At < c.last {
		if c.last.Sub(e.At) > 12*time.Hour { // past midnight
			m.year, m.month, m.day = time.Date(m.year, m.month, m.day+1, 0, 0, 0, 0, time.UTC).Date()
			e.At = m.instant(zone)
		} else if !c.gone {
			c.gone = true
			c.hint(at, "the timeline goes back from %s to %s; put the entries in order, or write the day where a new one begins",
				c.last.In(zone).Format("15:04"), e.At.In(zone).Format("15:04"))
		}
	}
	if m.lost != "" {
		c.say(at, unknownZone, m.lost)
	}
	c.Events = append(c.Events, e)
	if c.last = e.At; e.Day {
		c.day, c.last = m, 0
	}
}
