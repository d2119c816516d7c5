package analysis

// Days between rare events: where most weeks are empty a count by week says nothing, and the time from one
// event to the next does (METRICS.md, section 6).

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

var daysBetween = Metric{
	Name: "days-between", Title: "Days between rare events", Chapter: "Trends", Unit: Days, Counts: "half of the gaps between emergencies at most",
	Question: "Does it burn less often, or were we lucky?",
	Doc: "The elapsed time, in days of 24 hours, from each event to the next: of emergencies (one fire is one, by when it was first told of, the discarded ones left out, as in *Who told us first*), of items of severity 1, and of every event that the policy's `streaks` name (by creation, without the discarded ones). Class and severity are those at as-of. The latest 52 gaps are looked at. " +
		"The headline is the median gap between emergencies; of fewer than 5 gaps there is none, and the gaps are told instead.\n\n" +
		"The chart is a **t-chart**: times between events that come by chance are skewed, and limits drawn straight from them would never tell when events come too fast. So each gap is raised to the power 1/3.6, which makes such times nearly normal (L. S. Nelson, *A Control Chart for Parts-Per-Million Nonconforming Items*, Journal of Quality Technology 26, 1994; D. C. Montgomery, *Introduction to Statistical Quality Control*, ch. 7), an XmR chart is made of the results (mean ± 2.66 · mean moving range), and its centre and limits are raised to the power 3.6 again. " +
		"Signals are a gap outside the limits and 8 in a row on one side of the centre. Under 8 gaps there are no limits.\n\n" +
		"**The running gap**, from the last event to as-of, is not over: it stands apart and is never a point. It ends where the trackers that such events came from can speak, the earliest of them; archives, which speak only up to 60 days before as-of, are not among these, and where nothing else ever told of such an event there is no running gap. Only when it is already longer than the upper limit it is a signal, however long it will be. What lies before the first event is no gap either. " +
		"Experiments are marked at the first event after them and do not begin the limits anew: eight rare events may take years, and what an experiment was hoped to do shows as long gaps. That gaps become longer or shorter is said only where Mann and Kendall's test finds p < 0.05 in ten gaps or more.",
	Measure: func(n *Night) Answer {
		a := Answer{Headline: Value{Unit: Days}, RowUnit: Days}
		table := Table{Name: "series", Title: "Each kind of event", Columns: []Column{{"event", "Event", Text}, {"events", "Events", Items}, {"gaps", "Gaps looked at", Items}, {"median", "Half within", Days},
			{"lower", "Lower limit", Days}, {"centre", "Centre", Days}, {"upper", "Upper limit", Days}, {"running", "Running gap", Days}, {"last", "The last", Day}}}
		for i, r := range n.rarities() {
			r.read(n)
			v := r.median(n)
			if i == 0 {
				a.Headline, a.Sentence = v, r.say(n)
				for k, e := range r.events {
					row := Row{Item: e.item, Why: "the first"}
					if k > 0 {
						row.Num, row.Why = record.Num(daysFrom(r.events[k-1].at, e.at)), "days after the one before"
					}
					a.Rows = append(a.Rows, row)
				}
			}
			a.Parts = append(a.Parts, Part{Name: r.id, Group: "event", Title: r.title, Value: v},
				Part{Name: r.id + "-running", Group: "running-gap", Title: r.title + ", since the last one", Value: r.runningValue(n)})
			if len(r.gaps) > 1 {
				a.Charts = append(a.Charts, r.draw(n))
			}
			row := []Cell{{Text: r.title}, num(len(r.events)), num(len(r.gaps)), {Num: v.Number}, {Text: "—"}, {Text: "—"}, {Text: "—"}, {Text: "—"}, {Text: "never"}}
			if r.b.known {
				row[4], row[5], row[6] = Cell{Num: record.Num(untransformed(r.b.lower))}, Cell{Num: record.Num(untransformed(r.b.centre))}, Cell{Num: record.Num(untransformed(r.b.upper))}
			}
			if r.runs {
				row[7] = Cell{Num: record.Num(r.running)}
			}
			if k := len(r.events); k > 0 {
				row[8] = Cell{Text: n.date(r.events[k-1].at)}
			}
			table.Rows = append(table.Rows, row)
		}
		a.Tables = []Table{table}
		return a
	},
}

