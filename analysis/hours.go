package analysis

// At what hour the pager goes: whose clock a page is judged by, what is asleep on it and what is outside
// working hours (METRICS.md, section 7).

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// clock is what the clock of a page's responder showed when it went off.
type clock struct {
	asleep, off bool
	hour, day   uint8 // of the day; Sunday is day 0
}

// Asleep says whether a page came in the policy's sleeping hours, on the responder's clock.
func (n *Night) Asleep(p *Page) bool { return p.clock.asleep }

// OffHours says whether a page came outside the team's working hours, on the responder's clock: somebody in
// another zone works the team's hours there.
func (n *Night) OffHours(p *Page) bool { return p.clock.off }

// readClocks sets what every page's clock showed. It comes after the shifts are known.
func (n *Night) readClocks() {
	office := n.Policy.Working
	var duty []*record.Shift // superheroes at the page's time; pages and shifts both go by time
	rest := n.Shifts
	for _, p := range n.Pages {
		zone := n.Zone
		if n.abroad {
			for len(rest) > 0 && rest[0].From <= p.Triggered {
				if s := &rest[0]; s.Role == Superhero {
					duty = append(duty, s)
				}
				rest = rest[1:]
			}
			duty = slices.DeleteFunc(duty, func(s *record.Shift) bool { return s.To <= p.Triggered })
			if m := n.responder(p, duty); m != nil {
				zone = cmp.Or(m.Zone, zone)
			}
		}
		l := p.Triggered.In(zone)
		p.clock = clock{asleep: n.Policy.Pages.asleep(l), hour: uint8(l.Hour()), day: uint8(l.Weekday())}
		if office == nil {
			continue
		}
		at := p.Triggered
		if zone.String() != n.Zone.String() { // when the team's clock shows what theirs shows
			at = record.At(time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), cmp.Or(office.Zone(), n.Zone)))
		}
		p.clock.off = !office.Working(at)
	}
}

// responder is the member whom a page got out of bed: who acknowledged it first; else whom the pager's own
// log says it notified first; else the superhero of that hour. Nil where none of them is a member.
func (n *Night) responder(p *Page, duty []*record.Shift) *Member {
	for _, who := range p.AckedBy {
		if m := n.team.member(who); m != nil {
			return m
		}
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Kind == record.EventNotified && e.To.Known() {
			if m := n.team.member(e.To); m != nil {
				return m
			}
		}
	}
	for _, s := range duty {
		if m := n.team.member(s.Person); m != nil {
			return m
		}
	}
	return nil
}

// asleep says whether a wall clock stands in sleeping hours, which may go over midnight.
func (p *PagePolicy) asleep(t time.Time) bool {
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if p.SleepFrom <= p.SleepTo {
		return p.SleepFrom <= clock && clock < p.SleepTo
	}
	return clock >= p.SleepFrom || clock < p.SleepTo
}

// officeHours says whether the policy has a calendar, so that there is a time outside of it.
func (p *Policy) officeHours() bool { return len(p.Calendars) > 1 }

// sleepingHours are the policy's, as people write them.
func (n *Night) sleepingHours() string {
	clock := func(d time.Duration) string { return fmt.Sprintf("%02d:%02d", int(d/time.Hour), int(d/time.Minute)%60) }
	if n.Policy.Pages.SleepFrom == n.Policy.Pages.SleepTo {
		return "none"
	}
	return clock(n.Policy.Pages.SleepFrom) + "–" + clock(n.Policy.Pages.SleepTo)
}

// whoseClock says in which zone pages are judged.
func (n *Night) whoseClock() string {
	if n.abroad {
		return "on the clock of whoever responds, " + n.Zone.String() + " where the policy gives them no zone of their own"
	}
	return "in " + n.Zone.String()
}

