package fakejira

// The search index: what a query finds, in which order, and where a page of it ended.

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// found is what a query finds, in its order. It is kept as long as nothing changes, since the next page
// asks for the same.
type found struct {
	jql     string
	version int
	rows    []int
	order   []ordering
	errors  []string
}

const kept = 4 // queries

// find runs a query.
func (s *Site) find(jql string, bounded bool) *found {
	for _, f := range s.searches {
		if f.jql == jql && f.version == s.version {
			return f
		}
	}
	f := &found{jql: jql, version: s.version}
	query, errors := s.parse(jql, bounded)
	if len(errors) > 0 {
		f.errors = errors
		return f
	}
	f.order = query.order
	for n := range s.rows {
		r := &s.rows[n]
		if !r.gone && !r.unknown && !s.forbidden(r.project) && (query.where == nil || query.where(n)) {
			f.rows = append(f.rows, n)
		}
	}
	slices.SortFunc(f.rows, func(a, b int) int { return s.compare(f.order, s.standing(a), s.standing(b)) })
	s.searches = append(s.searches, f)
	if len(s.searches) > kept {
		s.searches = s.searches[1:]
	}
	return f
}

// standing is what an issue is sorted by.
type standing struct{ updated, created, project, number, id int64 }

func (s *Site) standing(n int) standing {
	r := &s.rows[n]
	return standing{r.updated, r.created, int64(r.project), int64(r.number), r.id}
}

// compare orders two issues; those that the query does not, by id.
func (s *Site) compare(order []ordering, a, b standing) int {
	for _, o := range order {
		c := 0
		switch o.field {
		case "updated":
			c = cmp.Compare(a.updated, b.updated)
		case "created":
			c = cmp.Compare(a.created, b.created)
		case "id":
			c = cmp.Compare(a.id, b.id)
		case "key":
			c = cmp.Or(strings.Compare(projects[a.project].key, projects[b.project].key), cmp.Compare(a.number, b.number))
		}
		if o.desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.id, b.id)
}

// decided says whether an order tells any two issues apart.
func decided(order []ordering) bool {
	return slices.ContainsFunc(order, func(o ordering) bool { return o.field == "id" || o.field == "key" })
}

// shuffled is what was found, with the issues that the query says no order for in another one for each
// start.
func (s *Site) shuffled(f *found, start int) []int {
	rows := slices.Clone(f.rows)
	rank := func(n int) uint64 {
		d := dice(uint64(n)<<32 ^ uint64(start))
		return d.next()
	}
	slices.SortFunc(rows, func(a, b int) int {
		x, y := s.standing(a), s.standing(b)
		x.id, y.id = 0, 0
		return cmp.Or(s.compare(f.order, x, y), cmp.Compare(rank(a), rank(b)))
	})
	return rows
}

// reconcile has the index take notice of these issues at once.
func (s *Site) reconcile(ids []int64) {
	for i := range s.lagging {
		if slices.Contains(ids, s.rows[s.lagging[i].n].id) {
			s.lagging[i].at = 0
		}
	}
	s.catchUp()
}

func hash(words ...string) uint64 {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// tokenLife is how long a token is good for.
const tokenLife = 7 * 24 * time.Hour

// token is where a page ended, bound to what was asked, and dated.
func (s *Site) token(bound uint64, values ...int64) string {
	b := binary.BigEndian.AppendUint64(nil, bound)
	b = binary.AppendVarint(b, s.now)
	for _, v := range values {
		b = binary.AppendVarint(b, v)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, byte(hash(string(b)))))
}

// readToken is the values of a token, none for no token; not ok for one that was not given for this, or
// too long ago.
func (s *Site) readToken(token string, bound uint64) (values []int64, ok bool) {
	if token == "" {
		return nil, true
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) < 10 || b[len(b)-1] != byte(hash(string(b[:len(b)-1]))) || binary.BigEndian.Uint64(b) != bound {
		return nil, false
	}
	b = b[8 : len(b)-1]
	for len(b) > 0 {
		v, n := binary.Varint(b)
		if n <= 0 {
			return nil, false
		}
		values, b = append(values, v), b[n:]
	}
	if s.now-values[0] > tokenLife.Milliseconds() {
		return nil, false
	}
	return values[1:], true
}
