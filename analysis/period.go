package analysis

// Periods: local days, ISO weeks (Monday) and months, cut in the team's zone (METRICS.md, section 0).

import (
	"fmt"
	"time"

	"github.com/firebreak/firebreak/analysis/calendar"
	"github.com/firebreak/firebreak/collectors/record"
)

// reach is the time that some of the sources tell of: first is the first that they told, what lacks before it is up
// to opens, and all of them can speak for what is before known.
type reach struct{ first, opens, known record.Instant }

// tracked is that of the trackers, paged that of the pagers.
func (n *Night) tracked() reach { return reach{n.first(), n.opens, n.known} }

func (n *Night) paged() reach {
	told := n.heard.told
	if len(told) == 0 {
		return reach{n.AsOf, n.AsOf, n.AsOf}
	}
	return reach{told[0].From, calendar.DateOf(told[0].From, n.Zone).Start(n.Zone), told[len(told)-1].To}
}

// periods are the local periods that overlap [from, to), oldest first. Those that contain as-of are partial; the
// one that the trackers' history begins inside of says so, and those whose end a tracker cannot tell.
func (n *Night) periods(by calendar.Unit, from, to record.Instant) []Period {
	return n.periodsOf(n.tracked(), by, from, to)
}

// periodsOf are the same of other sources.
func (n *Night) periodsOf(r reach, by calendar.Unit, from, to record.Instant) []Period {
	var ps []Period
	for _, p := range calendar.Cut(n.Zone, by, from, to) {
		ps = append(ps, Period{From: p.From, To: p.To, Label: p.Label, Partial: p.To > n.AsOf,
			Begins: p.From < r.opens && r.first < p.To, Ends: p.From < n.AsOf && r.known < min(p.To, n.AsOf)})
	}
	return ps
}

// opening is up to when something of the trackers lacks: to the local day of the first item, and to the days off of the
// team before it. What was earlier on that day nobody misses, and of a month that began on a Sunday nothing lacks.
// It is 0 where there is no item.
func (n *Night) opening() record.Instant {
	if n.began == 0 {
		return 0
	}
	day := calendar.DateOf(n.first(), n.Zone)
	for range 31 {
		before := calendar.AddDays(day, -1)
		if n.Policy.Working.WorkingDay(before) {
			break
		}
		day = before
	}
	return day.Start(n.Zone)
}

// title is the period's name where it stands beside whole ones.
func (p Period) title() string {
	if p.Begins {
		p.Label += ", history begins in it"
	}
	if p.Partial {
		p.Label += ", not over"
	}
	if p.Ends {
		p.Label += ", not told to the end"
	}
	return p.Label
}

// holds says whether t lies in the period.
func (p Period) holds(t record.Instant) bool { return p.From <= t && t < p.To }

// overOnly drops the partial periods.
func overOnly(ps []Period) []Period {
	for len(ps) > 0 && ps[len(ps)-1].Partial {
		ps = ps[:len(ps)-1]
	}
	return ps
}

// lastMonth is the last month that is over at as-of. Where the trackers' history begins inside it or after it, or a
// tracker cannot speak for its end yet, it is not known whole: it is empty, so that no figure of it is one.
func (n *Night) lastMonth() Period {
	p := n.monthBefore()
	if p.From < n.opens || p.Ends {
		p.To = p.From
	}
	return p
}

// unknown says why there is no figure of the last month; "" where there may be one.
func (n *Night) unknown(month Period) string {
	if month.From < month.To {
		return ""
	}
	if month.Begins {
		return fmt.Sprintf("What the trackers tell begins on %s: %s is not known whole.", n.date(n.first()), month.Label)
	}
	if month.From >= n.opens && month.From < n.known {
		return fmt.Sprintf("Not every tracker tells what happened after %s: %s is not known whole.", n.date(n.known), month.Label)
	}
	if month.From >= n.opens && n.known < n.AsOf {
		return fmt.Sprintf("Not every tracker tells what happened after %s: %s is not known.", n.date(n.known), month.Label)
	}
	return fmt.Sprintf("What the trackers tell begins on %s: nothing is known of %s.", n.date(n.first()), month.Label)
}

// monthBefore is the same month whatever the trackers know of it.
func (n *Night) monthBefore() Period {
	t := n.AsOf.In(n.Zone)
	to := record.Midnight(t.Year(), t.Month(), 1, n.Zone)
	ps := n.periods(calendar.Months(), to-1, to)
	if len(ps) == 0 { // as-of lies in the first month there is
		return Period{From: to, To: to, Label: "the month before"}
	}
	ps[0].Label = ps[0].From.In(n.Zone).Format("January 2006")
	return ps[0]
}

