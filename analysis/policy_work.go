package analysis

// The policy's work: stages, severities, classes with their promises, services, releases.

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

func (r *policyReader) flow(n strict.Node) {
	r.Flow = versions(r, n, "stages", func(n strict.Node) []Stage {
		if n.Given() && n.IsList() && len(n.List()) == 0 {
			n.Complain("there are no stages")
		}
		return r.stages(n)
	})
}

func (r *policyReader) stages(n strict.Node) []Stage {
	var stages []Stage
	seen := map[string]bool{}
	gathered := map[string]string{} // folded status: the stage that has it
	done := false
	for _, x := range n.List() {
		m := x.Map()
		var s Stage
		s.ID, s.Name = r.named(m, seen)
		kind := m.Need("kind").OneOf(stageKinds...)
		s.Kind = StageKind(max(0, slices.Index(stageKinds, kind)))
		done = done || kind == "done" || kind == ""
		statuses := m.Get("statuses")
		s.Statuses = statuses.Texts()
		for _, y := range statuses.List() {
			k := fold(y.Raw())
			if other, ok := gathered[k]; ok && k != "" && other != s.ID {
				y.Complain("the status %q is already gathered by the stage %s", y.Raw(), other)
			}
			gathered[k] = s.ID
		}
		s.Labels = m.Get("labels").Texts()
		s.When = r.rule(m.Get("when"), seenByStages)
		if m.Given() && !m.Has("statuses") && !m.Has("labels") && !m.Has("when") {
			x.Complain("this stage gathers nothing: give it statuses, labels or a rule (when)")
		}
		limit := m.Get("limit")
		if s.Limit = r.limit(limit); limit.Given() && s.Kind == Done {
			limit.Complain("what is done is not limited")
		}
		if back := m.Get("sent_back"); back.Given() {
			if s.SentBack = back.Bool(); s.SentBack && kind != "" && s.Kind != Paused {
				back.Complain("a stage that sends items back to their reporter is paused: kind: paused")
			}
		}
		stages = append(stages, s)
	}
	if len(stages) > 0 && !done {
		n.Complain("no stage is done; without one nothing is ever finished (kind: done)")
	}
	return stages
}

func (r *policyReader) severities(n strict.Node) {
	taken := "" // the rule above that takes everything
	for i, x := range n.List() {
		m := x.Map()
		level := m.Need("level")
		s := Severity{Level: level.Int(1, 9), Name: m.Need("name").Text()}
		if s.Level != 0 && s.Level != i+1 {
			level.Complain("severities go from 1, the worst, one by one: this one is %d", i+1)
		}
		when := m.Need("when")
		if taken != "" {
			when.Complain("nothing comes to this rule: the one in %s takes everything", taken)
			taken = ""
		}
		s.When = versions(r, when, "when", func(n strict.Node) *Rule { return r.rule(n, seenBySeverities) })
		if all := takesAll(s.When); all {
			taken = "severity " + strconv.Itoa(i+1)
		}
		r.Severities = append(r.Severities, s)
	}
}

func takesAll(vs Versions[*Rule]) bool {
	return len(vs) > 0 && !slices.ContainsFunc(vs, func(v Version[*Rule]) bool { return v.Is == nil || v.Is.constant != "true" })
}

func (r *policyReader) classes(n strict.Node) {
	if n.Given() && n.IsList() && len(n.List()) == 0 {
		n.Complain("there are no classes of service")
	}
	seen := map[string]bool{}
	taken := ""
	for _, x := range n.List() {
		m := x.Map()
		var c Class
		c.ID, c.Name = r.named(m, seen)
		if c.ID == (*Class)(nil).ClassID() {
			x.Complain("the id %q is what items without a class are counted under; choose another", c.ID)
		}
		c.Kind = Kind(m.Need("kind").OneOf(string(Incident), string(Problem), string(Request), string(Feature)))
		c.About = m.Get("about").Text()
		when := m.Need("when")
		if taken != "" {
			when.Complain("nothing comes to this rule: that of %s takes everything", taken)
			taken = ""
		}
		c.When = versions(r, when, "when", func(n strict.Node) *Rule { return r.rule(n, seenByClasses) })
		if takesAll(c.When) {
			taken = c.ID
		}
		c.Respond = versions(r, m.Get("respond"), "target", r.target)
		c.Resolve = versions(r, m.Get("resolve"), "target", r.target)
		c.Limit = r.limit(m.Get("limit"))
		r.Classes = append(r.Classes, c)
		if c.ID != "" && !slices.Contains(r.classIDs, c.ID) {
			r.classIDs = append(r.classIDs, c.ID)
		}
	}
}

