package analysis

// What was edited in the policy between two nights: of each part that judgements hang on, what it said then and
// what it says now, in the policy's own words.

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// KeptRule is a part of the policy as a night was judged by it.
type KeptRule struct {
	Part string `json:"part"` // in the words of the policy file: "class bug-asap, resolve"
	Says string `json:"says"`
}

// rules are the parts of the policy that class, severity, promise, stage and limits hang on. Parts that say nothing
// are not among them.
func (p *Policy) rules() []KeptRule {
	var all []KeptRule
	add := func(says, part string, args ...any) {
		if says != "" {
			all = append(all, KeptRule{fmt.Sprintf(part, args...), says})
		}
	}
	limit := func(k int) string {
		if k == 0 {
			return "none"
		}
		return fmt.Sprint(k)
	}
	target := func(t Target) string { return t.Text }
	for i := range p.Severities {
		s := &p.Severities[i]
		add(inVersions(s.When, p.Zone, (*Rule).text), "severity %d, when", s.Level)
	}
	var order []string
	for i := range p.Classes {
		c := &p.Classes[i]
		order = append(order, c.ID)
		add(string(c.Kind), "class %s, kind", c.ID)
		add(inVersions(c.When, p.Zone, (*Rule).text), "class %s, when", c.ID)
		add(inVersions(c.Respond, p.Zone, target), "class %s, respond", c.ID)
		add(inVersions(c.Resolve, p.Zone, target), "class %s, resolve", c.ID)
		add(inVersions(c.Limit, p.Zone, limit), "class %s, limit", c.ID)
	}
	add(strings.Join(order, ", "), "classes, in their order")
	add(inVersions(p.Flow, p.Zone, func(stages []Stage) string {
		var all []string
		for i := range stages {
			all = append(all, stages[i].ID)
		}
		return strings.Join(all, ", ")
	}), "stages, in their order")
	for _, v := range p.Flow {
		from := ""
		if len(p.Flow) > 1 && v.From != 0 {
			from = " from " + v.From.In(p.Zone).Format(time.DateOnly)
		}
		for i := range v.Is {
			s := &v.Is[i]
			says := []string{s.Kind.String()}
			for _, list := range [][]string{s.Statuses, s.Labels} {
				if len(list) > 0 {
					says = append(says, strings.Join(list, ", "))
				}
			}
			if s.When != nil {
				says = append(says, s.When.Text)
			}
			if s.SentBack {
				says = append(says, "sent back")
			}
			add(strings.Join(says, "; "), "stage %s%s", s.ID, from)
			add(inVersions(s.Limit, p.Zone, limit), "stage %s%s, limit", s.ID, from)
		}
	}
	add(inVersions(p.Limit, p.Zone, limit), "limit")
	add(strings.Join(p.Discarded, ", "), "discarded")
	return all
}

func (r *Rule) text() string {
	if r == nil {
		return ""
	}
	return r.Text
}

// inVersions is what each version of a part says, with the day that it holds from.
func inVersions[T any](vs Versions[T], zone *time.Location, say func(T) string) string {
	var all []string
	for i, v := range vs {
		s := say(v.Is)
		if v.From != 0 && (i > 0 || len(vs) > 1) {
			s = "from " + v.From.In(zone).Format(time.DateOnly) + ": " + s
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}

// edits are the parts that say something else than then, or nothing more, in the order of the policy.
func edits(then, now []KeptRule) Table {
	t := newTable("edited", "What was edited in the policy", Column{"part", "Part of the policy", Text}, Column{"then", "Then", Text}, Column{"now", "Now", Text})
	said := map[string]string{}
	for _, r := range then {
		said[r.Part] = r.Says
	}
	for _, r := range now {
		if said[r.Part] != r.Says {
			t.Rows = append(t.Rows, []Cell{{Text: r.Part}, titled(said[r.Part]), {Text: r.Says}})
		}
	}
	for _, r := range then {
		if !slices.ContainsFunc(now, func(n KeptRule) bool { return n.Part == r.Part }) {
			t.Rows = append(t.Rows, []Cell{{Text: r.Part}, {Text: r.Says}, titled("")})
		}
	}
	return t
}
