package analysis

// Facts: what a rule may look at. The table below is the whole vocabulary of rules: types, help for
// people, the keys that answers are remembered under, and what a definition of ready can ask for all
// come from it.

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// Facts is an item as rules see it at one instant. Whoever replays an item's history changes it in
// place as the history goes on; see [classifier].
type Facts struct {
	Tracker     string
	Key         string
	Project     string
	Type        string
	Status      string
	Priority    string
	Resolution  string
	Title       string
	Text        string
	Reporter    string // a member's id; the account of anybody else
	Milestone   string
	Labels      []string
	Components  []string
	FixVersions []string
	Assignees   []string // members by their id, anybody else by the account
	Assigned    bool     // there is an assignee
	Due         string   // 2026-03-31, or ""
	Points      float64  // 0 without an estimate
	Field       map[string][]string
	Paged       bool     // from the trigger of the first certain page on
	Pagers      []string // the pager's names for the services of the pages joined so far
	Severity    int      // for class rules: what severityAt said; 0 is none
}

// allFacts is every fact there is.
const allFacts = ^factSet(0)

// factsOf are the facts that a change of a field may change, with those that are found from them.
func factsOf(field string) factSet {
	switch field {
	case record.FieldStatus:
		return factStatus | factCategory
	case record.FieldAssignee:
		return factAssignees | factAssigned
	case record.FieldResolution:
		return factResolution
	case record.FieldLabel:
		return factLabels | factService | factCustomer | factChannel
	case record.FieldOther:
		return 0
	}
	return allFacts
}

// blank forgets the item, and keeps the room that its lists take: what lasts of them is copied.
func (f *Facts) blank() {
	*f = Facts{Labels: f.Labels[:0], Components: f.Components[:0], FixVersions: f.FixVersions[:0], Assignees: f.Assignees[:0]}
}

// factSet is a set of facts, a bit each.
type factSet uint32

const (
	factTracker factSet = 1 << iota
	factKey
	factProject
	factType
	factStatus // name, id and the tracker's category
	factPriority
	factResolution
	factTitle
	factText
	factReporter
	factMilestone
	factLabels
	factComponents
	factFixVersions
	factAssignees
	factAssigned
	factDue
	factPoints
	factField
	factPaged
	factPagers
	factCategory
	factService
	factCustomer
	factChannel
	factSeverity
	factClass
	factKind
)

// Rules of different parts of the policy see different facts, because some facts are themselves found
// by rules: stages and channels come first, then severities, classes and streaks.
const (
	seenByChannels   = (factCategory - 1) | factService | factCustomer
	seenByStages     = seenByChannels | factCategory
	seenBySeverities = seenByChannels | factChannel
	seenByClasses    = seenBySeverities | factSeverity
	seenByStreaks    = seenByClasses | factClass | factKind
)

// noSeverity is what a rule sees of an item without a severity: beyond every level there can be, so
// that "severity <= 2" means what it says.
const noSeverity = 99

// asked is what rules look at: facts, and of the custom fields these.
type asked struct {
	facts  factSet
	fields []string // sorted
}

// all are the facts with that of custom fields, if any of these is asked for.
func (a asked) all() factSet {
	if len(a.fields) > 0 {
		return a.facts | factField
	}
	return a.facts
}

func (a asked) and(b asked) asked {
	both := slices.Concat(a.fields, b.fields)
	slices.Sort(both)
	return asked{a.facts | b.facts, slices.Compact(both)}
}

// key appends what tells two sets of facts apart for whoever asks only these.
func (a asked) key(b []byte, f *Facts) []byte {
	for set := a.facts; set != 0; set &= set - 1 {
		if key := vocabulary[bits.TrailingZeros32(uint32(set))].key; key != nil {
			b = key(b, f)
		}
	}
	for _, name := range a.fields {
		b = appendList(b, f.Field[name])
	}
	return b
}

