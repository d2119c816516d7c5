package fakejira

// Searches, as they are asked for and answered.

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// searching is a search as it is asked for, in a query or a body.
type searching struct {
	JQL        string
	MaxResults *int
	Fields     []string
	Token      string
	StartAt    int
	Reconcile  []int64
	Expand     expansion
}

// expansion is one string of names on Cloud, and a list of them on Data Center.
type expansion []string

func (e *expansion) UnmarshalText(b []byte) error {
	*e = strings.Split(string(b), ",")
	return nil
}

func (e expansion) has(name string) bool { return slices.Contains(e, name) }

func (s *Site) read(q *request) (in searching, ok bool) {
	if q.Method == http.MethodPost {
		if s.opt.Cloud {
			var b struct {
				JQL        string    `json:"jql"`
				MaxResults *int      `json:"maxResults"`
				Fields     []string  `json:"fields"`
				Token      string    `json:"nextPageToken"`
				Reconcile  []int64   `json:"reconcileIssues"`
				Expand     expansion `json:"expand"`
				ByKeys     bool      `json:"fieldsByKeys"`
				Properties []string  `json:"properties"`
			}
			ok = body(q, &b)
			return searching{JQL: b.JQL, MaxResults: b.MaxResults, Fields: b.Fields, Token: b.Token, Reconcile: b.Reconcile, Expand: b.Expand}, ok
		}
		var b struct {
			JQL        string   `json:"jql"`
			StartAt    int      `json:"startAt"`
			MaxResults *int     `json:"maxResults"`
			Fields     []string `json:"fields"`
			Expand     []string `json:"expand"`
			Validate   any      `json:"validateQuery"`
		}
		ok = body(q, &b)
		return searching{JQL: b.JQL, MaxResults: b.MaxResults, Fields: b.Fields, StartAt: b.StartAt, Expand: b.Expand}, ok
	}
	in = searching{JQL: q.query.Get("jql"), Fields: q.list("fields"), Token: q.query.Get("nextPageToken"), StartAt: q.number("startAt", 0), Expand: q.list("expand")}
	if v := q.query.Get("maxResults"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			return in, false
		}
		in.MaxResults = &n
	}
	for _, v := range q.list("reconcileIssues") {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return in, false
		}
		in.Reconcile = append(in.Reconcile, n)
	}
	return in, true
}

// movedTo is Cloud's answer to the search that it had until 2025.
const movedTo = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"

// badToken is in this fake's words: Jira's own are not known, only that it refuses with a 400.
const badToken = "The nextPageToken is not valid for this request, or has expired."

// searchCloud is the search of Cloud. A page ends where the token says, by the values that the last issue
// was sorted by, and not by a number: what changes in between moves, but nothing is passed over because
// of it. (That the real tokens hold such values is from memory: decoded ones show them.)
func (s *Site) searchCloud(q *request) (int, []byte) {
	in, ok := s.read(q)
	limit := 50
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	switch {
	case !ok:
		return s.wrong(http.StatusBadRequest, badPayload)
	case limit < 1 || limit > 5000:
		return s.wrong(http.StatusBadRequest, "The value of maxResults must be between 1 and 5000.")
	case len(in.Reconcile) > 50:
		return s.wrong(http.StatusBadRequest, "reconcileIssues must not contain more than 50 elements.")
	}
	s.reconcile(in.Reconcile)
	bound := hash(in.JQL)
	after, ok := s.readToken(in.Token, bound)
	if !ok {
		return s.wrong(http.StatusBadRequest, badToken)
	}
	f := s.find(in.JQL, true)
	if len(f.errors) > 0 {
		return s.wrong(http.StatusBadRequest, f.errors...)
	}
	sh := shape{fields: wanted(in.Fields)}
	if in.Expand.has("changelog") {
		sh.histories, sh.newest = 40, true
	}
	sh.idOnly = len(sh.fields) == 0 && !slices.Contains(in.Fields, "key")
	most := 5000
	if len(sh.fields) > 0 || sh.histories > 0 {
		most = 100
	}
	if s.opt.PageCap > 0 {
		most = min(most, s.opt.PageCap)
	}
	limit = min(limit, most)

	first := 0
	if len(after) == 5 {
		last := standing{after[0], after[1], after[2], after[3], after[4]}
		first, _ = slices.BinarySearchFunc(f.rows, last, func(n int, t standing) int { return s.compare(f.order, s.standing(n), t) })
		for first < len(f.rows) && s.rows[f.rows[first]].id == last.id {
			first++
		}
		if s.awkward.Twice && first > 0 {
			first--
		}
	}
	page := f.rows[first:min(first+limit, len(f.rows))]
	more := first+len(page) < len(f.rows)
	w := s.writer(q)
	w.raw(`{`)
	if s.awkward.OldShape {
		w.raw(`"expand":"schema,names","startAt":0,"maxResults":`)
		w.num(int64(limit))
		w.raw(`,"total":`)
		w.num(int64(len(f.rows)))
	} else {
		if !s.awkward.NoLast {
			w.raw(`"isLast":`)
			w.bool(!more)
		}
		if more {
			t := s.standing(page[len(page)-1])
			w.name("nextPageToken")
			if s.awkward.SameToken && in.Token != "" {
				w.quote(in.Token)
			} else {
				w.quote(s.token(bound, t.updated, t.created, t.project, t.number, t.id))
			}
		}
	}
	w.name("issues")
	w.issues(page, sh)
	w.expansions(in.Expand, sh)
	w.raw("}")
	return w.done()
}

