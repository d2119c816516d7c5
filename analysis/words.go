package analysis

// Which of a tracker's words the policy knows. A status that no stage gathers, a priority that no
// severity names: such words count all the same, by what the policy says of everything else, but whoever
// sets firebreak up wants to know them before the first night.

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"github.com/firebreak/firebreak/collectors/record"
)

// RulePart is a part of the policy that asks by rules.
type RulePart uint8

// The parts that words are looked for in.
const (
	StageRules RulePart = iota
	SeverityRules
	ClassRules
	OtherRules     // channels, streaks
	ruleParts  int = iota
)

// Words answers for the policy as it stands in its newest versions, of one tracker. It is for one
// goroutine.
//
// A word is named where a rule compares a fact with it, whatever else the same rule asks: what is told
// is that somebody thought of the word, not that every issue with it is taken.
type Words struct {
	policy  *Policy
	tracker string
	ask     *classifier
	named   [ruleParts]map[string][]comparison // by fact, "field.steps" for a custom field
}

// Words asks the policy about the words of a tracker.
func (p *Policy) Words(tracker string) *Words {
	w := &Words{policy: p, tracker: tracker, ask: newClassifier(p)}
	for i := range w.named {
		w.named[i] = map[string][]comparison{}
	}
	for _, st := range current(p.Flow) {
		w.learn(StageRules, st.When)
		w.learnTexts(StageRules, "labels", st.Labels)
	}
	for _, s := range p.Severities {
		w.learn(SeverityRules, current(s.When))
	}
	for _, c := range p.Classes {
		w.learn(ClassRules, current(c.When))
	}
	for _, c := range p.Channels {
		w.learn(OtherRules, c.When)
	}
	for _, s := range p.Streaks {
		w.learn(OtherRules, s.When)
	}
	for _, s := range p.Services {
		for _, fact := range []string{"labels", "components"} {
			w.learnTexts(OtherRules, fact, append([]string{s.ID, s.Name}, s.Aliases...))
		}
	}
	return w
}

func current[T any](vs Versions[T]) T { return vs.At(math.MaxInt64) }

// Stage is the stage that gathers a status: by its name or id, or by a rule that holds for an issue with
// nothing but this status, assigned or not, or that names it. False where it falls back to the tracker's
// own category.
func (w *Words) Stage(s record.Status) (StageKind, bool) {
	f := Facts{Tracker: w.tracker, Status: s.Name}
	st := w.ask.stageAt(&f, s, math.MaxInt64)
	if st.Fallback {
		f.Assigned, f.Assignees = true, []string{"somebody"}
		if is := w.ask.stageAt(&f, s, math.MaxInt64); !is.Fallback {
			st = is
		}
	}
	return st.Kind, !st.Fallback || w.Names("status", s.Name, StageRules)
}

// Looks says whether a rule of these parts, of any if none is given, looks at the fact: "priority",
// "labels", "field.severity".
func (w *Words) Looks(fact string, parts ...RulePart) bool {
	return w.any(parts, func(p RulePart) bool { return w.named[p][fact] != nil })
}

// Names says whether a rule of these parts, of any if none is given, compares the fact with the word.
func (w *Words) Names(fact, word string, parts ...RulePart) bool {
	return w.any(parts, func(p RulePart) bool {
		return slices.ContainsFunc(w.named[p][fact], func(c comparison) bool { return c.names(word) })
	})
}

func (w *Words) any(parts []RulePart, is func(RulePart) bool) bool {
	for p := range RulePart(ruleParts) {
		if (len(parts) == 0 || slices.Contains(parts, p)) && is(p) {
			return true
		}
	}
	return false
}

// Severity is what an issue of the tracker with nothing but these facts is given, 0 for none.
func (w *Words) Severity(f Facts) int {
	f.Tracker = w.tracker
	return w.ask.severityAt(&f, math.MaxInt64)
}

// Class is the class of service of an issue of the tracker with nothing but these facts; nil is
// Unclassified.
func (w *Words) Class(f Facts) *Class {
	f.Severity = w.Severity(f)
	f.Tracker = w.tracker
	return w.ask.classAt(&f, math.MaxInt64)
}

// comparison is one question of a rule about the text of a fact.
type comparison struct {
	op   string // ==, contains, startsWith, endsWith, matches; "" looks and compares with no text
	text string
	with func(string) string // what is done to the fact before: lower, upper; nil for nothing
}