// rarity is a kind of event that comes now and then.
type rarity struct {
	id, title string
	events    []rareEvent
	gaps      []float64      // in days: the latest [xmrMost]
	runs      bool           // there is a running gap
	upTo      record.Instant // where it ends
	running   float64        // days since the last event
	b         behaviour      // of the transformed gaps
}

type rareEvent struct {
	at   record.Instant
	item *Item
}

// rarities are the kinds of event, emergencies first.
func (n *Night) rarities() []*rarity {
	fires := &rarity{id: "emergency", title: "Emergencies"}
	for _, f := range n.Fires {
		if f.incident {
			fires.events = append(fires.events, rareEvent{f.From, f.Items[0]})
		}
	}
	rs := []*rarity{fires}
	var worst *rarity
	if len(n.Policy.Severities) > 0 {
		worst = &rarity{id: "sev-1", title: n.severityName(1)}
		rs = append(rs, worst)
	}
	streak := map[*Streak]*rarity{}
	for i := range n.Policy.Streaks {
		s := &n.Policy.Streaks[i]
		streak[s] = &rarity{id: "streak-" + s.ID, title: s.Name}
		rs = append(rs, streak[s])
	}
	for _, it := range n.Items {
		if it.Discarded {
			continue
		}
		if worst != nil && it.Severity() == 1 && it.Kind().Support() {
			worst.events = append(worst.events, rareEvent{it.Created, it})
		}
		for _, s := range it.Events {
			streak[s].events = append(streak[s].events, rareEvent{it.Created, it})
		}
	}
	for _, r := range rs {
		slices.SortStableFunc(r.events, func(a, b rareEvent) int { return cmp.Compare(a.at, b.at) })
	}
	return rs
}

// transformed is the power that makes times between chance events nearly normal.
func transformed(days float64) float64   { return math.Pow(days, 1/3.6) }
func untransformed(root float64) float64 { return math.Pow(root, 3.6) }

func daysFrom(from, to record.Instant) float64 { return to.Sub(from).Hours() / 24 }

func (r *rarity) read(n *Night) {
	k := len(r.events)
	if r.upTo = r.spokenFor(n); r.upTo != 0 {
		r.runs, r.running = true, max(0, daysFrom(r.events[k-1].at, r.upTo))
	}
	var roots []record.Number
	for i := max(1, k-xmrMost); i < k; i++ {
		gap := daysFrom(r.events[i-1].at, r.events[i].at)
		r.gaps, roots = append(r.gaps, gap), append(roots, record.Num(transformed(gap)))
	}
	if len(roots) > 0 {
		r.b = xmr(roots, nil)[0]
	}
}

// spokenFor is up to when another event would have been told of: as far as every tracker can speak that such
// events came from. 0 where these are archives, or nothing reads them any more.
func (r *rarity) spokenFor(n *Night) record.Instant {
	var end record.Instant
	last := ""
	for _, e := range r.events {
		if e.item.Tracker == last {
			continue
		}
		last = e.item.Tracker
		if h := n.horizons[last]; h != 0 && !n.old(h.Add(time.Millisecond)) {
			if h = min(n.AsOf, h.Add(time.Millisecond)); end == 0 || h < end {
				end = h
			}
		}
	}
	return end
}

// ended are the events that the gaps end with.
func (r *rarity) ended() []rareEvent { return r.events[len(r.events)-len(r.gaps):] }

func (r *rarity) median(n *Night) Value {
	v := Value{Unit: Days, N: len(r.gaps), Period: Period{To: n.AsOf, Label: "since the beginning"}}
	if k := len(r.gaps); k > 0 {
		if k >= Fewest {
			v.Number = record.Num(Percentile(r.gaps, 0.5))
		}
		v.Period.From = r.events[len(r.events)-k-1].at
		v.Period.Label = "since " + n.date(v.Period.From)
	}
	return v
}

func (r *rarity) runningValue(n *Night) Value {
	v := Value{Unit: Days, Period: n.now()}
	if r.runs {
		v.Number = record.Num(r.running)
	}
	return v
}

// overdue says whether the running gap is a signal already.
func (r *rarity) overdue() bool { return r.runs && r.b.known && r.running > untransformed(r.b.upper) }

func daysText(v float64) string { return Days.Format(record.Num(v)) }

