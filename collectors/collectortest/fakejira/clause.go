package fakejira

// What a clause of JQL means, and which issues it is true of.

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// negated turns a clause. A field that has no value is not unlike one either, so such issues are found
// by "is EMPTY" alone.
func (p *parser) negated(not bool, name word, f func(int) bool) func(int) bool {
	if !not {
		return f
	}
	s, has := p.s, func(*issue) bool { return true }
	switch canonical(name.text) {
	case "priority":
		has = func(is *issue) bool { return is.priority >= 0 }
	case "assignee":
		has = func(is *issue) bool { return is.assignee >= 0 }
	case "labels":
		has = func(is *issue) bool { return is.labels != 0 }
	case "component":
		has = func(is *issue) bool { return is.components != 0 }
	}
	return func(n int) bool { return !f(n) && has(s.get(n)) }
}

// compare is a clause with a sign.
func (p *parser) compare(name word, op string, v operand, turned bool) func(int) bool {
	if p.wrong != "" {
		return never
	}
	field := canonical(name.text)
	if field == "updated" || field == "created" {
		f := p.dates(field, op, v)
		return func(n int) bool { return f(n) != turned }
	}
	if op == "=" || op == "!=" {
		return p.negated((op == "!=") != turned, name, p.match(name, []operand{v}))
	}
	p.naming = append(p.naming, fmt.Sprintf("The operator '%s' is not supported by the '%s' field.", op, name.text))
	return never
}

func canonical(field string) string {
	f := strings.ToLower(field)
	switch f {
	case "issuekey", "issue":
		return "key"
	case "updateddate":
		return "updated"
	case "createddate":
		return "created"
	case "type":
		return "issuetype"
	}
	return f
}

// match is a clause that asks whether a field has one of some values.
func (p *parser) match(name word, list []operand) func(int) bool {
	if p.wrong != "" {
		return never
	}
	s := p.s
	for _, v := range list {
		if v.function {
			p.naming = append(p.naming, fmt.Sprintf("Unable to find JQL function '%s()'.", v.text))
			return never
		}
	}
	missing := func(v operand, field string) {
		p.naming = append(p.naming, fmt.Sprintf("The value '%s' does not exist for the field '%s'.", v.text, field))
	}
	// oneOf matches a field whose value is one of a catalogue, by id or name.
	oneOf := func(field string, find func(string) []int, of func(*issue) int) func(int) bool {
		var set [64]bool
		for _, v := range list {
			if v.empty {
				set[63] = true
				continue
			}
			ks := find(v.text)
			if len(ks) == 0 {
				missing(v, field)
			}
			for _, k := range ks {
				set[k] = true
			}
		}
		return func(n int) bool { return set[uint(of(s.get(n)))&63] } // -1 is 63
	}
	switch field := canonical(name.text); field {
	case "project":
		var set [8]bool
		for _, v := range list {
			k := slices.IndexFunc(projects, func(q struct{ id, key, name, kind string }) bool {
				return q.id == v.text || strings.EqualFold(q.key, v.text) || strings.EqualFold(q.name, v.text)
			})
			if k < 0 || s.forbidden(k) {
				missing(v, "project")
				continue
			}
			set[k] = true
		}
		return func(n int) bool { return set[s.rows[n].project] }
	case "id", "key":
		set := map[int]bool{}
		for _, v := range list {
			n, ok := s.lookup(v.text)
			switch _, err := strconv.Atoi(v.text); {
			case ok:
				set[n] = true
			case err == nil:
				p.naming = append(p.naming, fmt.Sprintf("A value with ID '%s' does not exist for the field '%s'.", v.text, name.text))
			default:
				p.naming = append(p.naming, fmt.Sprintf("An issue with key '%s' does not exist for field '%s'.", v.text, name.text))
			}
		}
		return func(n int) bool { return set[n] }
	case "status":
		return oneOf("status", func(t string) []int {
			return numbers(len(statuses), func(k int) bool {
				return !statuses[k].gone && (statuses[k].id == t || strings.EqualFold(statuses[k].name, t) || s.words.statusNames[k] == t)
			})
		}, func(is *issue) int { return is.status })
	case "statuscategory":
		return oneOf("statusCategory", func(t string) []int {
			return numbers(len(statuses), func(k int) bool {
				c := categories[statuses[k].category]
				return c.key == t || strconv.Itoa(c.id) == t || strings.EqualFold(c.name, t) || c.zh == t
			})
		}, func(is *issue) int { return is.status })
	case "issuetype":
		return oneOf("issuetype", among(types), func(is *issue) int { return is.kind })
	case "priority":
		return oneOf("priority", among(priorities), func(is *issue) int { return is.priority })
	case "resolution":
		return oneOf("resolution", func(t string) []int {
			if strings.EqualFold(t, "unresolved") {
				return []int{63}
			}
			return among(resolutions)(t)
		}, func(is *issue) int { return is.resolution })
	case "labels":
		set, none := uint(0), false
		for _, v := range list {
			none = none || v.empty
			set |= labelSet(v.text) // any word may be a label: one that no issue has is no error
		}
		return func(n int) bool {
			is := s.get(n)
			return is.labels&set != 0 || none && is.labels == 0
		}
	case "component":
		set, none := uint(0), false
		for _, v := range list {
			ks := among(componentNames)(v.text)
			if none = none || v.empty; !v.empty && len(ks) == 0 {
				missing(v, "component")
			}
			for _, k := range ks {
				set |= 1 << k
			}
		}
		return func(n int) bool {
			is := s.get(n)
			return is.components&set != 0 || none && is.components == 0
		}
	case "assignee":
		return oneOf("assignee", func(t string) []int {
			return numbers(len(people), func(k int) bool { return people[k].account == t || people[k].key == t || people[k].name == t })
		}, func(is *issue) int { return is.assignee })
	default:
		p.naming = append(p.naming, fmt.Sprintf("Field '%s' does not exist or you do not have permission to view it.", name.text))
	}
	return never
}

