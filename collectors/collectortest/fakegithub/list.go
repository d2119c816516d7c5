package fakegithub

// Lists and their pages.

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tooDeep is what the service says to a page number beyond its limit.
const tooDeep = "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)"

// perPage is how many are asked for: 30 unless told, 100 at most.
func (r *request) perPage() int {
	n, err := strconv.Atoi(r.query.Get("per_page"))
	if err != nil || n < 1 {
		return 30
	}
	return min(n, 100)
}

// pageNumber is the page that is asked for, from 1.
func (r *request) pageNumber() int {
	n, _ := strconv.Atoi(r.query.Get("page"))
	return max(n, 1)
}

// link adds the address of another page of this list, if it is one, to links.
func (r *request) link(links []string, repo *repo, rel string, change map[string]string) []string {
	q := url.Values{}
	for k := range r.query {
		q.Set(k, r.query.Get(k))
	}
	for k, v := range change {
		if q.Set(k, v); v == "" {
			q.Del(k)
		}
	}
	at := r.api + "/" + strings.Join(r.path, "/")
	if repo != nil { // of a repository by its id, under which it is known whatever it is called
		rest := r.path[2:]
		if r.path[0] == "repos" {
			rest = r.path[3:]
		}
		at = r.api + "/repositories/" + itoa(repo.id) + "/" + strings.Join(rest, "/")
	}
	return append(links, "<"+at+"?"+q.Encode()+`>; rel="`+rel+`"`)
}

// page answers one page of a list of n, by number.
func (h *Hub) page(r *request, repo *repo, n int, write func(w *writer, i int)) *answer {
	per, page := r.perPage(), r.pageNumber()
	a := ok(func(w *writer) {
		w.array(func() {
			for i := (page - 1) * per; i < min(page*per, n); i++ {
				write(w, i)
			}
		})
	})
	h.numbered(a, r, repo, n, (n+per-1)/per)
	return a
}

// numbered says where the other pages of a numbered list are.
func (h *Hub) numbered(a *answer, r *request, repo *repo, n, last int) {
	var links []string
	page := r.pageNumber()
	to := func(rel string, p int) {
		links = r.link(links, repo, rel, map[string]string{"page": strconv.Itoa(p)})
	}
	if page > 1 {
		to("prev", min(page-1, max(last, 1)))
	}
	if page < last {
		to("next", page+1)
		to("last", last)
	}
	if page > 1 {
		to("first", 1)
	}
	if links != nil {
		a.header.Set("Link", strings.Join(links, ", "))
	}
}

// byUpdate are the issues of a repository, oldest update first. Those of one second are in the order of
// their ids; the service promises none.
func (r *repo) byUpdate() []*issue {
	if r.sorted == nil {
		r.issuesOnly = nil
		r.sorted = slices.Clone(r.issues)
		r.sorted = slices.DeleteFunc(r.sorted, func(is *issue) bool { return is.gone })
		slices.SortFunc(r.sorted, func(a, b *issue) int {
			return cmp.Or(cmp.Compare(a.updated, b.updated), cmp.Compare(a.id, b.id))
		})
	}
	return r.sorted
}

// unpulled are those of byUpdate that are no pull requests.
func (r *repo) unpulled() []*issue {
	all := r.byUpdate()
	if r.issuesOnly == nil {
		for _, is := range all {
			if !is.pull {
				r.issuesOnly = append(r.issuesOnly, is)
			}
		}
	}
	return r.issuesOnly
}

// cursor is a place in a list of issues: after the one with this key and id.
func cursor(key, id int64) string {
	b := binary.BigEndian.AppendUint64([]byte("cursor:v2:"), uint64(key))
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, uint64(id)))
}

func uncursor(s string) (key, id int64, ok bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != 26 || string(b[:10]) != "cursor:v2:" {
		return 0, 0, false
	}
	return int64(binary.BigEndian.Uint64(b[10:])), int64(binary.BigEndian.Uint64(b[18:])), true
}

// listing is a selection of the issues of a repository, in an order.
type listing struct {
	issues []*issue
	key    func(*issue) int64 // what it is ordered by, then by id
	desc   bool
}

// after is the place after a cursor.
func (l *listing) after(key, id int64) int {
	at, found := slices.BinarySearchFunc(l.issues, 0, func(is *issue, _ int) int {
		c := cmp.Or(cmp.Compare(l.key(is), key), cmp.Compare(is.id, id))
		if l.desc {
			c = -c
		}
		return c
	})
	if found {
		at++
	}
	return at
}

// selection says which issues are listed, and how.
type selection struct {
	since   int64  // updated at or after
	state   string // open, closed, all
	labels  []string
	pulls   bool // too
	created bool // order by creation, not by update
	desc    bool
}

