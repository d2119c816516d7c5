package main

// Which words of a source the policy does not know, and what becomes of them.

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// prescription is what the doctor found of a source and what it advises.
type prescription struct {
	source source
	look   look

	statuses []record.Status   // that no stage gathers
	levels   []levelled        // what severities could be told by and no severity names
	fields   map[string]string // for firebreak.yaml: our name to the field's
	points   []string          // for firebreak.yaml
	unknown  []finding         // all of it in words
}

// levelled is a word that a severity can be told by: a priority, a value of the severity field, or a
// label that is called like either.
type levelled struct {
	fact string // "priority", "field.severity", "labels"
	word string
}

// question asks a rule for it.
func (l levelled) question() string {
	if l.fact == "labels" {
		return ruleText(l.word) + " in labels"
	}
	return l.fact + " == " + ruleText(l.word)
}

// levelLabel is a label that tells how bad it is, and ranks are its words, the worst first. GitHub has
// neither priorities nor severities but in labels, and these are what teams call them.
var (
	levelLabel = regexp.MustCompile(`(?i)^(?:sev|severity|s|p|prio|priority)[ :/_-]*([0-9]|[a-z]+)$`)
	ranks      = [][]string{{"0", "blocker"}, {"1", "critical", "highest", "urgent"}, {"2", "high", "major"}, {"3", "medium", "moderate", "normal"}, {"4", "low", "minor"}, {"5", "lowest", "trivial"}}
)

// levelLabels are those of the labels that tell how bad it is, the worst first.
func levelLabels(labels []string) []string {
	rank := map[string]int{}
	var found []string
	for _, l := range labels {
		m := levelLabel.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		for i, words := range ranks {
			if slices.Contains(words, strings.ToLower(m[1])) {
				rank[l] = i
				found = append(found, l)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b string) int { return cmp.Or(rank[a]-rank[b], cmp.Compare(a, b)) })
	return found
}

// finding is a sort of words that the policy does not know.
type finding struct {
	what  string // "2 statuses"
	words []string
	so    string // what becomes of issues with them
}

// compare holds the words of a survey against the policy.
func (p *prescription) compare(policy *analysis.Policy) {
	words := policy.Words(p.source.Tracker)
	p.compareStatuses(words)
	p.adviseFields()
	p.compareLevels(policy, words)
	p.comparePager(policy)
	if len(policy.Classes) > 0 && words.Looks("type", analysis.ClassRules) {
		p.compareTypes(words)
	}
}

// comparePager finds what a pager pages for and whom it names, where the policy names neither.
func (p *prescription) comparePager(policy *analysis.Policy) {
	p.find(policy.StrangeServices(p.look.Services), "service of the pager", "services of the pager", "its pages are of no service of the policy; add the name to `aliases:` of one, or the service")
	p.find(policy.StrangePeople(p.look.people), "person who is on call or answers", "people who are on call or answer", "nobody of the team; add the name to `accounts:` of a member, or the member")
}

// find notes words, if there are any.
func (p *prescription) find(words []string, one, several, so string) {
	switch len(words) {
	case 0:
	case 1:
		p.unknown = append(p.unknown, finding{"1 " + one, words, so})
	default:
		p.unknown = append(p.unknown, finding{fmt.Sprintf("%d %s", len(words), several), words, so})
	}
}

// categories are a tracker's own categories, in words.
var categories = map[string]string{record.Todo: "to do", record.Doing: "in progress", record.Done: "done"}

func (p *prescription) compareStatuses(words *analysis.Words) {
	var shown, past []string
	for _, s := range p.look.Statuses {
		if _, known := words.Stage(s); !known {
			p.statuses = append(p.statuses, s)
			if s.Category == "" {
				past = append(past, plain(cmp.Or(s.Name, s.ID)))
				continue
			}
			shown = append(shown, fmt.Sprintf("%s (%s)", plain(cmp.Or(s.Name, s.ID)), categories[s.Category]))
		}
	}
	p.find(shown, "status", "statuses", "counted by the tracker's own category")
	p.find(past, "status of no known category", "statuses of no known category", "counted as waiting")
}

// adviseFields looks for fields that firebreak.yaml could ask for.
func (p *prescription) adviseFields() {
	p.fields = map[string]string{}
	for _, f := range p.look.Fields {
		if f.Asked {
			continue
		}
		switch f.Hint {
		case "points":
			p.points = append(p.points, f.ID)
		case "severity":
			if p.source.Fields["severity"] == "" && p.fields["severity"] == "" {
				p.fields["severity"] = f.ID
			}
		}
	}
}

// compareLevels looks at what severities are told by: the field for it where there is one, and the
// priorities where the rules look at them, or where there is nothing else yet.
func (p *prescription) compareLevels(policy *analysis.Policy, words *analysis.Words) {
	byField := false
	for _, f := range p.look.Fields {
		name := p.ours(f)
		fact := record.FieldCustom + name
		if name == "" || f.Hint != "severity" && !words.Looks(fact, analysis.SeverityRules) {
			continue
		}
		byField = true
		p.compareLevel(policy, words, f.Values, fact, "value of "+fact, "values of "+fact, func(word string) analysis.Facts {
			return analysis.Facts{Field: map[string][]string{name: {word}}}
		})
	}
	if words.Looks("priority", analysis.SeverityRules) || !byField && len(policy.Severities) == 0 {
		p.compareLevel(policy, words, p.look.Priorities, "priority", "priority", "priorities", func(word string) analysis.Facts {
			return analysis.Facts{Priority: word}
		})
	}
	p.compareLevel(policy, words, levelLabels(p.look.Labels), "labels", "label", "labels", func(word string) analysis.Facts {
		return analysis.Facts{Labels: []string{word}}
	})
}

// ours is the name by which rules know a field: the one it has in firebreak.yaml, or is advised there.
func (p *prescription) ours(f live.Field) string {
	for _, fields := range []map[string]string{p.source.Fields, p.fields} {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if at := fields[name]; at == f.ID || strings.EqualFold(at, f.Name) {
				return name
			}
		}
	}
	return ""
}

