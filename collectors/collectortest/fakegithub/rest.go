package fakegithub

// The REST API, route by route.

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// rest answers a request of the REST API.
func (h *Hub) rest(r *request) *answer {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if h.o.Enterprise {
		var ok bool
		if path, ok = strings.CutPrefix(path, "api/v3/"); !ok {
			r.route = "(outside the API)"
			return notFound()
		}
	}
	r.path = strings.Split(path, "/")
	r.route = "(unknown)"
	if a := h.limited("core"); a != nil && r.path[0] != "rate_limit" && r.path[0] != "search" {
		r.route = "(rate limited)"
		return a
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return unknown(r.Method + " of anything but GraphQL")
	}
	if a := h.refused(r); a != nil {
		r.route = "(not let in)"
		return a
	}
	is := func(template string) bool {
		parts := strings.Split(template, "/")
		if len(parts) != len(r.path) {
			return false
		}
		for i, p := range parts {
			if p != r.path[i] && !strings.HasPrefix(p, "{") {
				return false
			}
		}
		r.route = "/" + template
		return true
	}
	switch {
	case is("user"):
		return h.user(r)
	case is("rate_limit"):
		return h.rates()
	case is("search/issues"):
		return h.search(r)
	case is("orgs/{org}/repos"), is("users/{username}/repos"):
		return h.repositories(r)
	case is("orgs/{org}/issue-types"):
		return h.kinds(r)
	case is("orgs/{org}"), is("users/{username}"):
		return h.account(r)
	case is("repos/{owner}/{repo}"), is("repositories/{id}"):
		repo, rest, a := h.repo(r)
		if a != nil || len(rest) > 0 {
			return orNotFound(a)
		}
		return ok(func(w *writer) { h.repository(w, r.face, repo, true) })
	case is("repos/{owner}/{repo}/labels"), is("repositories/{id}/labels"):
		repo, _, a := h.repo(r)
		if a != nil {
			return a
		}
		return h.page(r, repo, len(labels), func(w *writer, i int) { r.label(w, repo, i) })
	case is("repos/{owner}/{repo}/issues"), is("repositories/{id}/issues"):
		return h.list(r)
	case is("repos/{owner}/{repo}/issues/{number}"), is("repositories/{id}/issues/{number}"),
		is("repos/{owner}/{repo}/issues/{number}/timeline"), is("repositories/{id}/issues/{number}/timeline"),
		is("repos/{owner}/{repo}/issues/{number}/events"), is("repositories/{id}/issues/{number}/events"),
		is("repos/{owner}/{repo}/issues/{number}/comments"), is("repositories/{id}/issues/{number}/comments"):
		return h.one(r)
	}
	return unknown(r.URL.Path)
}

func ok(write func(*writer)) *answer {
	w := &writer{b: make([]byte, 0, 4096)}
	write(w)
	return &answer{status: http.StatusOK, header: http.Header{}, body: w.b, kind: "core"}
}

func orNotFound(a *answer) *answer {
	if a == nil {
		return notFound()
	}
	return a
}

// repo is the repository that is asked for, and the rest of the path, or what to answer instead.
func (h *Hub) repo(r *request) (*repo, []string, *answer) {
	var found *repo
	var rest []string
	if r.path[0] == "repositories" {
		rest = r.path[2:]
		if i := slices.IndexFunc(h.repos, func(one *repo) bool { return itoa(one.id) == r.path[1] }); i >= 0 {
			found = h.repos[i]
		}
	} else {
		rest = r.path[3:]
		full := r.path[1] + "/" + r.path[2]
		if found = h.find(full); found == nil {
			if heir := h.find(h.o.Renamed[full]); heir != nil {
				to := r.api + "/repositories/" + strings.Join(append([]string{itoa(heir.id)}, rest...), "/")
				if r.URL.RawQuery != "" {
					to += "?" + r.URL.RawQuery
				}
				return nil, nil, moved(to)
			}
		}
	}
	if found == nil {
		return nil, nil, notFound()
	}
	a := h.may(found)
	if a != nil && a.status == http.StatusGone && (len(rest) == 0 || rest[0] != "issues") {
		a = nil
	}
	return found, rest, a
}

// find is the repository of this name, nil if there is none.
func (h *Hub) find(full string) *repo {
	i := slices.IndexFunc(h.repos, func(one *repo) bool { return strings.EqualFold(one.full(), full) })
	if i < 0 {
		return nil
	}
	return h.repos[i]
}