func (w *writer) issues(page []int, sh shape) {
	w.raw("[")
	for k, n := range page {
		w.comma(k)
		w.issue(w.s.get(n), sh)
	}
	w.raw("]")
}

// expansions are the names and the schemas of the fields.
func (w *writer) expansions(asked expansion, sh shape) {
	if asked.has("names") {
		w.name("names")
		w.raw("{")
		for _, k := range sh.fields {
			w.name(fields[k].id)
			w.quote(w.s.fieldName(fields[k]))
		}
		w.raw("}")
	}
	if asked.has("schema") {
		w.name("schema")
		w.raw("{")
		for _, k := range sh.fields {
			w.name(fields[k].id)
			w.schema(fields[k])
		}
		w.raw("}")
	}
}

// search is that of Data Center: pages by their offset in what the query finds just now. Issues whose
// order the query leaves open come in any, another on each page; and one that is changed in the middle of
// a walk shifts those behind it.
func (s *Site) search(q *request) (int, []byte) {
	if s.opt.Cloud {
		return s.wrong(http.StatusGone, movedTo)
	}
	in, ok := s.read(q)
	if !ok {
		return s.wrong(http.StatusBadRequest, "Can not deserialize the body of the request.")
	}
	limit := 50
	if in.MaxResults != nil {
		limit = *in.MaxResults
	}
	most := 1000
	if s.opt.PageCap > 0 {
		most = s.opt.PageCap
	}
	if limit < 0 || limit > most {
		limit = most
	}
	f := s.find(in.JQL, false)
	if len(f.errors) > 0 {
		return s.wrong(http.StatusBadRequest, f.errors...)
	}
	if len(in.Fields) == 0 {
		in.Fields = []string{"*navigable"}
	}
	sh := shape{fields: wanted(in.Fields)}
	if in.Expand.has("changelog") {
		sh.histories = 1 << 30
	}
	rows := f.rows
	if !decided(f.order) {
		rows = s.shuffled(f, in.StartAt)
	}
	start := max(in.StartAt, 0)
	from := min(start, len(rows))
	if s.awkward.Twice && from > 0 {
		from--
	}
	page := rows[from:min(from+limit, len(rows))]
	w := s.writer(q)
	w.raw(`{"expand":"schema,names","startAt":`)
	w.num(int64(start))
	w.raw(`,"maxResults":`)
	w.num(int64(limit))
	w.raw(`,"total":`)
	w.num(int64(len(rows)))
	w.name("issues")
	w.issues(page, sh)
	w.expansions(in.Expand, sh)
	w.raw("}")
	return w.done()
}

// approximateCount is a little less than what there is: it is an estimate, and must not be relied on.
func (s *Site) approximateCount(q *request) (int, []byte) {
	var in struct {
		JQL string `json:"jql"`
	}
	if !body(q, &in) {
		return s.wrong(http.StatusBadRequest, badPayload)
	}
	f := s.find(in.JQL, true)
	if len(f.errors) > 0 {
		return s.wrong(http.StatusBadRequest, f.errors...)
	}
	n := len(f.rows) - len(f.rows)/200
	return http.StatusOK, []byte(`{"count":` + strconv.Itoa(n) + `}`)
}

// nothingFound is what an anonymous caller finds. On Cloud a query that names what the caller may not see
// finds nothing, without an error (recorded from a public site).
func (s *Site) nothingFound(q *request) (int, []byte) {
	switch {
	case q.path[len(q.path)-1] == "jql":
		return http.StatusOK, []byte(`{"issues":[],"isLast":true}`)
	case s.opt.Cloud:
		return s.search(q)
	}
	return http.StatusOK, []byte(`{"startAt":0,"maxResults":50,"total":0,"issues":[]}`)
}

func (s *Site) noneCounted(*request) (int, []byte) { return http.StatusOK, []byte(`{"count":0}`) }