var pageHours = Metric{
	Name: "page-hours", Title: "At what hour the pager goes", Chapter: "On call", Unit: Share, Counts: "in sleeping hours", Alone: true,
	Question: "Whose sleep does it cost?",
	Doc: "Each page by the hour and weekday at which it went off; a page merged into another is that other. **Sleep** is the policy's sleeping hours (`pages: sleep`, 22:00–07:00 unless it says otherwise; the sentence above prints them). **Off hours** is everything outside the team's working hours: its calendar with holidays and closed days; without a calendar in the policy there is no data of them. " +
		"The clock is the responder's: of the member who acknowledged first, else of whom the pager's log says it notified first, else of the superhero of that hour; a member has a zone of their own where the policy writes `zone:` beside the name, everybody else the team's. Somebody in another zone works the team's hours on their own clock. " +
		"The heat map is of the trailing 364 days, so that every weekday is in it equally often. Waking somebody for a page that needed nobody is the dearest kind: those are counted apart, of the pages whose pager tells of acknowledgements.",
	Measure: func(n *Night) Answer {
		t90, year := n.trailing(90), n.trailing(364)
		a := Answer{Headline: Value{Unit: Share, Period: t90}, Doubts: n.heard.doubts(n)}
		if len(n.heard.pagers) > 0 {
			a.Charts = []Chart{n.heatMap(year), n.hoursByMonth()}
		}
		if a.Sentence = n.silent(t90); a.Sentence != "" {
			return a
		}
		ps := n.rang(t90)
		var off, weekend int
		var woke []*Page
		for _, p := range ps {
			if n.Asleep(p) {
				woke = append(woke, p)
				for _, it := range p.Items {
					a.Rows = append(a.Rows, Row{Item: it, Why: fmt.Sprintf("%s at %02d h, %s: %s", time.Weekday(p.clock.day), p.clock.hour, p.at(), p.Title)})
				}
			}
			if n.OffHours(p) {
				off++
			}
			if day := time.Weekday(p.clock.day); day == time.Saturday || day == time.Sunday {
				weekend++
			}
		}
		a.Headline = shareOf(len(woke), len(ps), t90)
		a.Sentence = fmt.Sprintf("In the %s %d of %s in sleeping hours (%s, %s), and %d outside working hours.", t90.Label, len(woke), counted(len(ps), "page came", "pages came"), n.sleepingHours(), n.whoseClock(), off)
		office := n.Policy.officeHours()
		switch {
		case len(ps) == 0:
			a.Sentence = fmt.Sprintf("Nobody was paged in the %s.", t90.Label)
		case !office:
			a.Sentence = fmt.Sprintf("In the %s %d of %s in sleeping hours (%s, %s). How many came outside working hours is not known: the policy has no calendar, such as calendars: {office: {week: {mon-fri: 09:00-17:30}}}.", t90.Label, len(woke), counted(len(ps), "page came", "pages came"), n.sleepingHours(), n.whoseClock())
		}
		needless := sum(woke)
		nothing := shareOf(needless.idle, needless.told(), t90)
		if needless.told() > 0 && needless.mute > 0 {
			nothing.Of = needless.pages
		}
		outside := shareOf(off, len(ps), t90)
		if !office {
			outside = shareOf(0, 0, t90)
		}
		part := func(name, title string, v Value) Part {
			return Part{Name: name, Group: "trailing-90-days", Title: title, Value: v}
		}
		a.Parts = []Part{
			part("sleep", "In sleeping hours", a.Headline), part("off-hours", "Outside working hours", outside), part("weekend", "On Saturday or Sunday", shareOf(weekend, len(ps), t90)),
			part("woken-for-nothing", "Of those in sleeping hours: needed no action", nothing),
		}
		if needless.mute > 0 {
			a.Doubts = append(a.Doubts, fmt.Sprintf("Of %d of %s in sleeping hours the pager tells of no acknowledgements: whether anybody was needed only people can say.", needless.mute, counted(needless.pages, "page", "pages")))
		}
		t := Table{Name: "by-service", Title: "By service, " + t90.Label, Columns: []Column{{"service", "Service", Text}, {"pages", "Pages", Items}, {"off-hours", "Off hours", Items}, {"sleep", "Sleep", Items}, {"no-action", "Sleep, no action", Items}}}
		services, of := split(ps, (*Page).at)
		for _, s := range services {
			off, slept := 0, []*Page(nil)
			for _, p := range of[s] {
				off += one(n.OffHours(p))
				if n.Asleep(p) {
					slept = append(slept, p)
				}
			}
			row := []Cell{titled(s), num(len(of[s])), num(off), num(len(slept)), idle(slept)}
			if !office {
				row[2] = Cell{Text: "—"}
			}
			t.Rows = append(t.Rows, row)
		}
		if len(t.Rows) > 0 {
			a.Tables = append(a.Tables, t)
		}
		if len(woke) > 0 {
			slices.Reverse(woke)
			a.Tables = append(a.Tables, n.pageTable("woken", "Pages in sleeping hours, the latest first", woke))
		}
		return a
	},
}

var mondayFirst = [...]time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}

// heatMap counts pages by hour and weekday.
func (n *Night) heatMap(p Period) Chart {
	var count [7][24]int
	ps := n.rang(p)
	for _, p := range ps {
		count[p.clock.day][p.clock.hour]++
	}
	c := Chart{Name: "heat", Title: "Pages by hour and weekday, " + p.Label, Kind: Heat, Unit: Items, XUnit: Text,
		Note: fmt.Sprintf("%s, %s. People sleep %s.", counted(len(ps), "page", "pages"), n.whoseClock(), n.sleepingHours())}
	for h := range 24 {
		c.X = append(c.X, fmt.Sprintf("%02d", h))
	}
	for _, d := range mondayFirst {
		c.Lines = append(c.Lines, Series{Name: strings.ToLower(d.String()), Title: d.String()[:3], Values: numbers(count[d][:])})
	}
	return c
}

// hoursByMonth counts what working hours, waking hours outside them, and sleep got of the pages. A page that
// comes while people sleep is no other kind as well, whatever the calendar says.
func (n *Night) hoursByMonth() Chart {
	months := n.pagerMonths(24)
	working, evening, sleeping := make([]int, len(months)), make([]int, len(months)), make([]int, len(months))
	for i, m := range months {
		for _, p := range n.rang(m) {
			switch {
			case n.Asleep(p):
				sleeping[i]++
			case n.OffHours(p):
				evening[i]++
			default:
				working[i]++
			}
		}
	}
	c := Chart{Name: "by-month", Title: "Pages, by month and time of day", Kind: Stacked, Unit: Items, XUnit: Text, X: labels(months), Marks: n.pagerMarks(months), Edges: edges(months),
		Lines: []Series{
			{Name: "working", Title: "In working hours", Role: "pages", Values: n.heard.known(months, working)},
			{Name: "evening", Title: "Awake, outside working hours", Role: "interruptions", Values: n.heard.known(months, evening)},
			{Name: "sleep", Title: "In sleeping hours", Role: "sleep", Values: n.heard.known(months, sleeping)},
		}, Note: "What can wait until morning is no page."}
	if !n.Policy.officeHours() {
		c.Lines[0].Title = "Awake"
		c.Lines = slices.Delete(c.Lines, 1, 2)
	}
	return c
}
