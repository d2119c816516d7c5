package fakejira

// JQL, as much of it as a client that collects has to say, and what people configure it with. What is not
// understood is refused with Jira's own sentences: those for a query that cannot be read were recorded
// from a Cloud site, those for one that names what is not there are from public threads.

import (
	"fmt"
	"slices"
	"strings"
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
