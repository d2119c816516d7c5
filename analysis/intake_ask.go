package analysis

// A reply to paste: a short text that asks for exactly what is missing, for whoever has the week to put
// into the tracker. firebreak writes to no tracker.

import (
	"fmt"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// askable are the words of a rule in the words of a question. They ask for what a person has, not for
// what a form calls it.
var askable = []struct{ fact, question string }{
	{"text", "what happens, and what you expected instead, in a few sentences of your own"},
	{"title", "a few words that say what it is about"},
	{"components", "which part of it you were working with"},
	{"service", "which part of it you were working with"},
	{"customer", "for which customer it is"},
	{"reporter", "whom we may ask about it"},
	{"priority", "what it keeps you from doing"},
	{"type", "whether something is broken, or something is needed"},
	{"due", "by when you need it, and what happens if it comes later"},
	{"fix_versions", "in which version you need it"},
	{"milestone", "by which milestone you need it"},
	{"labels", "which of our labels fit it"},
	{"points", "how large it is, as far as you can tell"},
}

// question is what to ask for one missing fact: the policy's own words for it, else ours, else the field's
// name.
func (p *Policy) question(class *Class, fact string) string {
	for i := range p.Ready {
		if r := &p.Ready[i]; r.asks(class) && r.Ask[fact] != "" {
			return r.Ask[fact]
		}
	}
	if name, ok := strings.CutPrefix(fact, record.FieldCustom); ok {
		for _, a := range askable {
			if a.fact == name {
				return a.question
			}
		}
		return "the field “" + strings.ReplaceAll(name, "_", " ") + "”"
	}
	for _, a := range askable {
		if a.fact == fact {
			return a.question
		}
	}
	return strings.ReplaceAll(fact, "_", " ")
}

// calls is what to call a missing fact in a sentence: as the policy asks for it, with the field's name behind it,
// or that alone.
func (p *Policy) calls(fact string) string {
	for i := range p.Ready {
		if ask := p.Ready[i].Ask[fact]; ask != "" {
			return fmt.Sprintf("“%s” (%s)", ask, fact)
		}
	}
	return fact
}

// Ask is a reply to paste that asks for what an open support item misses, all of it at once; "" where there
// is nothing to ask for.
func (n *Night) Ask(it *Item) string {
	if !n.lacks(it) {
		return ""
	}
	var b strings.Builder
	if len(it.Missing) == 1 {
		fmt.Fprintf(&b, "Hello, and thank you for writing. So that we can start, could you tell us one more thing: %s?\n\n", n.Policy.question(it.Class(), it.Missing[0]))
	} else {
		b.WriteString("Hello, and thank you for writing. So that we can start, could you tell us a few more things?\n\n")
		for i, fact := range it.Missing {
			end := ";"
			if i == len(it.Missing)-1 {
				end = "."
			}
			fmt.Fprintf(&b, "%d. %s%s\n", i+1, n.Policy.question(it.Class(), fact), end)
		}
		b.WriteString("\n")
	}
	b.WriteString("If you are not sure, tell us what you do know. It stays with us meanwhile, and goes on as soon as you answer. If it stops your work today, please say so, and we will look at it with you right away.")
	return b.String()
}
