package main

// The lines to paste into the two files.

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// paste writes the lines to paste, for all sources together: two trackers often share their words, and
// an id may be given once.
func (d *doctor) paste(ps []prescription) {
	var statuses []record.Status
	var levels []levelled
	for _, p := range ps {
		statuses = append(statuses, p.statuses...)
		levels = append(levels, p.levels...)
	}
	if lines := stageLines(d.policy, statuses); len(lines) > 0 {
		where := "stages:"
		if len(d.policy.Flow) > 0 {
			where += " (or add the statuses to a stage that is there; where you wait for others it is paused)"
		}
		d.out.paste(d.file, where, lines)
	}
	if lines := severityLines(d.policy, levels); len(lines) > 0 {
		where := "severities: (the worst first: put them in order)"
		if len(d.policy.Severities) > 0 {
			where = "severities:"
			where += " (each to the end of the rule it belongs to)"
		}
		d.out.paste(d.file, where, lines)
	}
	for _, p := range ps {
		if lines := p.sourceLines(); len(lines) > 0 {
			where := "sources: " + p.source.Name + ":"
			if len(p.source.Fields) > 0 && len(p.fields) > 0 {
				where += " (in place of its fields)"
			}
			d.out.paste(d.config.File, where, lines)
		}
	}
}

// stageLines are stages for statuses, a stage for each category: what is to do waits, what is in
// progress is worked on, what is done is done. Where the policy has that stage already they are comments
// that say what to add to it: a second one would split its figures.
func stageLines(policy *analysis.Policy, statuses []record.Status) []string {
	ids := map[string]bool{}
	for _, v := range policy.Flow {
		for _, st := range v.Is {
			ids[st.ID] = true
		}
	}
	names := map[string]map[string]bool{} // the kinds that the statuses of one name have
	for _, s := range statuses {
		if names[foldedName(s)] == nil {
			names[foldedName(s)] = map[string]bool{}
		}
		names[foldedName(s)][stageOf(s)] = true
	}
	// asWritten is how the policy would name a status: by its name, or by its id where only the ids tell two
	// of one name apart.
	asWritten := func(s record.Status) (word, as string, byID bool) {
		word, as = strings.TrimSpace(s.Name), foldedName(s)
		if s.ID != "" && (word == "" || len(names[as]) > 1) {
			return s.ID, "id " + s.ID, true
		}
		return word, as, false
	}
	// A tracker may give one status two categories, in two projects. A stage is asked for once: the furthest.
	kinds, furthest := map[string]string{}, []string{"", "waiting", "active", "done"}
	for _, s := range statuses {
		_, as, _ := asWritten(s)
		if kind := stageOf(s); slices.Index(furthest, kind) > slices.Index(furthest, kinds[as]) {
			kinds[as] = kind
		}
	}
	var lines []string
	for _, st := range []struct {
		is             analysis.StageKind
		kind, id, name string
	}{{analysis.Waiting, "waiting", "waiting", "Waiting"}, {analysis.Active, "active", "in-progress", "In progress"}, {analysis.Done, "done", "done", "Done"}} {
		var words, comments []string
		seen := map[string]bool{}
		for _, s := range statuses {
			word, as, byID := asWritten(s)
			if kinds[as] != st.kind || seen[as] || word == "" {
				continue
			}
			seen[as] = true
			words = append(words, yamlText(word))
			if byID {
				comments = append(comments, fmt.Sprintf("    # %s is %s", plain(s.ID), plain(s.Name)))
			}
			switch {
			case st.kind != "done" && perhapsPaused.MatchString(s.Name):
				comments = append(comments, fmt.Sprintf("    # a guess: %s; where you wait for others, kind is paused", plain(word)))
			case s.Category == "":
				comments = append(comments, fmt.Sprintf("    # a guess: %s; nothing says which category it has", plain(word)))
			}
		}
		if len(words) == 0 {
			continue
		}
		if there := likeStage(policy, st.is, st.id, st.name); there != "" {
			lines = append(lines, "  # "+plain(there)+" is there already; add to its statuses:")
			lines = append(lines, comments...)
			for _, l := range flowList("", words) {
				lines = append(lines, "  #   "+strings.TrimSpace(l))
			}
			continue
		}
		id, name := st.id, st.name
		for n := 2; ids[id]; n++ {
			id, name = fmt.Sprintf("%s-%d", st.id, n), fmt.Sprintf("%s %d", st.name, n)
		}
		lines = append(lines, "  - id: "+id, "    name: "+name, "    kind: "+st.kind)
		lines = append(lines, comments...)
		lines = append(lines, flowList("    statuses: ", words)...)
	}
	return lines
}

// perhapsPaused are statuses that trackers put in progress or to do, and in which a team often waits.
var perhapsPaused = regexp.MustCompile(`(?i)\b(a?wait(s|ing)?|pending|hold|held|park(ed)?|paused?|blocked|suspended|deferred|postponed|snoozed|stalled|needs? info\w*)\b`)