func moved(to string) *answer {
	var w writer
	w.object(func() {
		w.str("message", "Moved Permanently")
		w.str("url", to)
		w.str("documentation_url", docs+"/guides/best-practices-for-using-the-rest-api#follow-redirects")
	})
	return &answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {to}}, body: w.b, kind: "core"}
}

// one answers what is asked of one issue.
func (h *Hub) one(r *request) *answer {
	repo, rest, a := h.repo(r)
	if a != nil {
		return a
	}
	n, err := strconv.Atoi(rest[1])
	if err != nil || n < 1 || n > len(repo.issues) {
		return notFound()
	}
	is := repo.issues[n-1]
	if is.gone {
		switch {
		case !is.moved:
			return failure(http.StatusGone, "This issue was deleted", docs+"/issues/issues#get-an-issue")
		case is.heir == nil || h.may(is.heir.repo) != nil:
			return notFound()
		}
		to := r.api + "/repositories/" + itoa(is.heir.repo.id) + "/issues/" + itoa(int64(is.heir.number))
		for _, p := range rest[2:] {
			to += "/" + p
		}
		return moved(to)
	}
	if len(rest) == 2 {
		return ok(func(w *writer) { h.issue(w, r.face, is, false) })
	}
	list := h.history(is)
	at := h.shown(list, rest[2] == "timeline")
	if rest[2] == "comments" {
		at = comments(list)
	}
	return h.page(r, repo, len(at), func(w *writer, i int) {
		e := list[at[i]]
		if rest[2] == "comments" {
			h.comment(w, r.face, is, at[i], e, false)
			return
		}
		h.event(w, r.face, is, at[i], e, rest[2] == "timeline")
	})
}

// user answers who the token is.
func (h *Hub) user(r *request) *answer {
	return ok(func(w *writer) {
		r.person(w, 0)
		w.b = w.b[:len(w.b)-1] // the brace: more is known of oneself
		for _, k := range []string{"name", "company", "location", "email", "hireable", "bio", "twitter_username", "notification_email"} {
			w.null(k)
		}
		w.str("blog", "")
		for _, k := range []string{"public_repos", "public_gists", "followers", "following"} {
			w.int(k, 0)
		}
		w.when("created_at", h.o.Now.Unix()-5*year)
		w.when("updated_at", h.o.Now.Unix()-day)
		w.close('}')
	})
}

// account answers who owns repositories.
func (h *Hub) account(r *request) *answer {
	login := r.path[1]
	owned := slices.ContainsFunc(h.repos, func(one *repo) bool { return strings.EqualFold(one.owner, login) })
	if !owned || r.path[0] == "orgs" && login != h.o.Org {
		return notFound()
	}
	return ok(func(w *writer) { h.owner(w, r.face, login) })
}

func (h *Hub) repositories(r *request) *answer {
	login := r.path[1]
	var list []*repo
	known := strings.EqualFold(login, h.o.Org)
	for _, one := range h.repos {
		if strings.EqualFold(one.owner, login) {
			known = true
			if a := h.may(one); a == nil || a.status == http.StatusGone {
				list = append(list, one)
			}
		}
	}
	if !known || r.path[0] == "orgs" && !strings.EqualFold(login, h.o.Org) {
		return notFound()
	}
	return h.page(r, nil, len(list), func(w *writer, i int) { h.repository(w, r.face, list[i], false) })
}

func (h *Hub) kinds(r *request) *answer {
	if !strings.EqualFold(r.path[1], h.o.Org) {
		return notFound()
	}
	return ok(func(w *writer) {
		w.array(func() {
			for t := range types[1:] {
				h.kind(w, t+1)
			}
		})
	})
}

// rates answers how much of the quotas is left, which costs nothing.
func (h *Hub) rates() *answer {
	if h.o.Enterprise {
		return failure(http.StatusNotFound, "Rate limiting is not enabled.", docs+"/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user")
	}
	h.roll()
	a := ok(func(w *writer) {
		rate := func(kind string) {
			limit := h.quota(kind)
			used := min(h.used[kind], limit)
			if h.o.Quota == 0 {
				used = h.used[kind] % limit
			}
			w.object(func() {
				w.int("limit", int64(limit))
				w.int("used", int64(used))
				w.int("remaining", int64(limit-used))
				w.int("reset", h.window+3600)
			})
		}
		w.object(func() {
			w.obj("resources", func() {
				for _, kind := range []string{"core", "search", "graphql"} {
					w.key(kind)
					rate(kind)
				}
			})
			w.key("rate")
			rate("core")
		})
	})
	a.kind = ""
	return a
}