// choose lists the issues of a repository.
func (h *Hub) choose(r *repo, s selection) *listing {
	l := &listing{desc: s.desc, key: func(is *issue) int64 { return is.updated }}
	all := r.byUpdate()
	if !s.pulls {
		all = r.unpulled()
	}
	at, _ := slices.BinarySearchFunc(all, s.since, func(is *issue, t int64) int { return cmp.Compare(is.updated, t) })
	all = all[at:]
	if s.state != "all" || len(s.labels) > 0 {
		var kept []*issue
		for _, is := range all {
			if h.fits(is, s) {
				kept = append(kept, is)
			}
		}
		all = kept
	}
	l.issues = all
	if s.created || s.desc {
		l.issues = slices.Clone(all)
		if s.created {
			l.key = func(is *issue) int64 { return is.created }
			slices.SortFunc(l.issues, func(a, b *issue) int {
				return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.id, b.id))
			})
		}
		if s.desc {
			slices.Reverse(l.issues)
		}
	}
	return l
}

// fits says whether an issue is in a state and has all of the labels.
func (h *Hub) fits(is *issue, sel selection) bool {
	if sel.state == "all" && len(sel.labels) == 0 {
		return true
	}
	s := h.state(is)
	if sel.state != "all" && sel.state != s.name() {
		return false
	}
	for _, name := range sel.labels {
		if !slices.ContainsFunc(s.order, func(l uint16) bool { return strings.EqualFold(labels[l].name, name) }) {
			return false
		}
	}
	return true
}

// list answers GET /repos/{owner}/{repo}/issues.
func (h *Hub) list(r *request) *answer {
	repo, _, a := h.repo(r)
	if a != nil {
		return a
	}
	sel := selection{pulls: true, state: cmp.Or(r.query.Get("state"), "open")}
	invalid := func(field string) *answer {
		return failure(http.StatusUnprocessableEntity, "Validation Failed", docs+"/issues/issues#list-repository-issues",
			map[string]string{"resource": "Issue", "code": "invalid", "field": field})
	}
	for name := range r.query {
		v := r.query.Get(name)
		switch name {
		case "state":
			if v != "open" && v != "closed" && v != "all" {
				return invalid(name)
			}
		case "sort":
			if v != "created" && v != "updated" {
				return unknown("issues sorted by " + v)
			}
		case "direction":
			if v != "asc" && v != "desc" {
				return invalid(name)
			}
		case "since":
			t, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return invalid(name)
			}
			if sel.since = t.Unix(); t.Nanosecond() > 0 {
				sel.since++
			}
		case "labels":
			sel.labels = strings.Split(v, ",")
		case "per_page", "page", "after":
		default:
			return unknown("issues by " + name)
		}
	}
	sel.created = r.query.Get("sort") != "updated"
	sel.desc = r.query.Get("direction") != "asc"
	l := h.choose(repo, sel)
	per, page := r.perPage(), r.pageNumber()
	if c := r.query.Get("after"); c != "" {
		key, id, good := uncursor(c)
		if !good {
			return failure(http.StatusUnprocessableEntity, "Invalid cursor", docs+"/issues/issues#list-repository-issues")
		}
		return h.cut(r, repo, l, l.after(key, id), per, 0, 0)
	}
	if page > h.o.DeepestPage {
		return failure(http.StatusUnprocessableEntity, tooDeep, docs+"/issues/issues#list-repository-issues")
	}
	return h.cut(r, repo, l, (page-1)*per, per, page, (len(l.issues)+per-1)/per)
}

// cut answers a part of a list of issues, with links: by number as far as numbers go, and by cursor beyond,
// without a page number (which a client that counts pages does not see as a next page).
func (h *Hub) cut(r *request, repo *repo, l *listing, at, per, page, last int) *answer {
	at = min(at, len(l.issues))
	part := l.issues[at:min(at+per, len(l.issues))]
	a := ok(func(w *writer) {
		w.b = make([]byte, 0, 8192*len(part)+2)
		w.array(func() {
			for _, is := range part {
				h.issue(w, r.face, is, false)
			}
		})
	})
	if page > 0 && last <= h.o.DeepestPage {
		h.numbered(a, r, repo, len(l.issues), last)
		return a
	}
	var links []string
	if page > 1 {
		links = r.link(links, repo, "prev", map[string]string{"page": strconv.Itoa(page - 1)})
	}
	switch {
	case at+len(part) >= len(l.issues):
	case page > 0 && page < h.o.DeepestPage:
		links = r.link(links, repo, "next", map[string]string{"page": strconv.Itoa(page + 1)})
	default:
		end := part[len(part)-1]
		links = r.link(links, repo, "next", map[string]string{"page": "", "after": cursor(l.key(end), end.id)})
	}
	if page > 1 {
		links = r.link(links, repo, "first", map[string]string{"page": "1"})
	}
	if links != nil {
		a.header.Set("Link", strings.Join(links, ", "))
	}
	return a
}
