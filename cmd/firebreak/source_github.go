package main

// What firebreak.yaml says of GitHub.

import (
	"fmt"
	"regexp"
	"strings"
)

// github reads what is asked of GitHub.
func (r *sourceReader) github() {
	s, at := r.Live, r.Get("url")
	if u := r.webAddress(at); u != nil {
		root, path := u.Scheme+"://"+u.Host, strings.Trim(u.Path, "/")
		switch host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."); {
		case host == "github.com" || host == "api.github.com":
			at.Complain("url is for GitHub Enterprise; github.com is asked without one, so leave it out%s", repoOf(path))
		case strings.HasSuffix(host, ".ghe.com") && !strings.HasPrefix(host, "api."): // https://docs.github.com/enterprise-cloud@latest/admin/data-residency
			at.Complain("of GitHub Enterprise Cloud with data residency the address of the API is wanted; did you mean %q?", u.Scheme+"://api."+host)
		case path != "" || u.RawQuery != "" || u.Fragment != "":
			at.Complain("the address of the server alone is wanted; did you mean %q?%s", root, repoOf(path))
		}
		s.URL = root
	}
	var given []string
	for _, k := range []string{"repos", "org", "query"} {
		if r.Has(k) {
			given = append(given, k)
		}
	}
	for _, k := range given[min(1, len(given)):] {
		r.Key(k).Complain("a source asks for repos, for an org or by a query; this one has %s already", given[0])
	}
	r.repos()
	org := r.Get("org")
	if s.Org = org.Text(); s.Org != "" && !owner.MatchString(s.Org) {
		org.Complain("%q is no organisation; https://github.com/acme is  org: acme", s.Org)
	}
	q := r.Get("query")
	if s.Query = q.Text(); regexp.MustCompile(`(?i)(^|\s)(sort|order):`).MatchString(s.Query) {
		q.Complain("the order is firebreak's own: issues are read by their last update; leave sort: out")
	}
	r.projects()
}

var (
	owner   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	repo    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
	repoURL = regexp.MustCompile(`^(?:(?:https?|ssh)://(?:[^/@\s]*@)?[^/\s:]+(?::[0-9]+)?/|git@[^/\s:]+[/:])([A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+?)(?:\.git)?(?:/.*)?$`)
	board   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*/[1-9][0-9]{0,8}$`)
	boards  = regexp.MustCompile(`^https?://[^/\s]+/(?:orgs|users)/([A-Za-z0-9_-]+)/projects/([1-9][0-9]*)(?:/.*)?$`)
)

// repoOf is what a path of GitHub's site means in `repos:`.
func repoOf(path string) string {
	parts := strings.Split(path, "/")
	if len(parts) < 2 || parts[0] == "api" || parts[0] == "orgs" || !repo.MatchString(parts[0]+"/"+parts[1]) {
		return ""
	}
	return fmt.Sprintf(", and write  repos: [%s/%s]", parts[0], parts[1])
}

func (r *sourceReader) repos() {
	n := r.Get("repos")
	seen := map[string]bool{}
	for _, x := range n.List() {
		name := x.Text()
		switch m := repoURL.FindStringSubmatch(name); {
		case name == "":
		case m != nil:
			x.Complain("a repository is named without its address; did you mean %q?", m[1])
		case !repo.MatchString(name) && !strings.Contains(name, "@"):
			x.Complain("%q is no repository; it reads owner/name, such as acme/orders", name)
		case !repo.MatchString(name):
			x.Complain("this is no repository; it reads owner/name, such as acme/orders")
		case seen[strings.ToLower(name)]:
			x.Complain("%q is in repos twice", name)
		default:
			r.Live.Repos = append(r.Live.Repos, name)
		}
		seen[strings.ToLower(name)] = true
	}
	if n.IsList() && len(n.List()) == 0 {
		n.Complain("repos is empty; it reads [acme/orders, acme/billing]")
	}
}

func (r *sourceReader) projects() {
	n := r.Get("projects")
	for _, x := range n.List() {
		name := x.Text()
		switch m := boards.FindStringSubmatch(name); {
		case name == "":
		case m != nil:
			x.Complain("a project is named by its owner and number; did you mean %q?", m[1]+"/"+m[2])
		case !board.MatchString(name):
			x.Complain("%q is no project; https://github.com/orgs/acme/projects/5 is acme/5", name)
		default:
			r.Live.Projects = append(r.Live.Projects, name)
		}
	}
	if n.Given() && !r.token() {
		n.Complain("projects are not shown without a token; token_env: GITHUB_TOKEN names the variable that holds one with read:project")
	}
	if p := r.Get("points"); p.Given() && r.Kind == "github" {
		if r.Points = []string{p.Text()}; !n.Given() {
			p.Complain("points are a number field of a project; name the project, too: projects: [acme/5]")
		}
	}
}
