package analysis

// Questions and answers: what a metric is and what a figure carries. The site, the JSON, the CSV and
// the terminal are all drawn from these values and compute nothing themselves.

import "github.com/firebreak/firebreak/collectors/record"

// Metric is a question. The table of all metrics is in metrics.go.
type Metric struct {
	Name     string // permanent: it is part of addresses and of report.json
	Title    string
	Question string // as a person would ask it
	Chapter  string // the heading it stands under in the wiki
	Unit     Unit
	Counts   string // what the headline is a number of, where the unit does not say
	Doc      string // how it is computed, in Markdown
	Alone    bool   // pages, the rota or texts answer it where no issue of a tracker was read
	Goalless bool   // its mood is that of its own weeks: there is no goal that it could stand against
	Measure  func(*Night) Answer
}

// Figure is the answer to a metric on one night.
type Figure struct {
	*Metric
	Answer
}

// Answer is what a metric's Measure gives.
type Answer struct {
	Headline Value
	Sentence string // the headline in a plain sentence, with its n and its period
	Good     Mood   // against the team's own goal, [Metric.Goalless] against its own weeks; Neutral where there is none, or n is too small
	Parts    []Part // the same question asked of a class, a severity, a period
	Charts   []Chart
	Weekly   []Weekly // what asks “is it real?”: each becomes an XmR chart
	Tables   []Table
	Rows     []Row    // the items behind the headline
	RowUnit  Unit     // of the rows' numbers; "" where they have none, or only serve to sort
	Left     []Row    // the items that had to be left out, each with the reason
	Doubts   []string // what the reader must know before believing it
}

// Mood is how a value stands against the goal that the team stated, or a week against those before it.
type Mood uint8

// The moods of a value.
const (
	Neutral Mood = iota
	Good
	Bad
)

// Verdict is what a mood of the metric is called; "" for none.
func (m *Metric) Verdict(is Mood) string {
	if m.Goalless {
		return [...]string{"", "better than usual", "worse than usual"}[is]
	}
	return [...]string{"", "on goal", "needs attention"}[is]
}

// Unit says what a number counts and how it is written.
type Unit string

// The units. Durations are numbers of seconds.
const (
	Share    Unit = "share"     // 0 to 1, written as a percentage
	Items    Unit = "items"     // a count
	Days     Unit = "days"      // a count of days
	Points   Unit = "points"    // story points
	Hours    Unit = "hours"     // booked hours
	Duration Unit = "duration"  // elapsed seconds, written 3 d 4 h
	Work     Unit = "work"      // working seconds, written 12 h 30 min
	PerWeek  Unit = "per week"  // a rate
	ItemDays Unit = "item-days" // items × days
	Each     Unit = "each"      // so many for each one of something else
	Text     Unit = "text"      // no number at all
	Moment   Unit = "moment"    // an instant, in nanoseconds since 1970 as a [record.Instant]
	Day      Unit = "day"       // a local day
)

// Value is one number with what makes it believable.
type Value struct {
	Unit   Unit
	Number record.Number // absent is "no data"; never 0 for it
	Ratio  *Ratio        // for shares
	N      int           // how many items, days or weeks it rests on
	Of     int           // "based on N of Of"; 0 where nothing was left out
	Period Period
}

// point is the value as a point of a chart: a share of fewer than [Fewest] is left blank.
func (v Value) point() record.Number {
	if v.small() {
		return record.Number{}
	}
	return v.Number
}

// countOf is a plain count.
func countOf(k int, p Period) Value {
	return Value{Unit: Items, Number: record.Num(float64(k)), N: k, Period: p}
}

// shareOf is k of n, with its interval.
func shareOf(k, n int, p Period) Value {
	v := Value{Unit: Share, N: n, Period: p, Ratio: ratio(k, n)}
	if n > 0 {
		v.Number = record.Num(float64(k) / float64(n))
	}
	return v
}

// ratio is a share of counts with its interval.
func ratio(k, n int) *Ratio {
	lo, hi := Wilson(k, n)
	return &Ratio{Num: float64(k), Den: float64(n), Low: lo, High: hi, Counts: true}
}

// now is the period of what is counted at as-of.
func (n *Night) now() Period { return Period{To: n.AsOf, Label: "now"} }

// Ratio is a share with its parts and its Wilson 95 % interval.
type Ratio struct {
	Num    float64 `json:"num"` // a count, or hours or points where the share is of those
	Den    float64 `json:"den"`
	Low    float64 `json:"low"` // the interval, for counts; both 0 where it does not apply, and null in JSON
	High   float64 `json:"high"`
	Counts bool    `json:"counts"`         // Num and Den count items: the small-sample rules apply
	Unit   Unit    `json:"unit,omitempty"` // of Num and Den where they are no counts
}

