package analysis

// What the rules saw. The eye looks over the judge's shoulder while it replays one issue.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// Judgement is what class and severity an item was given at an instant, and how.
type Judgement struct {
	At         record.Instant
	Why        []string // what had changed; empty at creation
	Severity   int
	Severities []Asked // in the policy's order, up to the rule that held; nil where the severity stayed
	Class      *Class
	Classes    []Asked // likewise
}

// Asked is one rule as it was asked once.
type Asked struct {
	ID    string // of the class or severity that it gives: sev-2 of a severity
	Name  string
	Place string // file:line:column where the rule is written; "" where the policy had none then
	Text  string
	Held  bool
	Fault string // why it could not be answered, and so was taken not to hold; "" if it could
	Saw   []Seen // the facts that it names
}

// Seen is a fact as a rule saw it. Accounts are not told: a fact about people says of which kind they are.
type Seen struct{ Name, Value string }

// The kinds of who acted.
const (
	aPerson   = "a person of the team"
	anybody   = "a person" // nobody knows of which team: the policy names no members
	aMachine  = "a machine"
	aStranger = "somebody outside the team"
	nobody    = "nobody knows who"
)

// whose says whose act it was without saying whose.
func (j *judge) whose(p record.Person) string {
	switch {
	case !p.Known():
		return nobody
	case j.team.machine(p):
		return aMachine
	case j.team.person(p):
		return j.team.people()
	}
	return aStranger
}

// people is what a person whose acts count as the team's is called.
func (r *roster) people() string {
	if r.anyone {
		return anybody
	}
	return aPerson
}

// eye notes what the judge does. A nil one notes nothing.
type eye struct {
	judgements []Judgement
	entries    []entry  // one for each step of the item's stages
	since      []string // what changed since the last judgement
	change     *record.Change
	cause      string
	answer     string // the kind of act that was the first answer
}

// entry is what brought an item into a stage.
type entry struct{ how, by string }

// saw notes what happens next: a change, or something else.
func (e *eye) saw(cause string, ch *record.Change) {
	if e == nil {
		return
	}
	e.cause, e.change = cause, ch
	if ch != nil {
		cause = spoken(ch)
	}
	if !slices.Contains(e.since, cause) {
		e.since = append(e.since, cause)
	}
}

// spoken says what a change changed.
func spoken(ch *record.Change) string {
	switch {
	case ch.Field == record.FieldAssignee:
		return "the assignee changed"
	case ch.Field == record.FieldTitle || ch.Field == record.FieldKey && ch.To == "":
		return "the " + ch.Field + " changed"
	case ch.From == "":
		return fmt.Sprintf("%s: now %s", ch.Field, ch.To)
	case ch.To == "":
		return fmt.Sprintf("%s: no longer %s", ch.Field, ch.From)
	}
	return fmt.Sprintf("%s: from %s to %s", ch.Field, ch.From, ch.To)
}

// entered notes how the item came into the stage that was just put on its timeline.
func (e *eye) entered(j *judge) {
	switch {
	case e == nil:
	case len(e.entries) == 0:
		e.entries = append(e.entries, entry{how: "created there"})
	case e.change != nil:
		how := spoken(e.change)
		if e.change.ID == "" && !e.change.By.Known() { // made by mend
			how = "no event tells how"
		}
		e.entries = append(e.entries, entry{how, j.whose(e.change.By)})
	default:
		e.entries = append(e.entries, entry{how: e.cause})
	}
}

func (e *eye) answered(how string) {
	if e != nil {
		e.answer = how
	}
}

// judged notes what class and severity the item was given, where it is another than before.
func (e *eye) judged(j *judge, it *Item, at record.Instant) {
	if e == nil {
		return
	}
	sev, class := it.Severities.Last(), it.Classes.Last()
	first := len(e.judgements) == 0
	now := Judgement{At: at, Why: e.since, Severity: sev, Class: class}
	e.since = nil
	if first {
		now.Why = nil
	}
	var was Judgement
	if !first {
		was = e.judgements[len(e.judgements)-1]
	}
	p := j.policy
	if first || was.Severity != sev {
		now.Severities = j.ask(epochAt(j.classify.severities, it.Created).rules, func(i int) (id, name string) {
			level := fmt.Sprint(p.Severities[i].Level)
			return "sev-" + level, cmp.Or(p.Severities[i].Name, level)
		})
	}
	if first || was.Class != class {
		now.Classes = j.ask(epochAt(j.classify.classes, it.Created).rules, func(i int) (id, name string) { return p.Classes[i].ID, p.Classes[i].Name })
	}
	if now.Severities != nil || now.Classes != nil {
		e.judgements = append(e.judgements, now)
	}
}

