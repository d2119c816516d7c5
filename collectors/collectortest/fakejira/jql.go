package fakejira

// JQL, as much of it as a client that collects has to say, and what people configure it with. What is not
// understood is refused with Jira's own sentences: those for a query that cannot be read were recorded
// from a Cloud site, those for one that names what is not there are from public threads.

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query is one that was understood.
type query struct {
	where func(n int) bool // nil: all
	order []ordering
}

type ordering struct {
	field string
	desc  bool
}

// word is one token: a word, an operator or a bracket.
type word struct {
	text   string
	quoted bool
	at     int // in characters, from 0
}

func (w word) is(keyword string) bool { return !w.quoted && strings.EqualFold(w.text, keyword) }

// parser reads a query. Its first syntactic error ends it; what is named and is not there is gathered.
type parser struct {
	s      *Site
	text   string
	words  []word
	wrong  string
	naming []string
}

const (
	noRestriction = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
	operators     = "The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
)

// parse understands a query, or says what is wrong with it.
func (s *Site) parse(jql string, bounded bool) (query, []string) {
	p := &parser{s: s, text: jql}
	p.split()
	var q query
	if p.wrong == "" && len(p.words) > 0 && !p.peek().is("order") {
		q.where = p.either(false)
	}
	if p.wrong == "" && len(p.words) > 0 {
		if p.peek().is("order") {
			q.order = p.ordering()
		} else {
			p.unexpected("Expecting either 'OR' or 'AND' but got '%s'.")
		}
	}
	switch {
	case p.wrong != "":
		return q, []string{p.wrong}
	case bounded && q.where == nil:
		return q, []string{noRestriction}
	case bounded && len(q.order) > 7:
		return q, []string{"The orderBy clause can contain a maximum of 7 fields."}
	case len(p.naming) > 0:
		return q, p.naming
	}
	if len(q.order) == 0 {
		q.order = []ordering{{"id", true}}
	}
	return q, nil
}

// place says where a character is: line and character, both from 1.
func (p *parser) place(at int) string {
	before := string([]rune(p.text)[:at])
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
	return fmt.Sprintf("(line %d, character %d)", line, column)
}

func (p *parser) fail(message string) {
	if p.wrong == "" {
		p.wrong = message
	}
}

// unexpected fails because of the next word, which is put into the message.
func (p *parser) unexpected(message string) {
	w := p.peek()
	p.fail("Error in the JQL Query: " + strings.ReplaceAll(message, "%s", w.text) + " " + p.place(w.at))
}

// split takes the query apart.
func (p *parser) split() {
	text := []rune(p.text)
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '"' || c == '\'':
			start, b := i, strings.Builder{}
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' && i+1 < len(text) {
					i++
				}
				b.WriteRune(text[i])
			}
			if i == len(text) {
				p.fail("Error in the JQL Query: The quoted string '" + b.String() + "' has not been completed. " + p.place(start))
				return
			}
			i++
			p.words = append(p.words, word{b.String(), true, start})
		case strings.ContainsRune("(),", c):
			p.words = append(p.words, word{string(c), false, i})
			i++
		case strings.ContainsRune("=!<>~", c):
			start := i
			for i++; i < len(text) && strings.ContainsRune("=~", text[i]) && text[start] != '=' && text[start] != '~' && i < start+2; i++ {
			}
			p.words = append(p.words, word{string(text[start:i]), false, start})
		case strings.ContainsRune("[]{}?|*/%^$#@;&`", c) && !(c == '[' && i > 1 && text[i-1] == 'f'):
			p.fail(fmt.Sprintf("Error in the JQL Query: The character '%c' is a reserved JQL character. You must enclose it in a string or use the escape '\\u%04x' instead. %s", c, c, p.place(i)))
			return
		default:
			start := i
			for i < len(text) && !strings.ContainsRune(" \t\r\n\"'(),=!<>~", text[i]) {
				i++
			}
			p.words = append(p.words, word{string(text[start:i]), false, start})
		}
	}
}

func (p *parser) peek() word {
	if len(p.words) == 0 {
		return word{at: len([]rune(p.text))}
	}
	return p.words[0]
}

func (p *parser) take() word {
	w := p.peek()
	if len(p.words) > 0 {
		p.words = p.words[1:]
	}
	return w
}

// sees takes the next word if it is this one.
func (p *parser) sees(keyword string) bool {
	if len(p.words) > 0 && p.words[0].is(keyword) {
		p.words = p.words[1:]
		return true
	}
	return false
}

// either, both and one read a query with the precedence that OR, AND and NOT have. Under a NOT all of it
// is turned, OR to AND and = to !=, as Jira does; that is why an issue without labels is not found by
// "NOT labels = x".
func (p *parser) either(not bool) func(int) bool {
	left := p.both(not)
	for p.wrong == "" && p.sees("or") {
		left = combined(!not, left, p.both(not))
	}
	return left
}

func (p *parser) both(not bool) func(int) bool {
	left := p.one(not)
	for p.wrong == "" && p.sees("and") {
		left = combined(not, left, p.one(not))
	}
	return left
}