func numbers(n int, ok func(int) bool) (list []int) {
	for k := range n {
		if ok(k) {
			list = append(list, k)
		}
	}
	return list
}

func among(list []named) func(string) []int {
	return func(t string) []int {
		return numbers(len(list), func(k int) bool {
			return list[k].id == t || strings.EqualFold(list[k].name, t) || list[k].zh != "" && list[k].zh == t
		})
	}
}

// dates is a clause about a date. What is written without a zone is in the account's, and goes to the
// minute.
func (p *parser) dates(field, op string, v operand) func(int) bool {
	at, ok := p.s.moment(v.text)
	switch {
	case v.function && strings.EqualFold(v.text, "now"):
		at = p.s.now
	case v.function:
		p.naming = append(p.naming, fmt.Sprintf("Unable to find JQL function '%s()'.", v.text))
		return never
	case !ok:
		p.naming = append(p.naming, fmt.Sprintf("Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.", v.text, field))
		return never
	}
	low, high := int64(math.MinInt64), int64(math.MaxInt64) // both belong to it
	switch op {
	case "=":
		low, high = at, at
	case ">=":
		low = at
	case ">":
		low = at + 1
	case "<=":
		high = at
	case "<":
		high = at - 1
	default:
		p.naming = append(p.naming, fmt.Sprintf("The operator '%s' is not supported by the '%s' field.", op, field))
		return never
	}
	rows := p.s.rows
	if field == "created" {
		return func(n int) bool { return low <= rows[n].created && rows[n].created <= high }
	}
	return func(n int) bool { return low <= rows[n].updated && rows[n].updated <= high }
}

// moment reads a date of JQL. One that the account's clocks show twice, when summer time ends, is the
// later one, as java.util.Calendar has it; Jira is written with it, but nobody saw what it does here.
func (s *Site) moment(text string) (int64, bool) {
	for _, layout := range []string{"2006/01/02 15:04", "2006-01-02 15:04", "2006/01/02", "2006-01-02"} {
		t, err := time.ParseInLocation(layout, text, s.zone)
		if err != nil {
			continue
		}
		for _, later := range []time.Duration{30 * time.Minute, time.Hour} {
			if u := t.Add(later); u.Format(layout) == t.Format(layout) && layout[len(layout)-1] == '4' {
				t = u
			}
		}
		return t.UnixMilli(), true
	}
	return s.period(text)
}

// period reads "-5d" or "4w 2d", from now.
func (s *Site) period(text string) (int64, bool) {
	units := map[byte]int64{'w': 7 * day, 'd': day, 'h': day / 24, 'm': day / 24 / 60}
	sign, total := int64(1), int64(0)
	text, negative := strings.CutPrefix(text, "-")
	if negative {
		sign = -1
	}
	parts := strings.Fields(text)
	for _, part := range parts {
		n, err := strconv.ParseInt(part[:len(part)-1], 10, 32)
		unit, ok := units[part[len(part)-1]]
		if err != nil || !ok || n < 0 {
			return 0, false
		}
		total += n * unit
	}
	return s.now + sign*total, len(parts) > 0
}
