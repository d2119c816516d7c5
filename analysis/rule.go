package analysis

// Rules: yes-or-no questions about an item, written in a small part of the expression language of
// github.com/expr-lang/expr (its Language Definition tells the rest):
//
//	type == "Bug" and severity <= 2
//	"sev1" in labels or any(labels, # startsWith "customer-")
//	lower(title) contains "timeout" and not assigned
//	field.steps == "" and due != "" and due < "2026-07-01"
//
// Texts compare exactly, upper and lower case apart; lower() removes the difference. A list is asked
// with "x" in list. There is no clock, no variable, no range and no way out, so a rule always ends, and
// the same item always gets the same answer.

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/firebreak/firebreak/analysis/strict"
)

// What a rule may cost. The longest honest rule seen has 400 characters; the parser is recursive, so
// its input has to be bounded before it starts.
const (
	ruleLength = 4000   // bytes
	ruleNodes  = 500    // nodes of the syntax tree
	ruleNested = 2      // any(…, any(…)) and no deeper: an item's lists may be long
	ruleMemory = 100000 // in the expression machine's units, list elements and characters
)

// ruleFunctions are the only functions a rule can call.
var ruleFunctions = [...]string{
	"all", "any", "none", "one", "count", "len",
	"lower", "upper", "trim", "split", "int", "float", "abs", "min", "max",
}

// Rule is a question about an item, compiled when the policy was read.
type Rule struct {
	Text  string
	Place string // file:line:column where it is written

	constant string // "true" or "false" for a rule that is just this word, else ""
	asks     asked
	program  *vm.Program
}

// Uses are the names of the facts that the rule looks at, in the order of the vocabulary.
func (r *Rule) Uses() []string {
	var names []string
	for i := range vocabulary {
		if r.asks.facts&(1<<i) != 0 {
			names = append(names, vocabulary[i].Name)
		}
	}
	return names
}

// ruleMistake is what is wrong with a rule, at a place in its text.
type ruleMistake struct {
	at   int // in runes
	what string
}

// compileRule reads a rule that may look at the facts of sees. Without mistakes it has a rule.
func compileRule(text string, sees factSet) (*Rule, []ruleMistake) {
	if strings.TrimSpace(text) == "" {
		return nil, []ruleMistake{{0, `the rule is empty; a rule that always holds is 'true'`}}
	}
	if len(text) > ruleLength {
		return nil, []ruleMistake{{0, fmt.Sprintf("the rule is %d bytes long; %d is the most", len(text), ruleLength)}}
	}
	tree, err := parser.ParseWithConfig(text, ruleConfig())
	if err != nil {
		return nil, []ruleMistake{explain(err)}
	}
	look := &onlooker{sees: sees}
	look.walk(tree.Node, 0)
	if len(look.mistakes) > 0 {
		slices.SortStableFunc(look.mistakes, func(a, b ruleMistake) int { return a.at - b.at })
		return nil, look.mistakes
	}
	program, err := expr.Compile(text, ruleOptions()...)
	if err != nil {
		return nil, []ruleMistake{explain(err)}
	}
	r := &Rule{Text: text, program: program, asks: asked{facts: look.uses}}
	slices.Sort(look.fields)
	r.asks.fields = slices.Compact(look.fields)
	if b, ok := tree.Node.(*ast.BoolNode); ok {
		r.constant = fmt.Sprint(b.Value)
	}
	return r, nil
}

func ruleOptions() []expr.Option {
	opts := []expr.Option{expr.Env(&ruleEnv{}), expr.AsBool(), expr.MaxNodes(ruleNodes), expr.DisableAllBuiltins()}
	for _, name := range ruleFunctions {
		opts = append(opts, expr.EnableBuiltin(name))
	}
	return opts
}

func ruleConfig() *conf.Config {
	c := conf.CreateNew()
	for _, o := range ruleOptions() {
		o(c)
	}
	return c
}

// onlooker walks a rule's syntax tree: it notes which facts the rule looks at, and complains about
// names and constructs that rules do not have.
type onlooker struct {
	sees     factSet
	uses     factSet
	fields   []string
	mistakes []ruleMistake
}

func (o *onlooker) mistake(n ast.Node, format string, args ...any) {
	o.mistakes = append(o.mistakes, ruleMistake{n.Location().From, fmt.Sprintf(format, args...)})
}

func (o *onlooker) walk(n ast.Node, nested int) {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode:
	case *ast.IdentifierNode:
		if o.name(n); n.Value == "field" { // as a whole, it would hide which fields the rule looks at
			o.mistake(n, "%s", fieldParts)
		}
	case *ast.UnaryNode:
		o.walk(n.Node, nested)
	case *ast.BinaryNode:
		switch n.Operator {
		case "..", "**", "^", "??", "|":
			o.mistake(n, "rules do not have the operator %s", n.Operator)
		}
		o.walk(n.Left, nested)
		o.walk(n.Right, nested)
	case *ast.ConditionalNode:
		o.walk(n.Cond, nested)
		o.walk(n.Exp1, nested)
		o.walk(n.Exp2, nested)
	case *ast.ArrayNode:
		for _, x := range n.Nodes {
			o.walk(x, nested)
		}
	case *ast.MemberNode:
		o.member(n, nested)
	case *ast.BuiltinNode:
		if !slices.Contains(ruleFunctions[:], n.Name) { // the parser lets some through that are switched off
			o.function(n, n.Name)
		}
		for _, x := range n.Arguments {
			o.walk(x, nested)
		}
	case *ast.PredicateNode:
		if nested == ruleNested {
			o.mistake(n, "the rule nests more than %d questions about lists", ruleNested)
			return
		}
		o.walk(n.Node, nested+1)
	case *ast.PointerNode:
	case *ast.CallNode:
		if name, ok := n.Callee.(*ast.IdentifierNode); ok {
			o.function(name, name.Value)
		} else {
			o.walk(n.Callee, nested)
		}
	default:
		o.mistake(n, "rules have comparisons, and, or, not, in, contains, matches, startsWith, endsWith and the functions %s; not this", strings.Join(ruleFunctions[:], ", "))
	}
}

