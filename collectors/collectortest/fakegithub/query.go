package fakegithub

// Reading a GraphQL document: queries, fragments, fields with arguments, variables. Directives and mutations
// are not read. Grammar: the GraphQL specification of October 2021, section 2.

import (
	"fmt"
	"strconv"
	"strings"
)

// document is what was sent.
type document struct {
	operations []operation
	fragments  map[string]fragment
}

type operation struct {
	name      string
	variables []variable
	fields    []field
}

// variable is a variable's declaration.
type variable struct {
	name     string
	required bool
	fallback any // nil for none
	at       spot
}

type fragment struct {
	on     string
	fields []field
}

// field is a field that is asked for, or a fragment in its place.
type field struct {
	as, name string // as is the alias, or the name again
	args     map[string]any
	fields   []field
	on       string // of an inline fragment: its type
	spread   string // a fragment's name
	at       spot
}

// A value of an argument is nil, bool, int64, float64, string, []any, map[string]any, or one of these.
type (
	enum    string
	varName string
)

// spot is a place in the query, from 1.
type spot struct{ line, column int }

// fault is what is wrong with a query, or with a part of the answer.
type fault struct {
	message string
	kind    string // errors[].type
	code    string // errors[].extensions.code
	at      spot
	path    []any
}

func (f *fault) Error() string { return f.message }

// parser reads tokens. What is wrong first is kept; from there on it reads the end.
type parser struct {
	s         string
	i         int
	line, bol int // bol is where the line begins
	tok       string
	at        spot
	err       *fault
}

func parseQuery(s string) (*document, *fault) {
	p := &parser{s: s, line: 1}
	p.advance()
	doc := &document{fragments: map[string]fragment{}}
	for p.tok != "" && p.err == nil {
		switch {
		case p.tok == "{":
			doc.operations = append(doc.operations, operation{fields: p.selection()})
		case p.tok == "query":
			doc.operations = append(doc.operations, p.operation())
		case p.tok == "fragment":
			p.advance()
			name := p.name()
			p.want("on")
			f := fragment{on: p.name()}
			f.fields = p.selection()
			doc.fragments[name] = f
		default:
			p.unexpected()
		}
	}
	if p.err == nil && len(doc.operations) == 0 {
		p.fail("A query attribute must be specified and must be a string.")
	}
	return doc, p.err
}

func (p *parser) operation() (o operation) {
	p.advance()
	if p.isName() {
		o.name = p.name()
	}
	if p.take("(") {
		for !p.take(")") && p.err == nil {
			v := variable{at: p.at}
			p.want("$")
			v.name = p.name()
			p.want(":")
			for p.take("[") {
			}
			p.name()
			v.required = p.take("!")
			for p.take("]") {
				v.required = p.take("!")
			}
			if p.take("=") {
				v.fallback = p.value()
			}
			o.variables = append(o.variables, v)
		}
	}
	o.fields = p.selection()
	return o
}

func (p *parser) selection() (list []field) {
	p.want("{")
	for !p.take("}") && p.err == nil {
		f := field{at: p.at}
		if p.take("...") {
			switch {
			case p.take("on"):
				f.on = p.name()
				f.fields = p.selection()
			case p.isName():
				f.spread = p.name()
			default:
				p.unexpected()
			}
			list = append(list, f)
			continue
		}
		f.name = p.name()
		f.as = f.name
		if p.take(":") {
			f.name = p.name()
		}
		if p.take("(") {
			f.args = map[string]any{}
			for !p.take(")") && p.err == nil {
				name := p.name()
				p.want(":")
				f.args[name] = p.value()
			}
		}
		if p.tok == "{" {
			f.fields = p.selection()
		}
		list = append(list, f)
	}
	if len(list) == 0 {
		p.unexpected()
	}
	return list
}

func (p *parser) value() any {
	switch {
	case p.take("$"):
		return varName(p.name())
	case p.take("["):
		list := []any{}
		for !p.take("]") && p.err == nil {
			list = append(list, p.value())
		}
		return list
	case p.take("{"):
		m := map[string]any{}
		for !p.take("}") && p.err == nil {
			name := p.name()
			p.want(":")
			m[name] = p.value()
		}
		return m
	case p.isName():
		switch name := p.name(); name {
		case "true", "false":
			return name == "true"
		case "null":
			return nil
		default:
			return enum(name)
		}
	}
	tok := p.tok
	defer p.advance()
	if strings.HasPrefix(tok, `"`) {
		s, err := strconv.Unquote(tok)
		if err != nil {
			p.unexpected()
		}
		return s
	}
	if n, err := strconv.ParseInt(tok, 10, 64); err == nil {
		return n
	}
	n, err := strconv.ParseFloat(tok, 64)
	if err != nil {
		p.unexpected()
	}
	return n
}

// advance goes to the next token: a name, a number, a string with its quotes, or a punctuator.
func (p *parser) advance() {
	for p.i < len(p.s) {
		c := p.s[p.i]
		if c == '\n' {
			p.line, p.bol = p.line+1, p.i+1
		}
		if c == '#' {
			for p.i < len(p.s) && p.s[p.i] != '\n' {
				p.i++
			}
			continue
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',' {
			break
		}
		p.i++
	}
	p.at = spot{p.line, p.i - p.bol + 1}
	if p.tok = ""; p.i >= len(p.s) || p.err != nil {
		return
	}
	start := p.i
	switch c := p.s[p.i]; {
	case strings.HasPrefix(p.s[p.i:], "..."):
		p.i += 3
	case c == '"':
		for p.i++; p.i < len(p.s) && p.s[p.i] != '"' && p.s[p.i] != '\n'; p.i++ {
			if p.s[p.i] == '\\' {
				p.i++
			}
		}
		p.i = min(p.i+1, len(p.s))
	case letter(c):
		for p.i < len(p.s) && letter(p.s[p.i]) {
			p.i++
		}
	case strings.IndexByte("{}()[]:!=$", c) >= 0:
		p.i++
	default: // @, |, & and what is nothing at all
		p.i++
		p.tok = p.s[start:p.i]
		p.unexpected()
		return
	}
	p.tok = p.s[start:p.i]
}

// letter says whether c is of a name or a number.
func letter(c byte) bool {
	return c == '_' || c == '-' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func (p *parser) isName() bool {
	return p.tok != "" && letter(p.tok[0]) && !strings.ContainsAny(p.tok[:1], "-.0123456789")
}

func (p *parser) name() string {
	tok := p.tok
	if !p.isName() {
		p.unexpected()
	}
	p.advance()
	return tok
}

func (p *parser) take(tok string) bool {
	if p.tok != tok {
		return false
	}
	p.advance()
	return true
}

func (p *parser) want(tok string) {
	if !p.take(tok) {
		p.unexpected()
	}
}

func (p *parser) unexpected() {
	if p.tok == "" {
		p.fail("Unexpected end of document")
		return
	}
	p.fail(fmt.Sprintf("Parse error on %q at [%d, %d]", p.tok, p.at.line, p.at.column))
}

func (p *parser) fail(message string) {
	if p.err == nil {
		p.err = &fault{message: message, at: p.at}
	}
	p.i = len(p.s)
	p.tok = ""
}