// say is what the gaps show, in plain words.
func (r *rarity) say(n *Night) string {
	since := "the trackers that told of them speak no longer, so there is no running gap"
	if r.runs {
		upTo := ""
		if n.AsOf.Sub(r.upTo) > 48*time.Hour {
			upTo = ", up to " + n.date(r.upTo-1)
		}
		since = fmt.Sprintf("%s since the last one%s, still running", daysText(r.running), upTo)
	}
	switch len(r.events) {
	case 0:
		return fmt.Sprintf("%s: none since %s.", r.title, n.date(n.first()))
	case 1:
		return fmt.Sprintf("%s: one, so there is no gap yet; %s.", r.title, since)
	}
	var s string
	if len(r.gaps) < Fewest {
		var gaps []string
		for _, g := range r.gaps {
			gaps = append(gaps, daysText(g))
		}
		s = fmt.Sprintf("%s: %s from one to the next; %s.", r.title, and(gaps), since)
	} else {
		s = fmt.Sprintf("%s: half came within %s of the one before (n = %d); %s.", r.title, daysText(Percentile(r.gaps, 0.5)), len(r.gaps), since)
	}
	switch {
	case !r.b.known:
		return s + fmt.Sprintf(" With %d of %d gaps it is too early to tell what is usual.", len(r.gaps), xmrFewest)
	case r.overdue():
		s += fmt.Sprintf(" That is longer than the upper limit of %s: a signal.", daysText(untransformed(r.b.upper)))
	case len(r.b.signals) > 0:
		last := latest(r.b.signals)
		s += fmt.Sprintf(" The latest signal is the gap that ended on %s (%s).", n.date(r.ended()[last.at].at), r.why(n, last))
	default:
		s += fmt.Sprintf(" No signal: gaps between %s and %s are routine variation.", decimal(untransformed(r.b.lower), 1), daysText(untransformed(r.b.upper)))
	}
	if len(r.gaps) >= Enough {
		if tau, p := mannKendall(r.gaps); p < trendLevel {
			word := "longer"
			if tau < 0 {
				word = "shorter"
			}
			s += fmt.Sprintf(" From gap to gap they are getting %s (Mann–Kendall τ = %s, p %s, n = %d).", word, decimal(tau, 2), probability(p), len(r.gaps))
		}
	}
	return s
}

func (r *rarity) why(n *Night, s signal) string {
	switch {
	case s.run > 0 && s.above:
		return fmt.Sprintf("%d in a row longer than the centre, since %s", s.run, n.date(r.ended()[s.since].at))
	case s.run > 0:
		return fmt.Sprintf("%d in a row shorter than the centre, since %s", s.run, n.date(r.ended()[s.since].at))
	case s.above:
		return fmt.Sprintf("%s, above the upper limit of %s", daysText(r.gaps[s.at]), daysText(untransformed(r.b.upper)))
	}
	return fmt.Sprintf("%s, below the lower limit of %s", daysText(r.gaps[s.at]), daysText(untransformed(r.b.lower)))
}

func (r *rarity) draw(n *Night) Chart {
	ended := r.ended()
	gaps := make([]Period, len(ended))
	for i, e := range ended {
		gaps[i] = Period{From: r.events[len(r.events)-len(ended)-1+i].at, To: e.at, Label: n.date(e.at)}
	}
	c := Chart{Name: r.id, Title: r.title + ": days since the one before", Kind: Line, Unit: Days, XUnit: Day, X: labels(gaps), Marks: n.experiments(gaps), Note: r.say(n)}
	line := func(name, title, role string, v float64) Series {
		s := Series{Name: name, Title: title, Kind: Line, Role: role}
		for range gaps {
			s.Values = append(s.Values, record.Num(v))
		}
		return s
	}
	points := Series{Name: "days", Title: "Days since the one before", Role: "count"}
	for _, g := range r.gaps {
		points.Values = append(points.Values, record.Num(g))
	}
	c.Lines = []Series{points}
	if r.b.known {
		c.Lines = append(c.Lines, line("centre", "Centre", "centre", untransformed(r.b.centre)), line("upper", "Upper limit", "limit", untransformed(r.b.upper)), line("lower", "Lower limit", "limit", untransformed(r.b.lower)))
		for _, s := range r.b.signals {
			c.Marks = append(c.Marks, Mark{X: gaps[s.at].Label, Y: points.Values[s.at], Title: r.why(n, s), Role: "signal"})
		}
	}
	return c
}