func (o *onlooker) name(n *ast.IdentifierNode) {
	for i := range vocabulary {
		if vocabulary[i].Name != n.Value {
			continue
		}
		set := factSet(1) << i
		if o.sees&set == 0 {
			o.mistake(n, "%s cannot be looked at here: it is found after this rule (%s)", n.Value, vocabulary[i].Doc)
		}
		o.uses |= set
		return
	}
	hint := strict.DidYouMean(n.Value, o.known()...)
	if hint == "" {
		hint = fmt.Sprintf("; a text stands in quotes: %q", n.Value)
	}
	o.mistake(n, "a rule knows no %s%s", n.Value, hint)
}

func (o *onlooker) known() []string {
	var names []string
	for i := range vocabulary {
		if o.sees&(1<<i) != 0 {
			names = append(names, vocabulary[i].Name)
		}
	}
	return names
}

const fieldParts = `field, and nothing else, has parts: field.steps, or field["steps to reproduce"]`

// member allows field.x and field["x"], and nothing else.
func (o *onlooker) member(n *ast.MemberNode, nested int) {
	base, _ := n.Node.(*ast.IdentifierNode)
	name, _ := n.Property.(*ast.StringNode)
	if base == nil {
		before := len(o.mistakes)
		if o.walk(n.Node, nested); len(o.mistakes) > before {
			return
		}
	}
	if base == nil || base.Value != "field" || name == nil {
		o.mistake(n, "%s", fieldParts)
		return
	}
	o.name(base)
	o.fields = append(o.fields, name.Value)
}

func (o *onlooker) function(n ast.Node, name string) {
	switch name {
	case "now", "date", "duration", "timezone":
		o.mistake(n, "a rule has no clock: it must give the same answer every night")
		return
	}
	o.mistake(n, "a rule knows no function %s%s", name, strict.DidYouMean(name, ruleFunctions[:]...))
}

// explain makes a mistake of an error of the expression compiler, with what to do about the mistakes
// that people make most.
func explain(err error) ruleMistake {
	var e *file.Error
	if !errors.As(err, &e) {
		what := err.Error()
		if strings.HasPrefix(what, "expected bool") {
			what = "a rule must be true or false, and this is neither: compare it with something"
		}
		return ruleMistake{0, what}
	}
	what := e.Message
	switch {
	case strings.Contains(what, `Operator("=")`):
		what = `a single = compares nothing; did you mean "=="?`
	case listAsText.MatchString(what):
		what = `this asks a list as if it were a text; of a list ask: "x" in labels`
	case strings.Contains(what, ": in (mismatched types string and string)"):
		what = `in looks into a list; of a text ask: title contains "x"`
	case strings.HasPrefix(what, "invalid operation: not (") || strings.HasPrefix(what, "invalid operation: ! ("):
		what = `not belongs to what stands next to it; put the question in brackets: not (type == "Bug")`
	case strings.ContainsAny(what, "“”‘’„"):
		what = `a text stands in straight quotes: "Bug"`
	case strings.Contains(what, "unexpected token EOF"):
		what = "the rule ends in the middle of a question"
	case strings.Contains(what, "literal not terminated"):
		what = "this quoted text never ends"
	case strings.HasPrefix(what, "unexpected token "):
		if _, token, ok := strings.Cut(what, `("`); ok {
			what = fmt.Sprintf("%q cannot stand here", strings.TrimSuffix(token, `")`))
		}
	case strings.Contains(what, "maximum allowed nodes"):
		what = fmt.Sprintf("the rule is too long: it has more than %d parts", ruleNodes)
	default:
		what = mismatch.ReplaceAllString(what, "$1 cannot stand between $2 and $3")
		what = goType.ReplaceAllStringFunc(what, func(t string) string { return goTypes[t] })
	}
	return ruleMistake{e.From, what}
}

// How the expression compiler speaks of types, and how the vocabulary does.
var (
	listAsText = regexp.MustCompile(`: (contains|==|!=|startsWith|endsWith|matches) \(mismatched types (\[\]string and string|string and \[\]string)\)`)
	mismatch   = regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (\S+) and (\S+)\)$`)
	goType     = regexp.MustCompile(`\[\]string|\b(string|int|float64|bool|boolean)\b`)
	goTypes    = map[string]string{"[]string": "list of texts", "string": "text", "int": "number", "float64": "number", "bool": "yes or no", "boolean": "yes or no"}
)

// asked is what the rule looks at; nothing for no rule.
func (r *Rule) asked() asked {
	if r == nil {
		return asked{}
	}
	return r.asks
}