var (
	daysTarget    = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) working days? on (\S+)$`)
	timeTarget    = regexp.MustCompile(`^(\S+) on (\S+)$`)
	releaseTarget = regexp.MustCompile(`^(?:by )?(?:the )?next (\S+) release$`)
)

// target reads a promise:
//
//	15m on always
//	3 working days on office
//	by the due date
//	next maintenance release
//	none
func (r *policyReader) target(n strict.Node) Target {
	text := strings.Join(strings.Fields(n.Text()), " ")
	t := Target{Text: text}
	onCalendar := func(name string) {
		raw := n.Raw()
		t.Kind = WorkingTime
		t.Calendar = r.onCalendar(n, utf8.RuneCountInString(raw[:max(0, strings.LastIndex(raw, name))]), name)
		if t.Calendar == nil {
			t = Target{Text: text}
		}
	}
	if m := releaseTarget.FindStringSubmatch(text); m != nil {
		t.Kind, t.Train = NextRelease, m[1]
		r.reference(n, "release train", t.Train, &r.trainNames)
		return t
	}
	if m := daysTarget.FindStringSubmatch(text); m != nil {
		t.Days, _ = strconv.ParseFloat(m[1], 64)
		if t.Days <= 0 || t.Days > 1000 {
			n.Complain("a target is more than none and at most 1000 working days")
			return Target{Text: text}
		}
		onCalendar(m[2])
		return t
	}
	if m := timeTarget.FindStringSubmatch(text); m != nil {
		if d, err := strict.ParseDuration(m[1]); err == nil {
			if t.Time = d; d <= 0 {
				n.Complain("a target is more than no time")
				return Target{Text: text}
			}
			onCalendar(m[2])
			return t
		}
	}
	switch text {
	case "", "none":
	case "by the due date":
		t.Kind = TrackerDue
	default:
		n.Complain("%q is no target%s", text, targetHint(text))
	}
	return t
}

// targetHint is what was probably meant by a text that is no target.
func targetHint(text string) string {
	const spellings = `; targets read "15m on always", "3 working days on office", "by the due date", "next maintenance release" or "none"`
	if _, err := strict.ParseDuration(text); err == nil {
		return fmt.Sprintf("; on which calendar? For example %q", text+" on always")
	}
	words := strings.Fields(text)
	if len(words) >= 2 {
		if _, err := strconv.ParseFloat(words[0], 64); err == nil {
			unit := map[string]string{"h": "h", "hour": "h", "hours": "h", "m": "m", "min": "m", "mins": "m", "minute": "m", "minutes": "m"}[words[1]]
			switch {
			case unit != "":
				return fmt.Sprintf("; did you mean %q?", strings.Join(append([]string{words[0] + unit}, words[2:]...), " "))
			case (words[1] == "day" || words[1] == "days") && words[len(words)-1] == "always":
				return daysOnAlways(words[0])
			case words[1] == "day" || words[1] == "days":
				return fmt.Sprintf("; did you mean %q?", words[0]+" working "+strings.Join(words[1:], " "))
			}
		}
	}
	if days, ok := strings.CutSuffix(text, "d on always"); ok {
		if _, err := strconv.ParseFloat(days, 64); err == nil {
			return daysOnAlways(days)
		}
	}
	if strings.Contains(text, "due") {
		return `; did you mean "by the due date"?`
	}
	if h := strict.DidYouMean(text, "none", "next maintenance release", "next major release"); h != "" {
		return h
	}
	return spellings
}

// daysOnAlways are days of 24 hours, as they are written: on a calendar that never closes no day is a working day
// more than another.
func daysOnAlways(days string) string {
	n, _ := strconv.ParseFloat(days, 64)
	return fmt.Sprintf(`; days around the clock are written in hours: "%sh on always"`, strconv.FormatFloat(24*n, 'f', -1, 64))
}

func (r *policyReader) services(n strict.Node) {
	seen := map[string]bool{}
	meant := map[string]string{}
	for _, x := range n.List() {
		m := x.Map()
		var s Service
		s.ID, s.Name = r.named(m, seen)
		aliases := m.Get("aliases")
		s.Aliases = aliases.Texts()
		means := func(n strict.Node, word string) {
			if other := meant[fold(word)]; word != "" && other != "" && other != s.ID {
				n.Warn("%q means the service %s as well; leave it to the one whose pages and components are called so", word, other)
			}
			meant[fold(word)] = s.ID
		}
		means(m.Get("name"), s.ID)
		means(m.Get("name"), s.Name)
		for _, a := range aliases.List() {
			means(a, a.Raw())
		}
		owner := m.Get("owner")
		if s.Owner = owner.Text(); strict.IsID(s.Owner) { // the name of another team is no id
			r.reference(owner, "member", s.Owner, &r.memberIDs)
		}
		r.Services = append(r.Services, s)
	}
}

func (r *policyReader) customers(n strict.Node) {
	if r.Customer = n.Text(); r.Customer == "" {
		return
	}
	if c := readCustomerSource(r.Customer); c.asks.facts == 0 && len(c.asks.fields) == 0 {
		n.Complain(`%q names no customer; customers are found in "field.NAME", "reporter", "label PREFIX" or "component"`, r.Customer)
	}
}

func (r *policyReader) ready(n strict.Node) {
	for _, x := range n.List() {
		m := x.Map()
		d := Ready{Classes: r.references(m.Get("for"), "class", &r.classIDs)}
		needs := m.Need("needs")
		d.Needs = needs.Texts()
		for _, y := range needs.List() {
			name := y.Raw()
			if field, ok := strings.CutPrefix(name, record.FieldCustom); ok && field != "" {
				continue
			}
			if names := canBeNeeded(); name != "" && !slices.Contains(names, name) {
				h := strict.DidYouMean(name, names...)
				if h == "" {
					h = "; it can ask for " + strings.Join(names, ", ") + " or field.NAME"
				}
				y.Complain("a definition of ready cannot ask for %q%s", name, h)
			}
		}
		ask := m.Get("ask").Map()
		for name, words := range ask.Each() {
			if !slices.Contains(d.Needs, name) {
				ask.Key(name).Complain("%q is not among the needs, so nobody is asked for it%s", name, strict.DidYouMean(name, d.Needs...))
				continue
			}
			if d.Ask == nil {
				d.Ask = map[string]string{}
			}
			d.Ask[name] = words.Text()
		}
		r.Ready = append(r.Ready, d)
	}
}

// canBeNeeded are the facts that a definition of ready can ask for.
func canBeNeeded() []string {
	names := []string{"service", "customer"}
	for i := range vocabulary {
		if vocabulary[i].has != nil {
			names = append(names, vocabulary[i].Name)
		}
	}
	return names
}

func (r *policyReader) channels(n strict.Node) {
	seen := map[string]bool{}
	for _, x := range n.List() {
		m := x.Map()
		var c Channel
		c.ID, c.Name = r.named(m, seen)
		c.For = r.references(m.Get("for"), "class", &r.classIDs)
		c.When = r.rule(m.Get("when"), seenByChannels)
		r.Channels = append(r.Channels, c)
	}
}

func (r *policyReader) releases(n strict.Node) {
	r.Releases = versions(r, n, "releases", func(n strict.Node) Plan {
		var p Plan
		last := map[string]record.Date{}
		for _, x := range n.List() {
			m := x.Map()
			train := m.Need("train").ID()
			if train != "" && !slices.Contains(r.trainNames, train) {
				r.trainNames = append(r.trainNames, train)
			}
			if m.Has("tracker") {
				t := TrackerTrain{Train: train, Tracker: m.Get("tracker").Text(), Project: m.Get("project").Text(), Match: pattern(m.Get("match")), Notice: m.Get("notice").Int(0, 366)}
				t.Line, t.Col = m.Get("tracker").Place()
				p.Trains = append(p.Trains, t)
				continue
			}
			date := m.Need("date")
			v := Release{Train: train, Name: m.Need("name").Text(), Date: record.Date(date.Date()), Notice: m.Get("notice").Int(0, 366)}
			switch before := last[v.Train]; {
			case v.Date == "" || v.Train == "" || before == "":
			case v.Date == before:
				date.Complain("the %s train has two releases on this day", v.Train)
			case v.Date < before:
				date.Complain("this release comes before the one of the %s train above it; releases stand in the order of their dates", v.Train)
			}
			if v.Date != "" {
				last[v.Train] = v.Date
			}
			p.Releases = append(p.Releases, v)
		}
		p.sort(r.Zone)
		return p
	})
}

// pattern is a regular expression; nil where none is given, or it is none.
func pattern(n strict.Node) *regexp.Regexp {
	text := n.Text()
	if text == "" {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		n.Complain("%q is no pattern: %s; a pattern is a regular expression of Go, such as '^[0-9]+\\.[0-9]+\\.[1-9]' for 25.2.1", text, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return nil
	}
	return re
}

// slaNames reads which of the tracker's own SLA clocks speak of which promise. What is not named is called as Jira
// Service Management calls it.
func (r *policyReader) slaNames(m *strict.Map) {
	r.SLANames = SLANames{defaultRespondSLAs(), defaultResolveSLAs()}
	seen := map[string]bool{}
	names := func(key string, to *[]string) {
		n := m.Get(key)
		if !n.Given() {
			return
		}
		*to = nil
		for _, x := range n.List() {
			name := x.Text()
			if name == "" {
				continue
			}
			if seen[fold(name)] {
				x.Complain("the clock %q is named twice; it speaks of one promise", name)
			}
			seen[fold(name)] = true
			*to = append(*to, name)
		}
	}
	names("respond", &r.SLANames.Respond)
	names("resolve", &r.SLANames.Resolve)
}