// Texts are written with their length before them, so that no two different lists look alike.
func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendList(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

// ruleEnv is what a rule's expression runs over. Its tags are the names that rules use.
type ruleEnv struct {
	Tracker     string            `expr:"tracker"`
	Key         string            `expr:"key"`
	Project     string            `expr:"project"`
	Type        string            `expr:"type"`
	Status      string            `expr:"status"`
	Priority    string            `expr:"priority"`
	Resolution  string            `expr:"resolution"`
	Title       string            `expr:"title"`
	Text        string            `expr:"text"`
	Reporter    string            `expr:"reporter"`
	Milestone   string            `expr:"milestone"`
	Labels      []string          `expr:"labels"`
	Components  []string          `expr:"components"`
	FixVersions []string          `expr:"fix_versions"`
	Assignees   []string          `expr:"assignees"`
	Assigned    bool              `expr:"assigned"`
	Due         string            `expr:"due"`
	Points      float64           `expr:"points"`
	Field       map[string]string `expr:"field"`
	Paged       bool              `expr:"paged"`
	Pagers      []string          `expr:"pagers"`
	Category    string            `expr:"category"`
	Service     []string          `expr:"service"`
	Customer    string            `expr:"customer"`
	Channel     string            `expr:"channel"`
	Severity    int               `expr:"severity"`
	Class       string            `expr:"class"`
	Kind        string            `expr:"kind"`
}

// fill copies into e the facts that are not found by other rules; of the custom fields only those
// asked for.
func (e *ruleEnv) fill(f *Facts, fields []string) {
	*e = ruleEnv{
		Tracker: f.Tracker, Key: f.Key, Project: f.Project, Type: f.Type, Status: f.Status,
		Priority: f.Priority, Resolution: f.Resolution, Title: f.Title, Text: f.Text, Reporter: f.Reporter,
		Milestone: f.Milestone, Labels: f.Labels, Components: f.Components, FixVersions: f.FixVersions,
		Assignees: f.Assignees, Assigned: f.Assigned, Due: f.Due, Points: f.Points, Paged: f.Paged,
		Pagers: f.Pagers, Severity: f.Severity,
	}
	if e.Severity == 0 {
		e.Severity = noSeverity
	}
	if len(fields) > 0 {
		e.Field = make(map[string]string, len(fields))
		for _, name := range fields {
			e.Field[name] = strings.Join(f.Field[name], ", ")
		}
	}
}

// ruleFact documents one name that rules can use.
type ruleFact struct {
	Name string
	Type string // text, number, yes or no, list of texts
	Doc  string
}

// ruleWord is a fact's place in the language of rules.
type ruleWord struct {
	ruleFact
	set factSet
	// key appends what tells two values of the fact apart; nil for facts that follow from others.
	key func(b []byte, f *Facts) []byte
	// has says whether the item brings it; nil where a definition of ready cannot ask for it.
	has func(f *Facts) bool
}

const (
	aText   = "text"
	aNumber = "number"
	aTruth  = "yes or no"
	aList   = "list of texts"
)

// vocabulary is a table and never changes. The word at i has bit i.
var vocabulary = [...]ruleWord{
	textWord("tracker", factTracker, "the tracker's name in firebreak.yaml", func(f *Facts) string { return f.Tracker }),
	textWord("key", factKey, "the issue's key: SUP-12, acme/orders#7", func(f *Facts) string { return f.Key }),
	textWord("project", factProject, "the tracker's project or repository", func(f *Facts) string { return f.Project }),
	textWord("type", factType, "the tracker's issue type", func(f *Facts) string { return f.Type }),
	textWord("status", factStatus, "the tracker's status", func(f *Facts) string { return f.Status }),
	textWord("priority", factPriority, "the tracker's priority", func(f *Facts) string { return f.Priority }),
	textWord("resolution", factResolution, `the tracker's resolution, "" while there is none`, func(f *Facts) string { return f.Resolution }),
	textWord("title", factTitle, "the issue's title", func(f *Facts) string { return f.Title }),
	textWord("text", factText, "the beginning of the description", func(f *Facts) string { return f.Text }),
	textWord("reporter", factReporter, "who reported it: a member's id, or an account", func(f *Facts) string { return f.Reporter }),
	textWord("milestone", factMilestone, "the milestone", func(f *Facts) string { return f.Milestone }),
	listWord("labels", factLabels, "the labels", func(f *Facts) []string { return f.Labels }),
	listWord("components", factComponents, "the components", func(f *Facts) []string { return f.Components }),
	listWord("fix_versions", factFixVersions, "the versions it is to be fixed in", func(f *Facts) []string { return f.FixVersions }),
	listWord("assignees", factAssignees, "who it is assigned to: members' ids, or accounts", func(f *Facts) []string { return f.Assignees }),
	truthWord("assigned", factAssigned, "somebody is assigned", func(f *Facts) bool { return f.Assigned }),
	textWord("due", factDue, `the due date as 2026-03-31, "" without one`, func(f *Facts) string { return f.Due }),
	{
		ruleFact{"points", aNumber, "the estimate in points, 0 without one"}, factPoints,
		func(b []byte, f *Facts) []byte { return strconv.AppendUint(b, math.Float64bits(f.Points), 36) },
		func(f *Facts) bool { return f.Points != 0 },
	},
	{
		ruleFact{"field", "texts by name", `a custom field by the name that firebreak.yaml gives it: field.steps; "" where there is none`}, factField,
		nil, nil, // its key needs the names that rules ask for: see asked.key
	},
	truthWord("paged", factPaged, "somebody was paged for it", func(f *Facts) bool { return f.Paged }),
	listWord("pagers", factPagers, "the pager's names of the services it paged for", func(f *Facts) []string { return f.Pagers }),
	{ruleFact{"category", aText, `for stages: the tracker's own category of the status, "todo", "doing" or "done"`}, factCategory, nil, nil},
	{ruleFact{"service", aList, "ids of the services it concerns"}, factService, nil, nil},
	{ruleFact{"customer", aText, `the customer, "" if unknown`}, factCustomer, nil, nil},
	{ruleFact{"channel", aText, "for severities, classes and streaks: the id of the channel it came through"}, factChannel, nil, nil},
	{
		ruleFact{"severity", aNumber, "for classes and streaks: 1 is the worst; 99 without one, so that severity > 2 takes these, too"}, factSeverity,
		func(b []byte, f *Facts) []byte { return append(b, byte(f.Severity)) }, nil,
	},
	{ruleFact{"class", aText, `for streaks: the id of its class of service, "unclassified" without one`}, factClass, nil, nil},
	{ruleFact{"kind", aText, "for streaks: incident, problem, request or feature"}, factKind, nil, nil},
}

func textWord(name string, set factSet, doc string, of func(*Facts) string) ruleWord {
	return ruleWord{
		ruleFact{name, aText, doc}, set,
		func(b []byte, f *Facts) []byte { return appendText(b, of(f)) },
		func(f *Facts) bool { return strings.TrimSpace(of(f)) != "" },
	}
}

func listWord(name string, set factSet, doc string, of func(*Facts) []string) ruleWord {
	return ruleWord{
		ruleFact{name, aList, doc}, set,
		func(b []byte, f *Facts) []byte { return appendList(b, of(f)) },
		func(f *Facts) bool { return len(of(f)) > 0 },
	}
}

func truthWord(name string, set factSet, doc string, of func(*Facts) bool) ruleWord {
	return ruleWord{
		ruleFact{name, aTruth, doc}, set,
		func(b []byte, f *Facts) []byte {
			if of(f) {
				return append(b, 1)
			}
			return append(b, 0)
		},
		of,
	}
}
