package analysis

// The policy's calendars: working hours, holidays and closed days, and the zones they hang in.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// readZone loads an IANA time zone; nil with a complaint if there is none of that name. The machine's own
// zone is not one: the same policy has to mean the same everywhere.
func readZone(n strict.Node) *time.Location {
	name := n.Text()
	if name == "" {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil || strings.EqualFold(name, "local") {
		n.Complain("there is no time zone %q; a zone is an IANA name such as Europe/Berlin or America/New_York", name)
		return nil
	}
	return loc
}

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // by time.Weekday

func (r *policyReader) readCalendars(m *strict.Map) {
	always := calendar.Always(r.Zone)
	for name, n := range m.Each() {
		switch {
		case !strict.IsID(name):
			m.Key(name).Complain("%q cannot be a calendar's name: names have small letters, digits and hyphens", name)
			continue
		case name == always.Name():
			m.Key(name).Complain("the calendar %q is there without being written: it never closes", name)
			continue
		}
		c := r.calendar(name, n)
		if c == nil {
			c = always // stands in, so that targets on it are not complained of as well
		} else {
			r.Calendars = append(r.Calendars, c)
		}
		r.calendars[name] = c
		r.calendarNames = append(r.calendarNames, name)
	}
	r.Calendars = append(r.Calendars, always)
	r.calendars[always.Name()] = always
	r.calendarNames = append(r.calendarNames, always.Name())
}

// calendar reads one calendar: one version, or a list of them.
func (r *policyReader) calendar(name string, n strict.Node) *calendar.Calendar {
	entries := []strict.Node{n}
	if n.IsList() {
		entries = n.List()
	}
	loc, sound, first := r.Zone, len(entries) > 0, true
	read := dated(r, entries, func(m *strict.Map) calendar.Version {
		var v calendar.Version
		if z := m.Get("zone"); z.Given() {
			switch l := readZone(z); {
			case l == nil:
				sound = false
			case !first && l.String() != loc.String():
				z.Complain("a calendar has one zone, and its first version says %s", loc)
			default:
				loc = l
			}
		}
		first = false
		ok := true
		if v.Week, ok = r.week(m.Need("week")); !ok {
			sound = false
		}
		if h := m.Get("holidays"); h.Given() {
			countries := calendar.Countries()
			if v.Holidays = strings.ToLower(h.Text()); v.Holidays != "" && !slices.Contains(countries, v.Holidays) {
				hint := "; known are " + strings.Join(countries, ", ")
				if len(v.Holidays) > 2 && slices.Contains(countries, v.Holidays[:2]) {
					hint = fmt.Sprintf("; did you mean %q?", v.Holidays[:2])
				}
				h.Complain("no holidays are known for %q%s", v.Holidays, hint)
				v.Holidays = ""
			}
		}
		v.Closed = closedDays(m.Get("closed"))
		if d := m.Get("day"); d.Given() {
			if v.Day = d.Duration(); v.Day > 24*time.Hour {
				d.Complain("a working day has at most 24 hours")
				v.Day = 0
			}
		}
		return v
	})
	if !sound {
		return nil
	}
	var vs []calendar.Version
	for i, v := range read {
		if i > 0 {
			if v.From == 0 || v.From <= read[i-1].From {
				return nil // complained of by dated
			}
		}
		if v.From != 0 {
			v.Is.From = calendar.DateOf(v.From, r.Zone)
		}
		vs = append(vs, v.Is)
	}
	c, err := calendar.New(name, loc, vs)
	if err != nil {
		n.Complain("%s", strings.ReplaceAll(err.Error(), "\n", "; "))
		return nil
	}
	return c
}

// closedDays are all days of a list of days and spans of days.
func closedDays(n strict.Node) []record.Date {
	var days []record.Date
	for _, x := range n.List() {
		first, last, ok := x.Dates()
		if !ok {
			continue
		}
		for d := record.Date(first); d <= record.Date(last); d = calendar.AddDays(d, 1) {
			if days = append(days, d); len(days) > 4000 {
				x.Complain("closed has more than ten years of days")
				return nil
			}
		}
	}
	return days
}

// week reads the hours of the weekdays: "mon-fri: 09:00-17:30", "sat: [10:00-12:00, 13:00-15:00]",
// "tue, thu: …".
func (r *policyReader) week(n strict.Node) (week [7][]calendar.Span, ok bool) {
	m := n.Map()
	given := [7]bool{}
	open := false
	ok = n.Given() && n.IsMap()
	for key, hours := range m.Each() {
		days := r.days(m.Key(key), key)
		entries := []strict.Node{hours}
		if hours.IsList() {
			entries = hours.List()
		}
		var spans []calendar.Span
		for _, h := range entries {
			from, to, good := h.Clocks()
			if !good {
				ok = false
				continue
			}
			spans = append(spans, calendar.Span{From: from, To: to})
		}
		if days == nil {
			ok = false
		}
		for _, d := range days {
			if given[d] {
				m.Key(key).Complain("the hours of %s are already given above", weekdays[d])
				ok = false
			}
			given[d], week[d] = true, spans
		}
		open = open || len(spans) > 0
	}
	if ok && !open {
		n.Complain("this week has no working hours at all; a promise on it could never fall due")
		ok = false
	}
	return week, ok
}

func (r *policyReader) days(n strict.Node, key string) []int {
	var days []int
	for _, part := range strings.Split(key, ",") {
		a, b, span := strings.Cut(part, "-")
		if !span {
			b = a
		}
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		from, to := slices.Index(weekdays[:], a), slices.Index(weekdays[:], b)
		if from < 0 || to < 0 {
			bad := a
			if from >= 0 {
				bad = b
			}
			hint := strict.DidYouMean(bad, weekdays[:]...)
			if w := fold(bad); len(w) > 3 && slices.Contains(weekdays[:], w[:3]) {
				hint = "; did you mean \"" + w[:3] + "\"?"
			}
			n.Complain("%q is no weekday%s (days read mon, mon-fri, or mon, wed)", bad, hint)
			return nil
		}
		for d := from; ; d = (d + 1) % 7 {
			if days = append(days, d); d == to {
				break
			}
		}
	}
	return days
}

// working is the team's own calendar. Where only one is written, it need not be named.
func (r *policyReader) working(n strict.Node, calendars strict.Node) {
	r.Working = r.calendars["always"]
	switch {
	case n.Given():
		if c := r.onCalendar(n, 0, n.Text()); c != nil {
			r.Working = c
		}
	case len(r.Calendars) > 2:
		calendars.Complain("which one is the team's own working time? Write working: %s", r.Calendars[0].Name())
	default:
		r.Working = r.Calendars[0]
	}
}

// onCalendar finds a calendar by the name that stands at a character of n; nil with a complaint.
func (r *policyReader) onCalendar(n strict.Node, at int, name string) *calendar.Calendar {
	if name == "" {
		return nil
	}
	c := r.calendars[name]
	if c == nil {
		n.ComplainAt(at, "there is no calendar %q%s", name, whatThereIs(name, r.calendarNames))
	}
	return c
}
