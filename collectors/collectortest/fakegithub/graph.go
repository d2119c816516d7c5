package fakegithub

// The GraphQL API: from a query to its answer.

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
)

// object is one object of the schema. Get gives a field: nil, a string, a bool, an int64, a float64, an
// object, a list of objects or of what else is here, pages of them, or a fault, which is null and an error.
type object struct {
	kind string
	get  func(name string, args map[string]any) any
}

// pages is a list of which a part is asked for.
type pages struct {
	n int

	at     func(i int) *object
	cursor func(i int) string
	after  func(cursor string) (int, bool) // the place after a cursor
}

// graph answers a query.
func (h *Hub) graph(r *request) *answer {
	if r.Method != http.MethodPost {
		return notFound()
	}
	var sent struct {
		Query     string
		Variables map[string]any
		Name      string `json:"operationName"`
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil || json.Unmarshal(raw, &sent) != nil {
		return failure(http.StatusBadRequest, "Problems parsing JSON", "https://docs.github.com/graphql")
	}
	limit := h.o.GraphLimited
	if limit == "" && h.spent("graphql") {
		limit = "RATE_LIMIT"
	}
	if limit != "" { // with status 200; seen in github.com/yanyongyu/githubkit/issues/271, the D at its end in the documentation
		return faults(fault{kind: limit, message: "API rate limit already exceeded for user ID 1000001."})
	}
	doc, bad := parseQuery(sent.Query)
	if bad != nil {
		return faults(*bad)
	}
	i := slices.IndexFunc(doc.operations, func(o operation) bool { return sent.Name == "" || o.name == sent.Name })
	if i < 0 {
		return faults(fault{message: "No operation named " + strconv.Quote(sent.Name)})
	}
	op := doc.operations[i]
	c := &check{schema: h.schema, doc: doc, declared: map[string]bool{}, vars: map[string]any{}}
	if !h.o.Installation {
		c.scopes = h.o.Scopes
	}
	for _, v := range op.variables {
		c.declared[v.name] = false
		value := whole(sent.Variables[v.name])
		if value == nil {
			value = c.value(v.fallback)
		}
		if value == nil && v.required {
			c.fault(v.at, "", "", "Variable $%s of a type that may not be null was provided invalid value", v.name)
		}
		c.vars[v.name] = value
	}
	c.fields("Query", op.fields, 1)
	for _, v := range op.variables {
		if !c.declared[v.name] {
			c.fault(v.at, "", "variableNotUsed", "Variable $%s is declared by %s but not used", v.name, cmp.Or(op.name, "anonymous query"))
		}
	}
	if c.nodes > 500_000 {
		c.fault(spot{1, 1}, "MAX_NODE_LIMIT_EXCEEDED", "", "This query requests up to %d possible nodes which exceeds the maximum limit of 500,000.", c.nodes)
	}
	if c.faults != nil {
		return faults(c.faults...)
	}
	x := &execution{h: h, face: r.face, check: c, cost: max(1, int(math.Round(float64(c.lists)/100)))}
	w := &writer{b: make([]byte, 0, 64<<10)}
	w.object(func() {
		w.key("data")
		x.object(w, x.root(), op.fields, nil)
		if x.faults != nil {
			x.errors(w, x.faults)
		}
	})
	return &answer{status: http.StatusOK, header: http.Header{}, body: w.b, cost: x.cost}
}

// faults is the answer to what cannot be answered at all.
func faults(list ...fault) *answer {
	w := &writer{}
	w.object(func() { (&execution{}).errors(w, list) })
	return &answer{status: http.StatusOK, header: http.Header{}, body: w.b}
}

// whole is a value of JSON with its whole numbers as such.
func whole(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) {
			return int64(v)
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = whole(v[k])
		}
	}
	return v
}

// execution is one query while it is answered.
type execution struct {
	face
	h      *Hub
	check  *check
	cost   int
	faults []fault
}

func (x *execution) errors(w *writer, list []fault) {
	w.arr("errors", func() {
		for _, f := range list {
			w.object(func() {
				if f.kind != "" {
					w.str("type", f.kind)
				}
				if f.kind == "RATE_LIMIT" {
					w.str("code", "graphql_rate_limit")
				}
				if f.path != nil {
					w.arr("path", func() {
						for _, p := range f.path {
							if i, index := p.(int); index {
								w.word(strconv.Itoa(i))
								continue
							}
							w.text(fmt.Sprint(p))
						}
					})
				}
				if f.code != "" {
					w.obj("extensions", func() { w.str("code", f.code) })
				}
				if f.at.line > 0 {
					w.arr("locations", func() {
						w.object(func() {
							w.int("line", int64(f.at.line))
							w.int("column", int64(f.at.column))
						})
					})
				}
				w.str("message", f.message)
			})
		}
	})
}

// is says whether a type is, or is one of, what a fragment is on.
func (x *execution) is(kind, on string) bool {
	return kind == on || slices.Contains(x.check.schema[on].of, kind)
}