// ask asks rules in order, up to the first that holds, of the facts as they stand.
func (j *judge) ask(rules []*Rule, gives func(int) (id, name string)) []Asked {
	all := make([]Asked, 0, len(rules))
	for i, r := range rules {
		id, name := gives(i)
		a := Asked{ID: id, Name: name}
		if r == nil {
			a.Text = "no rule"
			all = append(all, a)
			continue
		}
		a.Place, a.Text = r.Place, r.Text
		c := j.classify
		c.prepare(&j.facts, r.asks)
		env := c.machine.env
		delete(c.machine.faults, r)
		a.Held = c.machine.holds(r)
		if f := c.machine.faults[r]; f != nil {
			a.Fault = f.what
		}
		a.Saw = j.seen(r, &env)
		all = append(all, a)
		if a.Held {
			break
		}
	}
	return all
}

// seen are the facts that a rule names, in the order of the manual.
func (j *judge) seen(r *Rule, e *ruleEnv) []Seen {
	var all []Seen
	for _, name := range r.Uses() {
		if name == "field" {
			for _, f := range r.asks.fields {
				all = append(all, Seen{"field." + f, quoted(e.Field[f])})
			}
			continue
		}
		all = append(all, Seen{name, j.shown(name, e)})
	}
	return all
}

// shown is a fact as a rule sees it, in words.
func (j *judge) shown(name string, e *ruleEnv) string {
	texts := map[string]string{
		"tracker": e.Tracker, "key": e.Key, "project": e.Project, "type": e.Type, "status": e.Status, "priority": e.Priority,
		"resolution": e.Resolution, "title": e.Title, "text": e.Text, "milestone": e.Milestone, "due": e.Due,
		"category": e.Category, "customer": e.Customer, "channel": e.Channel,
	}
	lists := map[string][]string{"labels": e.Labels, "components": e.Components, "fix_versions": e.FixVersions, "pagers": e.Pagers, "service": e.Service}
	switch name {
	case "assigned":
		return yes(e.Assigned)
	case "paged":
		return yes(e.Paged)
	case "points":
		return decimal(e.Points, 2)
	case "severity":
		if e.Severity == noSeverity {
			return "none"
		}
		return fmt.Sprint(e.Severity)
	case "reporter":
		return j.kindOf(e.Reporter)
	case "assignees":
		kinds := make([]string, len(e.Assignees))
		for i, who := range e.Assignees {
			kinds[i] = j.kindOf(who)
		}
		return "[" + strings.Join(kinds, ", ") + "]"
	}
	if l, ok := lists[name]; ok {
		q := make([]string, len(l))
		for i, s := range l {
			q[i] = quoted(s)
		}
		return "[" + strings.Join(q, ", ") + "]"
	}
	return quoted(texts[name])
}

// kindOf says what kind of person an account or a member's id is of.
func (j *judge) kindOf(account string) string {
	if account == "" {
		return "nobody"
	}
	return j.whose(record.Person{Account: account})
}

func quoted(s string) string { return `"` + s + `"` }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// passed are the acts before the first answer that might be taken for one: machines', strangers', the
// reporter's own.
func (j *judge) passed(is *record.Issue, c *record.Copy, it *Item, stays []Stay) []Deed {
	end := it.Until
	if it.Responded != 0 {
		end = it.Responded
	}
	ours := j.team.people()
	var ds []Deed
	add := func(at record.Instant, how, by, why string) {
		if at < end {
			ds = append(ds, Deed{At: at, What: why, How: how, By: by})
		}
	}
	for _, s := range stays {
		if s.Stage.Kind != Waiting && s.By != "" && s.By != ours {
			add(s.From, "moved to "+s.Stage.Name, s.By, "not counted")
		}
	}
	for i := range j.changes {
		ch := &j.changes[i]
		if by := j.whose(ch.By); ch.Field == record.FieldAssignee && ch.To != "" && by != ours {
			add(ch.At, "assigned", by, "not counted")
		}
	}
	reporter := j.team.id(c.Reporter)
	for _, cm := range is.Comments {
		switch by := j.whose(cm.By); {
		case by != ours:
			add(cm.At, "commented", by, "not counted")
		case j.team.id(cm.By) == reporter:
			add(cm.At, "commented", "its own reporter", "not counted")
		}
	}
	slices.SortStableFunc(ds, func(a, b Deed) int { return cmp.Compare(a.At, b.At) })
	return ds[:min(len(ds), mostPassed)]
}