// Period is [From, To), with its name in the team's words. Partial periods contain as-of, history Begins inside
// others, and of others what is told Ends too early: none of them is ever compared with whole ones.
type Period struct {
	From    record.Instant `json:"from"`
	To      record.Instant `json:"to"`
	Label   string         `json:"label"`
	Partial bool           `json:"partial"`
	Begins  bool           `json:"begins,omitempty"` // what was before a later day of it than the first is not known
	Ends    bool           `json:"ends,omitempty"`   // a source that should can speak only up to an instant before its end, or before as-of in it
}

// Part is a value of the same question asked of less.
type Part struct {
	Group string `json:"group"` // what the parts of one group split by: "class", "severity", "period", "method"
	Name  string `json:"name"`  // permanent id: a class id, "sev-1", "2026-10", "trailing-90-days"
	Title string `json:"title"`
	Value Value  `json:"value"`
	Good  Mood   `json:"mood"`
	Rows  []Row  `json:"-"`
}

// ChartKind is how a chart is drawn.
type ChartKind string

// The kinds of chart.
const (
	Line    ChartKind = "line"
	Bar     ChartKind = "bar"
	Stacked ChartKind = "stacked" // bars on one another
	Area    ChartKind = "area"    // stacked areas, for cumulative flow
	Scatter ChartKind = "scatter"
	Heat    ChartKind = "heat" // X by Lines
)

// Chart is a picture's worth of numbers. Its data table is the same numbers in rows.
type Chart struct {
	Name  string // permanent within its metric
	Title string
	Note  string // what to see in it, in a sentence
	Kind  ChartKind
	Unit  Unit
	XUnit Unit     // Day, Text …
	X     []string // the categories, or ISO days
	Lines []Series
	Marks []Mark
	Edges
	// Afloat says that the axis need not begin at 0: the lowest band is a sum since the beginning of
	// time, of which only the slope speaks.
	Afloat bool
}

// Edges are the points of a chart that stand for less than a whole period.
type Edges struct {
	Partial int  // how many of the last X are of a period that is not over
	Begins  bool // history begins inside the period of the first X
	Ends    int  // how many of the last X a source cannot tell to their end; those that are not over among them
}

// Weekly is a series of whole ISO weeks of which people will ask whether its ups and downs are real. The
// night draws its XmR chart among the metric's charts and says what it shows (weekly.go), and compares it
// before and after each experiment (experiment.go). A level that one week hands on to the next, as the open
// backlog, is no such series: its weeks hang on each other, and every limit drawn from them is wrong.
type Weekly struct {
	Name   string // permanent among the metric's charts
	Title  string // what is counted: "Interruptions". A chart's ", by week" at its end is left out of sentences
	Unit   Unit
	Weeks  []Period        // whole, oldest first; the latest 52 are drawn, and all are compared
	Values []record.Number // absent is no data, as is a share of fewer than [Fewest]
	Worse  int             // +1 where more is worse, −1 where less is, 0 where neither is
	Rare   bool            // the days between its events are told, too (days_between.go)

	Says string // what it shows, in plain words; set by the night, as is
	Mood Mood   // of the latest signal, while it is news
}

// Series is one line, or one colour of bars.
type Series struct {
	Name   string // permanent: a class id, a stage id, "limit"
	Title  string
	Kind   ChartKind // overrides the chart's, "" does not
	Role   string    // what the colour means: "class", "stage", "severity", "limit", "centre", "goal", "" for plain
	Values []record.Number
	Dots   []Dot // of a [Scatter], in place of the values
}

// Dot is one item in a scatter: there may be several at one point, and none at another.
type Dot struct {
	At   int     // which of the chart's X it stands at
	Y    float64 // in the chart's unit
	Item *Item
}

// Mark is something that happened, or a bound: a vertical line at X or a horizontal one at Y.
type Mark struct {
	X     string
	Y     record.Number
	Title string
	Role  string // "experiment", "limit", "goal", "signal", "percentile"
}

// Table is rows of cells under named columns.
type Table struct {
	Name    string // permanent within its metric
	Title   string
	Columns []Column
	Rows    [][]Cell
}

// Column names a column and its unit.
type Column struct {
	Name  string // permanent
	Title string
	Unit  Unit
}

// Cell is a number in its column's unit, or text, or a reference to an item (whose title and link
// the site knows). A text may be what a metric is called: then it leads there.
type Cell struct {
	Text   string
	Num    record.Number
	Item   *Item
	Metric *Metric
}

// Row is an item behind a figure, with the number it contributes and why it is there.
type Row struct {
	Item *Item
	Num  record.Number
	Why  string
}
