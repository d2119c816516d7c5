package fakegithub

// Search: the qualifiers that select issues by where they are, what they are and when they were updated.

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// mostFound is how many of the found can be had: GitHub answers no page that begins beyond it.
const mostFound = 1000

// search answers GET /search/issues.
func (h *Hub) search(r *request) *answer {
	found, a := h.matching(r.query.Get("q"), r.query.Get("sort"), r.query.Get("order"))
	if a != nil {
		a.kind = "search"
		return a
	}
	for name := range r.query {
		if !slices.Contains([]string{"q", "sort", "order", "per_page", "page", "advanced_search"}, name) {
			return unknown("a search by " + name)
		}
	}
	per, page := r.perPage(), r.pageNumber()
	if (page-1)*per >= mostFound {
		a = failure(http.StatusUnprocessableEntity, "Only the first 1000 search results are available", "https://docs.github.com/v3/search/")
		a.kind = "search"
		return a
	}
	a = ok(func(w *writer) {
		w.object(func() {
			w.int("total_count", int64(len(found)))
			w.bool("incomplete_results", false)
			w.arr("items", func() {
				for i := (page - 1) * per; i < min(page*per, len(found), mostFound); i++ {
					h.issue(w, r.face, found[i], true)
				}
			})
			w.str("search_type", "lexical")
		})
	})
	n := min(len(found), mostFound)
	h.numbered(a, r, nil, n, (n+per-1)/per)
	a.kind = "search"
	return a
}

// matching is what a query finds, all of it, or what to answer instead.
func (h *Hub) matching(q, by, order string) ([]*issue, *answer) {
	invalid := func(message string) *answer {
		return failure(http.StatusUnprocessableEntity, "Validation Failed", "https://docs.github.com/v3/search/",
			map[string]string{"message": message, "resource": "Search", "field": "q", "code": "invalid"})
	}
	if strings.TrimSpace(q) == "" {
		return nil, failure(http.StatusUnprocessableEntity, "Validation Failed", "https://docs.github.com/v3/search/",
			map[string]string{"resource": "Search", "field": "q", "code": "missing"})
	}
	var tests []func(*issue, *state) bool
	where := map[*repo]bool{}
	placed := false
	for _, term := range terms(q) {
		name, v, qualified := strings.Cut(term, ":")
		name, not := strings.CutPrefix(name, "-")
		v = strings.Trim(v, `"`)
		add := func(f func(*issue, *state) bool) {
			tests = append(tests, func(is *issue, s *state) bool { return f(is, s) != not })
		}
		if !qualified {
			word := strings.ToLower(strings.Trim(term, `"`))
			add(func(is *issue, s *state) bool {
				return strings.Contains(strings.ToLower(title(is, s.title)+"\n"+body(is)), word)
			})
			continue
		}
		switch name {
		case "repo", "org", "user":
			placed = true
			any := false
			for _, r := range h.repos {
				if name == "repo" && strings.EqualFold(r.full(), v) || name != "repo" && strings.EqualFold(r.owner, v) {
					if a := h.may(r); a == nil {
						any, where[r] = true, true
					}
				}
			}
			if !any {
				return nil, invalid("The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.")
			}
		case "is", "state":
			switch v {
			case "issue":
				add(func(is *issue, _ *state) bool { return !is.pull })
			case "pr", "pull-request":
				add(func(is *issue, _ *state) bool { return is.pull })
			case "open", "closed":
				add(func(_ *issue, s *state) bool { return s.name() == v })
			default:
				return nil, unknown("the qualifier " + term)
			}
		case "label":
			names := strings.Split(v, ",")
			add(func(_ *issue, s *state) bool {
				return slices.ContainsFunc(s.order, func(l uint16) bool {
					return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(labels[l].name, strings.Trim(n, `"`)) })
				})
			})
		case "type":
			add(func(is *issue, s *state) bool {
				if v == "issue" || v == "pr" {
					return is.pull == (v == "pr")
				}
				return s.kind > 0 && strings.EqualFold(types[s.kind], v)
			})
		case "assignee", "author":
			who := slices.Index(people, v)
			add(func(is *issue, s *state) bool {
				if name == "author" {
					return int(is.seed%uint64(len(people))) == who
				}
				return who >= 0 && s.assignees&(1<<who) != 0
			})
		case "milestone":
			add(func(_ *issue, s *state) bool { return s.milestone > 0 && milestones[s.milestone] == v })
		case "updated", "created", "closed":
			from, to, good := span(v)
			if !good {
				return nil, invalid(`"` + v + `" is not a recognized date/time format. Please provide an ISO 8601 date/time value, such as YYYY-MM-DD.`)
			}
			add(func(is *issue, s *state) bool {
				at := map[string]int64{"updated": is.updated, "created": is.created, "closed": s.closedAt}[name]
				return at >= from && at < to && at != 0
			})
		case "archived":
			add(func(*issue, *state) bool { return v == "false" })
		case "sort":
			by, order, _ = strings.Cut(v, "-")
		default:
			return nil, unknown("the qualifier " + term)
		}
	}
	var found []*issue
	for _, r := range h.repos {
		if placed && !where[r] || !placed && h.may(r) != nil {
			continue
		}
	each:
		for _, is := range r.byUpdate() {
			s := h.state(is)
			for _, t := range tests {
				if !t(is, s) {
					continue each
				}
			}
			found = append(found, is)
		}
	}
	key := func(is *issue) int64 { return is.updated }
	switch by {
	case "updated", "": // without an order the best match comes first, whatever that is
	case "created":
		key = func(is *issue) int64 { return is.created }
	default:
		return nil, unknown("a search sorted by " + by)
	}
	slices.SortFunc(found, func(a, b *issue) int {
		c := cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.id, b.id))
		if order != "asc" {
			c = -c
		}
		return c
	})
	return found, nil
}

// terms are the words of a query; quotes hold words together.
func terms(q string) (list []string) {
	var term strings.Builder
	quoted := false
	for _, c := range q {
		if c == '"' {
			quoted = !quoted
		}
		if c == ' ' && !quoted {
			if term.Len() > 0 {
				list = append(list, term.String())
			}
			term.Reset()
			continue
		}
		term.WriteRune(c)
	}
	if term.Len() > 0 {
		list = append(list, term.String())
	}
	return list
}

// span is the time, from and before, that a qualifier such as >=2026-01-01, 2026-01-01..2026-02-01 or
// <2026-01-01T00:00:00Z means. A date is a day of UTC.
func span(v string) (from, to int64, ok bool) {
	const never = 1 << 60
	one := func(s string) (begin, end int64, ok bool) {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t.Unix(), t.Unix() + 1, true
		}
		t, err := time.Parse(time.DateOnly, s)
		return t.Unix(), t.Unix() + day, err == nil
	}
	if a, b, found := strings.Cut(v, ".."); found {
		from, to = 0, never
		okA, okB := true, true
		if a != "*" {
			from, _, okA = one(a)
		}
		if b != "*" {
			_, to, okB = one(b)
		}
		return from, to, okA && okB
	}
	at := strings.TrimLeft(v, "<>=")
	begin, end, ok := one(at)
	switch v[:len(v)-len(at)] {
	case ">=":
		return begin, never, ok
	case ">":
		return end, never, ok
	case "<":
		return 0, begin, ok
	case "<=":
		return 0, end, ok
	case "":
		return begin, end, ok
	}
	return 0, 0, false
}
