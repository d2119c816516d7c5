package site

// The shape of data/report.json: names that programs of other people rely on. Add, never change.

import (
	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// nightJSON is what the report and its summary begin with.
type nightJSON struct {
	Schema     int            `json:"schema"`
	Wiki       string         `json:"wiki"`
	Team       string         `json:"team"`
	AsOf       record.Instant `json:"as_of"`
	Zone       string         `json:"zone"`
	PolicyHash string         `json:"policy_hash"`
	Doubts     []string       `json:"doubts"`
	Sources    []sourceJSON   `json:"sources"`
}

type reportJSON struct {
	nightJSON
	Unmapped     []unmappedJSON    `json:"unmapped_statuses"`
	Unjoined     []unjoinedJSON    `json:"unjoined_pages"`
	Postmortems  []postmortemJSON  `json:"postmortems"`
	Improvements []improvementJSON `json:"improvements"`
	Experiments  []triedJSON       `json:"experiments"` // those that have begun, oldest first
	Changed      []changedJSON     `json:"changed"`
	Uncompared   []string          `json:"uncompared"` // why the night is not compared with what is looked for

	// The pager. Of each list the newest mostInReport stand here, of moles the worst; Totals says how many
	// there are. data/pages.csv and data/moles.csv hold more.
	Totals    totalsJSON      `json:"totals"`
	Fires     []fireJSON      `json:"fires"`
	Suggested []suggestedJSON `json:"suggested_joins"`
	Moles     []moleJSON      `json:"moles"`
	Shifts    []shiftJSON     `json:"shifts"`
	Uncovered []coverGapJSON  `json:"gaps_in_cover"`
	Triage    []triageJSON    `json:"triage"`
}

// changedJSON is what is different from an earlier instant: "night" is the night before, "week" a week ago,
// "since" what was asked for.
type changedJSON struct {
	Name     string         `json:"name"`
	Since    record.Instant `json:"since"`
	Again    bool           `json:"judged_again"` // no night was kept of it
	Sentence string         `json:"sentence"`
	Notes    []string       `json:"notes"`
	Lists    []tableJSON    `json:"lists"`
}

type totalsJSON struct {
	Items     int `json:"items"`
	Open      int `json:"open_items"`
	Coarse    int `json:"coarse_items"` // in the counts, and out of the clocks
	Pages     int `json:"pages"`
	Unjoined  int `json:"unjoined_pages"`
	Fires     int `json:"fires"`
	Suggested int `json:"suggested_joins"`
	Moles     int `json:"moles"`
	Shifts    int `json:"shifts"`
	Uncovered int `json:"gaps_in_cover"`
	Triage    int `json:"triage"`
}

type fireJSON struct {
	Fire        string         `json:"fire"`
	Items       []string       `json:"items"` // keys
	Pages       []string       `json:"pages"` // pager:id, the first fifty
	PageCount   int            `json:"page_count"`
	Postmortems []string       `json:"postmortems"`
	From        record.Instant `json:"from"`
	To          record.Instant `json:"to"`       // "" while it burns
	Detected    string         `json:"detected"` // monitor, human or unknown
}

// suggestedJSON is a join that nobody has confirmed: it counts nowhere.
type suggestedJSON struct {
	Page string `json:"page"`
	Item string `json:"item"`
	Key  string `json:"key"`
	Why  string `json:"why"`
}

type moleJSON struct {
	Fingerprint string         `json:"fingerprint"`
	Title       string         `json:"title"`
	Service     string         `json:"service"`
	Recent      int            `json:"in_90_days"`
	Times       int            `json:"times"`
	Repeats     int            `json:"repeats"`
	First       record.Instant `json:"first"`
	Last        record.Instant `json:"last"`
	Improvement string         `json:"improvement"`
	Before      *float64       `json:"a_week_before"`
	After       *float64       `json:"a_week_after"`
}

type shiftJSON struct {
	Shift string         `json:"shift"`
	Rota  string         `json:"rota"`
	Role  string         `json:"role"`
	Who   string         `json:"who"`
	From  record.Instant `json:"from"`
	To    record.Instant `json:"to"`
}

type coverGapJSON struct {
	Rota   string         `json:"rota"`
	Role   string         `json:"role"`
	From   record.Instant `json:"from"`
	To     record.Instant `json:"to"`
	Absent string         `json:"absent"` // the member on shift who is not there
	Why    string         `json:"why"`    // of the one on shift: away, or no longer or not yet in the team
	Beyond bool           `json:"beyond"` // it goes on behind the time that is looked at
}

type triageJSON struct {
	Week    string `json:"week"`
	Page    string `json:"page"` // pager:id
	Verdict string `json:"verdict"`
	Note    string `json:"note"`
}

// headlineJSON is what the report and its summary say of a figure alike.
type headlineJSON struct {
	Name     string          `json:"name"`
	Title    string          `json:"title"`
	Chapter  string          `json:"chapter"`
	Question string          `json:"question"`
	Unit     analysis.Unit   `json:"unit"`
	Headline analysis.Value  `json:"headline"`
	Sentence string          `json:"sentence"`
	Mood     analysis.Mood   `json:"mood"`
	Parts    []analysis.Part `json:"parts"`
	Doubts   []string        `json:"doubts"`
	Counts   string          `json:"counts"` // what the headline is a number of, where the unit does not say
	Behind   int             `json:"items_behind"`
	Out      int             `json:"items_left_out"`
}

type figureJSON struct {
	headlineJSON
	Charts  []chartJSON   `json:"charts"`
	Tables  []tableJSON   `json:"tables"`
	Rows    []rowJSON     `json:"rows"`
	Left    []rowJSON     `json:"left_out"`
	RowUnit analysis.Unit `json:"row_unit"` // of the rows' numbers
	Weekly  []weeklyJSON  `json:"weekly"`   // its XmR charts, in words
}

// weeklyJSON is what one of a figure's XmR charts says.
type weeklyJSON struct {
	Chart string        `json:"chart"` // its name among the charts; it has none of fewer than two weeks
	Title string        `json:"title"`
	Says  string        `json:"says"`
	Mood  analysis.Mood `json:"mood"`
}

type chartJSON struct {
	Name    string     `json:"name"`
	Title   string     `json:"title"`
	Kind    string     `json:"kind"`
	Unit    string     `json:"unit"`
	X       []string   `json:"x"`
	Lines   []lineJSON `json:"lines"`
	Marks   []markJSON `json:"marks"`
	Partial int        `json:"partial"`
	Begins  bool       `json:"begins,omitempty"`
	Ends    int        `json:"ends,omitempty"`
}

type lineJSON struct {
	Name   string     `json:"name"`
	Title  string     `json:"title"`
	Role   string     `json:"role"`
	Values []*float64 `json:"values"`
	Dots   []dotJSON  `json:"dots,omitempty"` // of a scatter, in place of the values
}

type dotJSON struct {
	X    string  `json:"x"`
	Y    float64 `json:"y"`
	Item string  `json:"item,omitempty"`
}

type markJSON struct {
	X     string   `json:"x,omitempty"`
	Y     *float64 `json:"y,omitempty"`
	Title string   `json:"title"`
	Role  string   `json:"role"`
}

type tableJSON struct {
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Columns []columnJSON `json:"columns"`
	Rows    [][]any      `json:"rows"`
}

type columnJSON struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Unit  string `json:"unit"`
}