// trailing is [as-of − days·24 h, as-of).
func (n *Night) trailing(days int) Period {
	return Period{From: n.AsOf.Add(-time.Duration(days) * 24 * time.Hour), To: n.AsOf, Label: fmt.Sprintf("trailing %d days", days)}
}

// months are up to most whole months before as-of, from the first item on, and the one that is
// running.
func (n *Night) months(most int) []Period {
	return lastOf(n.periods(calendar.Months(), n.first(), n.AsOf), most+1)
}

// weeks are up to most whole ISO weeks before as-of, from the first whole one after the first item.
func (n *Night) weeks(most int) []Period { return n.weeksOf(n.tracked(), most) }

// spoken are the periods whose end the trackers can speak for.
func (n *Night) spoken(ps []Period) []Period {
	for len(ps) > 0 && ps[len(ps)-1].To > n.known {
		ps = ps[:len(ps)-1]
	}
	return ps
}

// lastWeeks is the name of so many weeks.
func lastWeeks(k int) string {
	if k == 1 {
		return "last whole week"
	}
	return fmt.Sprintf("last %d whole weeks", k)
}

// pagerWeeks and pagerMonths are the same from where the pagers begin: the pager may know more of the past than the
// trackers, or less, and a team may have nothing but a pager.
func (n *Night) pagerWeeks(most int) []Period { return n.weeksOf(n.paged(), most) }

func (n *Night) pagerMonths(most int) []Period {
	r := n.paged()
	return lastOf(n.periodsOf(r, calendar.Months(), r.first, n.AsOf), most+1)
}

func (n *Night) weeksOf(r reach, most int) []Period {
	ps := overOnly(n.periodsOf(r, calendar.Weeks(), r.first, n.AsOf))
	if len(ps) > 0 && ps[0].From < r.first {
		ps = ps[1:]
	}
	return lastOf(ps, most)
}

// days are up to most whole local days before as-of.
func (n *Night) days(most int) []Period {
	return lastOf(overOnly(n.periods(calendar.Days(), max(n.first(), n.AsOf.Add(-time.Duration(most+2)*24*time.Hour)), n.AsOf)), most)
}

// first is when the first item was created; as-of if there is none.
func (n *Night) first() record.Instant {
	if n.began != 0 {
		return n.began
	}
	first := n.AsOf
	for _, it := range n.Items {
		first = min(first, it.Created)
	}
	return first
}

func lastOf[T any](ps []T, most int) []T {
	if len(ps) > most {
		return ps[len(ps)-most:]
	}
	return ps
}

// find is the index of the period that holds t in ps, sorted and without holes between them; −1 if
// none does.
func find(ps []Period, t record.Instant) int {
	last := len(ps) - 1
	if last < 0 || t < ps[0].From || t >= ps[last].To {
		return -1
	}
	// Most periods are about as long as the others, and so the place is nearly known.
	i := int(float64(len(ps)) * float64(t-ps[0].From) / float64(ps[last].To-ps[0].From))
	i = min(i, last)
	for ps[i].From > t {
		i--
	}
	for ps[i].To <= t {
		i++
	}
	return i
}

// labels are the periods' names, for a chart's X.
func labels(ps []Period) []string {
	ls := make([]string, len(ps))
	for i, p := range ps {
		ls[i] = p.Label
	}
	return ls
}

// edges says which of a chart's periods are not whole.
func edges(ps []Period) Edges {
	e := Edges{Begins: len(ps) > 0 && ps[0].Begins}
	for e.Partial < len(ps) && ps[len(ps)-1-e.Partial].Partial {
		e.Partial++
	}
	for e.Ends < len(ps) && ps[len(ps)-1-e.Ends].Ends {
		e.Ends++
	}
	return e
}

// atEnds are the edges of what is counted at the end of each period: that history begins inside the first takes
// nothing from it.
func atEnds(ps []Period) Edges {
	e := edges(ps)
	e.Begins = false
	return e
}

// experiments are the changes declared before as-of, as marks on an axis of periods. Of a day on which one period
// gives way to the next, as on that of a handover, the mark is at the next.
func (n *Night) experiments(ps []Period) []Mark {
	var ms []Mark
	for _, e := range n.Policy.Experiments {
		at := e.Date.Start(n.Zone)
		i := find(ps, at)
		if next := i + 1; (i >= 0 || len(ps) > 0 && at < ps[0].From) && next < len(ps) && calendar.DateOf(ps[next].From, n.Zone) == e.Date {
			i = next
		}
		if i >= 0 && at < n.AsOf {
			ms = append(ms, Mark{X: ps[i].Label, Title: e.Name, Role: "experiment"})
		}
	}
	return ms
}
