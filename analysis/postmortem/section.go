package postmortem

// Sections: which heading means which part of a postmortem. Headings are matched the way a reader
// would: without case, numbering, decoration, or what follows a colon or a dash.

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis/strict"
)

// Kind says which part of a postmortem a section is. Kinds are permanent ids.
type Kind string

// The kinds of section. Detect to Other are the five questions.
const (
	Prose        Kind = ""         // a section of the author's own
	Preamble     Kind = "preamble" // what stands before the first section
	Summary      Kind = "summary"
	Impact       Kind = "impact"
	Timeline     Kind = "timeline"
	Detect       Kind = "detect"
	React        Kind = "react"
	QuickFix     Kind = "quick-fix"
	Prevent      Kind = "prevent"
	Other        Kind = "other"
	Improvements Kind = "improvements"
)

// Questions are the five questions, in the order they are asked.
func Questions() []Kind { return []Kind{Detect, React, QuickFix, Prevent, Other} }

// Title is the heading that a section of this kind is written under.
func (k Kind) Title() string {
	switch k {
	case Summary:
		return "Summary"
	case Impact:
		return "Impact"
	case Timeline:
		return "Timeline"
	case Detect:
		return "Detect"
	case React:
		return "React"
	case QuickFix:
		return "Quick fix"
	case Prevent:
		return "Prevent"
	case Other:
		return "Other areas of risk"
	case Improvements:
		return "Improvements"
	}
	return ""
}

// Prompt is the question that a section answers, in one line.
func (k Kind) Prompt() string {
	switch k {
	case Summary:
		return "What happened, what customers noticed, and for how long, in a few sentences."
	case Timeline:
		return "What was seen and done, when. Times are the team's; write the zone where they are not."
	case Detect:
		return "How could we have known sooner, and before a customer told us?"
	case React:
		return "How could the right people have been on it sooner, with what they needed?"
	case QuickFix:
		return "How could we have stopped the harm sooner, before we knew the cause?"
	case Prevent:
		return "What in the system let this happen, and what would keep it from happening again?"
	case Other:
		return "Where else could the same thing happen? What did we learn to worry about?"
	case Improvements:
		return "One row each, with one owner and one date. State: proposed, chosen, doing, done or declined (then say why)."
	}
	return ""
}

// question says whether k is one of the five.
func (k Kind) question() bool {
	switch k {
	case Detect, React, QuickFix, Prevent, Other:
		return true
	}
	return false
}

// required are the sections that every postmortem has.
func required() []Kind {
	return append([]Kind{Summary, Timeline}, append(Questions(), Improvements)...)
}

// kindOf is the kind that a heading names, Prose where it names none.
func kindOf(heading string) Kind {
	for _, name := range []string{normal(heading), normal(beforeColon(heading))} {
		switch name {
		case "summary", "executive summary", "overview", "summary and impact", "summary and customer impact", "summary with customer impact":
			return Summary
		case "impact", "customer impact", "impact on customers":
			return Impact
		case "timeline", "time line", "timeline of events", "incident timeline", "chronology", "key events":
			return Timeline
		case "detect", "detection", "detecting":
			return Detect
		case "react", "reaction", "reacting", "response", "respond":
			return React
		case "quick fix", "quickfix", "quick fixes", "mitigate", "mitigation", "recovery":
			return QuickFix
		case "prevent", "prevention", "preventing", "corrective and preventative measures", "corrective and preventive measures":
			return Prevent
		case "other areas of risk", "other areas", "other risks", "other", "areas of risk", "other area of risk":
			return Other
		case "improvements", "improvement", "actions", "action items", "review actions", "follow up", "follow ups", "follow up tasks", "follow up actions":
			return Improvements
		}
	}
	return Prose
}

// nearKind is the kind that a heading was probably meant to name, Prose where there is none.
func nearKind(heading string) Kind {
	name := normal(beforeColon(heading))
	if utf8.RuneCountInString(name) < 4 {
		return Prose
	}
	var titles []string
	for _, k := range required() {
		titles = append(titles, strings.ToLower(k.Title()))
	}
	return kindOf(strict.Closest(name, titles...))
}

// beforeColon is the part of a heading before a colon, a dash that stands free, a bracket or a comma:
// "Detect: how could we have known sooner?" is Detect.
func beforeColon(heading string) string {
	for i, r := range heading {
		switch {
		case i == 0:
		case r == ':' && !strings.HasPrefix(heading, ":"), r == '(', r == ',', r == '–', r == '—',
			r == '-' && heading[i-1] == ' ':
			return heading[:i]
		}
	}
	return heading
}

// normal is a heading in lower case, without emoji codes, numbering and punctuation.
func normal(heading string) string {
	heading = strings.TrimSpace(heading)
	if strings.HasPrefix(heading, ":") { // an emoji code: ":eye: Detection"
		if _, rest, ok := strings.Cut(heading[1:], ":"); ok {
			heading = rest
		}
	}
	heading = strings.TrimLeftFunc(heading, func(r rune) bool { return !unicode.IsLetter(r) })
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	})
	return strings.Join(words, " ")
}