func combined(or bool, l, r func(int) bool) func(int) bool {
	if or {
		return func(n int) bool { return l(n) || r(n) }
	}
	return func(n int) bool { return l(n) && r(n) }
}

func never(int) bool { return false }

func (p *parser) one(not bool) func(int) bool {
	switch {
	case p.wrong != "":
		return never
	case len(p.words) == 0:
		p.fail("Error in the JQL Query: Expecting a field name at the end of the query.")
		return never
	case p.sees("not"):
		return p.one(!not)
	case p.sees("("):
		inner := p.either(not)
		if p.wrong == "" && !p.sees(")") {
			if len(p.words) == 0 {
				p.fail("Error in the JQL Query: Expecting ')' before the end of the query.")
			} else {
				p.unexpected("Expecting ')' but got '%s'.")
			}
		}
		return inner
	}
	w := p.peek()
	if !w.quoted && (isOperator(w.text) || slices.Contains([]string{")", ",", "and", "or", "in", "is", "by"}, strings.ToLower(w.text))) {
		p.unexpected("Expecting a field name but got '%s'. You must surround '%s' in quotation marks to use it as a field name.")
		return never
	}
	return p.clause(p.take(), not)
}

func isOperator(s string) bool {
	return slices.Contains([]string{"=", "!=", "<", ">", "<=", ">=", "~", "!~", "!"}, s)
}

// clause reads what comes after a field's name.
func (p *parser) clause(name word, turned bool) func(int) bool {
	op := p.peek()
	switch {
	case len(p.words) == 0:
		p.fail("Error in the JQL Query: Expecting operator before the end of the query. " + operators)
		return never
	case !op.quoted && isOperator(op.text) && op.text != "!":
		p.take()
		return p.compare(name, op.text, p.value(), turned)
	case p.sees("is"):
		not := p.sees("not") != turned
		v := p.take()
		if !v.is("empty") && !v.is("null") {
			p.naming = append(p.naming, "The operator 'is' can only be used with the values 'empty' and 'null'.")
		}
		return p.negated(not, name, p.match(name, []operand{{empty: true}}))
	}
	not := p.sees("not") != turned
	if !p.sees("in") {
		p.unexpected("Expecting operator but got '%s'. " + operators)
		return never
	}
	if !p.sees("(") {
		p.unexpected("Expecting '(' but got '%s'.")
		return never
	}
	var list []operand
	for p.wrong == "" {
		list = append(list, p.value())
		if p.sees(")") {
			break
		}
		if p.wrong == "" && !p.sees(",") {
			if len(p.words) == 0 {
				p.fail("Error in the JQL Query: Expecting ')' before the end of the query.")
			} else {
				p.unexpected("Expecting ')' but got '%s'.")
			}
		}
	}
	return p.negated(not, name, p.match(name, list))
}

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

// operand is a value: a word, a call of a function, or that there is none.
type operand struct {
	text     string
	function bool
	empty    bool
}

func (p *parser) value() operand {
	if len(p.words) == 0 {
		p.fail("Error in JQL Query: Expecting either a value, list or function before the end of the query.")
		return operand{}
	}
	w := p.peek()
	if !w.quoted && (isOperator(w.text) || slices.Contains([]string{"(", ")", ",", "and", "or", "not", "order", "in", "is"}, strings.ToLower(w.text))) {
		p.fail("Error in JQL Query: Expecting either a value, list or function but got '" + w.text + "'. You must surround '" + w.text + "' in quotation marks to use it as a value. " + p.place(w.at))
		return operand{}
	}
	p.take()
	if w.is("empty") || w.is("null") {
		return operand{empty: true}
	}
	if !w.quoted && p.sees("(") {
		for len(p.words) > 0 && !p.sees(")") {
			p.take()
		}
		return operand{text: w.text, function: true}
	}
	return operand{text: w.text}
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

// ordering reads ORDER BY and what is after it.
func (p *parser) ordering() (list []ordering) {
	p.take()
	if !p.sees("by") {
		if len(p.words) == 0 {
			p.fail("Error in the JQL Query: Expecting 'BY' before the end of the query.")
		} else {
			p.unexpected("Expecting 'BY' but got '%s'.")
		}
		return nil
	}
	for {
		if len(p.words) == 0 {
			p.fail("Error in the JQL Query: Expecting a field name at the end of the query.")
			return nil
		}
		name := p.take()
		o := ordering{field: canonical(name.text)}
		if !slices.Contains([]string{"updated", "created", "key", "id"}, o.field) {
			p.naming = append(p.naming, fmt.Sprintf("Field '%s' does not exist or you do not have permission to view it.", name.text))
		}
		if !p.sees("asc") {
			o.desc = p.sees("desc")
		}
		list = append(list, o)
		if len(p.words) == 0 {
			return list
		}
		if !p.sees(",") {
			p.unexpected("Expecting either 'ASC', 'DESC' or ',' but got '%s'.")
			return nil
		}
	}
}