// likeStage is the id of the policy's stage of this kind with that id or name, "" if it has none.
func likeStage(policy *analysis.Policy, kind analysis.StageKind, id, name string) string {
	for _, st := range policy.Flow.At(math.MaxInt64) {
		if st.Kind == kind && (strings.EqualFold(st.ID, id) || strings.EqualFold(strings.TrimSpace(st.Name), name)) {
			return st.ID
		}
	}
	return ""
}

// perhapsActive and perhapsDone are the names of statuses by which their kind is guessed where nothing else
// tells it.
var (
	perhapsActive = regexp.MustCompile(`(?i)\b(active|doing|in (progress|development|review|test(ing)?|work)|develop(ing|ment)|work(ing)?|(code )?review(ing)?|testing|implementing)\b`)
	perhapsDone   = regexp.MustCompile(`(?i)^(done|closed|resolved|complete[d]?|finished|fixed|released|deployed|cancell?ed|rejected|declined|won.?t (do|fix))$`)
)

// stageOf is the kind of stage that a status is for, by the tracker's own category; without one, by its
// name.
func stageOf(s record.Status) string {
	name := strings.TrimSpace(s.Name)
	switch {
	case s.Category == record.Doing, s.Category == "" && perhapsActive.MatchString(name):
		return "active"
	case s.Category == record.Done, s.Category == "" && perhapsDone.MatchString(name):
		return "done"
	}
	return "waiting"
}

// foldedName is a status's name as the policy compares it: without case.
func foldedName(s record.Status) string { return strings.ToLower(strings.TrimSpace(s.Name)) }

// mostSeverities is how many levels a policy has at most.
const mostSeverities = 9

// severityLines are severities for words in the tracker's order, the worst first; or, where there are
// severities already, what to add to their rules.
func severityLines(policy *analysis.Policy, levels []levelled) []string {
	var lines []string
	seen := map[levelled]bool{}
	level := 0
	for _, l := range levels {
		if seen[l] {
			continue
		}
		seen[l] = true
		if len(policy.Severities) > 0 {
			lines = append(lines, "      or "+l.question())
			continue
		}
		if level++; level > mostSeverities {
			break
		}
		lines = append(lines, fmt.Sprintf("  - {level: %d, name: %s, when: %s}", level, yamlText(l.word), yamlQuoted(l.question())))
	}
	return lines
}

// sourceLines are the keys of a source that ask for the fields found.
func (p *prescription) sourceLines() []string {
	var lines []string
	if len(p.fields) > 0 {
		all := maps.Clone(p.source.Fields)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, p.fields)
		var pairs []string
		for _, name := range slices.Sorted(maps.Keys(all)) {
			pairs = append(pairs, yamlText(name)+": "+yamlText(all[name]))
		}
		lines = append(lines, "    fields: {"+strings.Join(pairs, ", ")+"}")
	}
	switch {
	case len(p.points) == 0:
	case p.source.Kind == "github":
		lines = append(lines, "    points: "+yamlText(p.points[0]))
	default:
		var words []string
		for _, w := range p.points {
			words = append(words, yamlText(w))
		}
		lines = append(lines, flowList("    points: ", words)...)
	}
	return lines
}

// flowList is a list in brackets, broken over lines that fit a terminal.
func flowList(key string, words []string) []string {
	const width = 78
	lines := []string{key + "["}
	for i, w := range words {
		if i < len(words)-1 {
			w += ","
		} else {
			w += "]"
		}
		last := &lines[len(lines)-1]
		switch {
		case strings.HasSuffix(*last, "["):
			*last += w
		case len([]rune(*last))+1+len([]rune(w)) > width:
			lines = append(lines, strings.Repeat(" ", 6)+w)
		default:
			*last += " " + w
		}
	}
	return lines
}

// plainYAML is a text that needs no quotes, in a list either, and that no reader of YAML takes for
// anything but a text.
var plainYAML = regexp.MustCompile(`^\pL[\pL\pM\pN_./()–-]*( [\pL\pM\pN_./()–-]+)*$`)

// yamlText is a text as YAML writes it.
func yamlText(s string) string {
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
	default:
		if plainYAML.MatchString(s) {
			return s
		}
	}
	return jsonText(s)
}

// yamlQuoted is a text in single quotes, which rules read best in; in double ones where it holds what
// single quotes cannot.
func yamlQuoted(s string) string {
	if strings.ContainsAny(s, "'\n\r\t") {
		return jsonText(s)
	}
	return "'" + s + "'"
}

// ruleText is a text as rules write it.
func ruleText(s string) string { return jsonText(s) }

// jsonText is a text in double quotes, with nothing in it that a terminal would act on. What JSON
// escapes, YAML and rules read alike.
func jsonText(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil { // a string can always be encoded
		return `""`
	}
	quoted := strings.TrimSuffix(b.String(), "\n")
	b.Reset()
	for _, r := range quoted {
		switch {
		case !unprintable(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}