// flat are the fields that are asked of an object, those of its fragments among them, each once.
func (x *execution) flat(kind string, list []field, into []field) []field {
	for _, f := range list {
		switch {
		case f.spread != "":
			if fr := x.check.doc.fragments[f.spread]; x.is(kind, fr.on) {
				into = x.flat(kind, fr.fields, into)
			}
		case f.on != "":
			if x.is(kind, f.on) {
				into = x.flat(kind, f.fields, into)
			}
		default:
			i := slices.IndexFunc(into, func(g field) bool { return g.as == f.as })
			if i < 0 {
				into = append(into, f)
				continue
			}
			into[i].fields = append(slices.Clip(into[i].fields), f.fields...)
		}
	}
	return into
}

func (x *execution) object(w *writer, o *object, list []field, path []any) {
	w.object(func() {
		for _, f := range x.flat(o.kind, list, nil) {
			w.key(f.as)
			if f.name == "__typename" {
				w.text(o.kind)
				continue
			}
			args := map[string]any{}
			for name, v := range f.args {
				args[name] = x.check.value(v)
			}
			x.value(w, o.get(f.name, args), f, args, append(slices.Clip(path), f.as))
		}
	})
}

func (x *execution) value(w *writer, v any, f field, args map[string]any, path []any) {
	switch v := v.(type) {
	case nil:
		w.word("null")
	case *fault:
		w.word("null")
		v.path, v.at = path, f.at
		x.faults = append(x.faults, *v)
	case string:
		w.text(v)
	case bool:
		w.word(strconv.FormatBool(v))
	case int64:
		w.word(itoa(v))
	case float64:
		w.word(strconv.FormatFloat(v, 'f', -1, 64))
	case *object:
		x.object(w, v, f.fields, path)
	case []any:
		w.array(func() {
			for i, e := range v {
				x.value(w, e, f, args, append(slices.Clip(path), i))
			}
		})
	case *pages:
		x.pages(w, v, f, args, path)
	default: // unanswered
		x.faults = append(x.faults, fault{message: fmt.Sprintf("fakegithub does not know %s", f.name), path: path, at: f.at})
		w.word("null")
	}
}

func (x *execution) pages(w *writer, p *pages, f field, args map[string]any, path []any) {
	from, to := 0, p.n
	if c, given := args["after"].(string); given {
		i, good := p.after(c)
		if !good {
			x.faults = append(x.faults, fault{kind: "INVALID_CURSOR_ARGUMENTS", message: fmt.Sprintf("`%s` does not appear to be a valid cursor.", c), path: path, at: f.at})
			w.word("null")
			return
		}
		from = min(i, p.n)
	}
	if first, given := args["first"].(int64); given {
		to = min(to, from+int(first))
	} else if last, given := args["last"].(int64); given {
		from = max(from, to-int(last))
	}
	cursor := func(i int) any {
		if from >= to {
			return nil
		}
		return p.cursor(i)
	}
	info := &object{kind: "PageInfo", get: func(name string, _ map[string]any) any {
		switch name {
		case "hasNextPage":
			return to < p.n
		case "hasPreviousPage":
			return from > 0
		case "startCursor":
			return cursor(from)
		}
		return cursor(to - 1)
	}}
	part := func(g field, write func(i int)) {
		w.array(func() {
			for i := from; i < to; i++ {
				write(i)
			}
		})
	}
	w.object(func() {
		for _, g := range x.flat("", f.fields, nil) {
			w.key(g.as)
			here := append(slices.Clip(path), g.as)
			switch g.name {
			case "totalCount", "issueCount":
				w.word(strconv.Itoa(p.n))
			case "pageInfo":
				x.object(w, info, g.fields, here)
			case "nodes":
				part(g, func(i int) { x.node(w, p.at(i), g.fields, append(slices.Clip(here), i-from)) })
			case "edges":
				part(g, func(i int) {
					w.object(func() {
						for _, e := range g.fields {
							w.key(e.as)
							if e.name == "cursor" {
								w.text(p.cursor(i))
								continue
							}
							x.node(w, p.at(i), e.fields, append(slices.Clip(here), i-from, e.as))
						}
					})
				})
			default:
				w.text(f.name + "Connection") // __typename
			}
		}
	})
}

func (x *execution) node(w *writer, o *object, list []field, path []any) {
	if o == nil {
		w.word("null")
		return
	}
	x.object(w, o, list, path)
}

// counted are pages of a list that only grows: a cursor is a place in it.
func counted(n int, at func(i int) *object) *pages {
	return &pages{
		n: n, at: at,
		cursor: func(i int) string { return cursor(int64(i), 0) },
		after:  func(c string) (int, bool) { i, _, good := uncursor(c); return int(i) + 1, good },
	}
}

// record is an object whose fields are known.
func record(kind string, fields map[string]any) *object {
	return &object{kind: kind, get: func(name string, _ map[string]any) any { return fields[name] }}
}