type rowJSON struct {
	Item   string   `json:"item"` // tracker:id
	Key    string   `json:"key"`
	Number *float64 `json:"number"`
	Why    string   `json:"why"`
}

type sourceJSON struct {
	Name    string         `json:"name"`
	Tracker string         `json:"tracker"`
	Kind    string         `json:"kind"`
	Horizon record.Instant `json:"horizon"`
	Parts   []tallyJSON    `json:"parts"`
	Doubts  []string       `json:"doubts"`
	Gaps    []gapJSON      `json:"gaps"`
	Live    *liveJSON      `json:"live,omitempty"` // only of a live service
}

type liveJSON struct {
	Good record.Instant `json:"last_success"`       // "" if there was none
	Last *runJSON       `json:"last_run,omitempty"` // none before the first
}

type runJSON struct {
	Started  record.Instant `json:"started"`
	Ended    record.Instant `json:"ended"`
	Outcome  string         `json:"outcome"`
	Issues   int            `json:"issues"`
	Changes  int            `json:"changes"`
	Requests *int           `json:"requests"` // null where the run was cut off before it could say
	Waited   *float64       `json:"waited"`
}

type tallyJSON struct {
	Part    string         `json:"part"`
	Kind    string         `json:"kind"`
	Read    int            `json:"read"`
	Left    map[string]int `json:"left_out"`
	Changes int            `json:"changes"`
}

type gapJSON struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

type unmappedJSON struct {
	Tracker  string `json:"tracker"`
	Status   string `json:"status"`
	Category string `json:"category"`
	Items    int    `json:"items"`
}

type unjoinedJSON struct {
	Page      string         `json:"page"` // pager:id
	Service   string         `json:"service"`
	Title     string         `json:"title"`
	Triggered record.Instant `json:"triggered"`
}

type postmortemJSON struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Incidents []string       `json:"incidents"`
	Severity  int            `json:"severity"`
	Services  []string       `json:"services"`
	Draft     bool           `json:"draft"`
	Published record.Date    `json:"published"`
	Started   record.Instant `json:"started"`
	Detected  record.Instant `json:"detected"`
	Resolved  record.Instant `json:"resolved"`
}

type improvementJSON struct {
	ID         string      `json:"id"`
	What       string      `json:"what"`
	Question   string      `json:"question"`
	Owner      string      `json:"owner"`
	Due        record.Date `json:"due"`
	State      string      `json:"state"`
	Finished   record.Date `json:"finished"`
	Overdue    bool        `json:"overdue"`
	Issue      string      `json:"issue"`
	Postmortem string      `json:"postmortem"`
}

type itemJSON struct {
	Item     string         `json:"item"` // tracker:id
	Key      string         `json:"key"`
	Class    string         `json:"class"`
	Severity int            `json:"severity"`
	Stage    string         `json:"stage"`
	Respond  string         `json:"respond"`
	Resolve  string         `json:"resolve"`
	Due      record.Instant `json:"due"`
	Finished record.Instant `json:"finished"`

	// The tracker's own word, only where it keeps SLA clocks.
	Said record.Instant `json:"tracker_said,omitzero"`
	SLAs []slaJSON      `json:"tracker_slas,omitempty"`
}

type slaJSON struct {
	Name    string         `json:"name"`
	Started record.Instant `json:"started"`
	Stopped record.Instant `json:"stopped"`
	Due     record.Instant `json:"due"`
	Goal    float64        `json:"goal"`
	Elapsed float64        `json:"elapsed"`
	Verdict string         `json:"verdict"` // met, breached, running or paused
	Paused  bool           `json:"paused"`
}