func (c comparison) names(word string) bool {
	if c.with != nil {
		word = c.with(word)
	}
	switch c.op {
	case "==":
		return word == c.text
	case "contains":
		return c.text != "" && strings.Contains(word, c.text)
	case "startsWith":
		return c.text != "" && strings.HasPrefix(word, c.text)
	case "endsWith":
		return c.text != "" && strings.HasSuffix(word, c.text)
	case "matches":
		re, err := regexp.Compile(c.text)
		return err == nil && re.MatchString(word)
	}
	return false
}

// learnTexts notes texts that the policy lists beside its rules; they are compared without case.
func (w *Words) learnTexts(part RulePart, fact string, texts []string) {
	for _, t := range texts {
		w.named[part][fact] = append(w.named[part][fact], comparison{"==", fold(t), fold})
	}
}

// learn notes what a rule compares.
func (w *Words) learn(part RulePart, r *Rule) {
	if r == nil {
		return
	}
	tree, err := parser.ParseWithConfig(r.Text, ruleConfig())
	if err != nil { // it was compiled before
		return
	}
	l := learner{of: w.named[part]}
	l.walk(tree.Node, fact{})
}

// learner walks a rule's syntax tree.
type learner struct{ of map[string][]comparison }

// fact is what a part of a rule speaks of: a name in the vocabulary, and what is done to it.
type fact struct {
	name string
	with func(string) string
}

func (l learner) note(f fact, op, text string) {
	if f.name != "" {
		l.of[f.name] = append(l.of[f.name], comparison{op, text, f.with})
	}
}

// walk follows the tree; each is what # stands for.
func (l learner) walk(n ast.Node, each fact) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		l.walk(n.Node, each)
	case *ast.BinaryNode:
		l.compare(n, each)
		l.walk(n.Left, each)
		l.walk(n.Right, each)
	case *ast.ConditionalNode:
		l.walk(n.Cond, each)
		l.walk(n.Exp1, each)
		l.walk(n.Exp2, each)
	case *ast.ArrayNode:
		for _, x := range n.Nodes {
			l.walk(x, each)
		}
	case *ast.BuiltinNode:
		for i, x := range n.Arguments {
			if i > 0 {
				each = subject(n.Arguments[0], each)
			}
			l.walk(x, each)
		}
	case *ast.PredicateNode:
		l.walk(n.Node, each)
	case *ast.IdentifierNode, *ast.MemberNode:
		l.note(subject(n, each), "", "")
	}
}

// compare notes the texts that a comparison holds against a fact.
func (l learner) compare(n *ast.BinaryNode, each fact) {
	left, right := subject(n.Left, each), subject(n.Right, each)
	switch op := n.Operator; op {
	case "==", "!=":
		for _, t := range texts(n.Right) {
			l.note(left, "==", t)
		}
		for _, t := range texts(n.Left) {
			l.note(right, "==", t)
		}
	case "in": // a text in a list of a fact's, or a fact in a list of texts
		for _, t := range texts(n.Left) {
			l.note(right, "==", t)
		}
		for _, t := range texts(n.Right) {
			l.note(left, "==", t)
		}
	case "contains", "startsWith", "endsWith", "matches":
		for _, t := range texts(n.Right) {
			l.note(left, op, t)
		}
	}
}

// texts are the texts written here, one or a list of them.
func texts(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.StringNode:
		return []string{n.Value}
	case *ast.ArrayNode:
		var all []string
		for _, x := range n.Nodes {
			all = append(all, texts(x)...)
		}
		return all
	}
	return nil
}

// subject is the fact that an operand speaks of; none for anything else.
func subject(n ast.Node, each fact) fact {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return fact{name: n.Value}
	case *ast.MemberNode:
		if name, ok := n.Property.(*ast.StringNode); ok {
			return fact{name: record.FieldCustom + name.Value}
		}
	case *ast.PointerNode:
		return each
	case *ast.BuiltinNode:
		if len(n.Arguments) == 0 {
			return fact{}
		}
		f := subject(n.Arguments[0], each)
		switch n.Name {
		case "lower":
			f.with = strings.ToLower
		case "upper":
			f.with = strings.ToUpper
		case "trim", "split": // what is left of the text is still the fact's
		default:
			return fact{}
		}
		return f
	}
	return fact{}
}