// compareLevel notes the words that no severity names, by the severity that they come to all the same.
// What the policy's rule for everything takes, it takes on purpose: that is told, and there is nothing to
// paste.
func (p *prescription) compareLevel(policy *analysis.Policy, words *analysis.Words, all []string, fact, one, several string, facts func(string) analysis.Facts) {
	unnamed := map[int][]string{}
	for _, word := range all {
		if word != "" && !words.Names(fact, word, analysis.SeverityRules) {
			level := words.Severity(facts(word))
			if !takesAll(policy, level) {
				p.levels = append(p.levels, levelled{fact, word})
			}
			unnamed[level] = append(unnamed[level], plain(word))
		}
	}
	for _, level := range slices.Sorted(maps.Keys(unnamed)) {
		so := "no severity"
		if level > 0 {
			so = fmt.Sprintf("severity %d, by the rule for everything else", level)
		}
		p.find(unnamed[level], one, several, so)
	}
}

// takesAll says whether the rule of a severity is when: 'true'.
func takesAll(policy *analysis.Policy, level int) bool {
	return slices.ContainsFunc(policy.Severities, func(s analysis.Severity) bool {
		rule := s.When.At(math.MaxInt64)
		return s.Level == level && rule != nil && strings.TrimSpace(rule.Text) == "true"
	})
}

// compareTypes looks for issue types that no rule names.
func (p *prescription) compareTypes(words *analysis.Words) {
	unnamed := map[string][]string{}
	for _, t := range p.look.Types {
		if t == "" || words.Names("type", t) {
			continue
		}
		class := "Unclassified"
		if c := words.Class(analysis.Facts{Type: t}); c != nil {
			class = c.Name
		}
		unnamed[class] = append(unnamed[class], plain(t))
	}
	for _, class := range slices.Sorted(maps.Keys(unnamed)) {
		p.find(unnamed[class], "type", "types", "counted as "+class)
	}
}

func compareStatuses(a, b record.Status) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Category, b.Category))
}
