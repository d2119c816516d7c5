package main

// What firebreak.yaml says of a Jira site.

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// jira reads what is asked of a Jira.
func (r *sourceReader) jira() {
	s, site := r.Live, r.Get("url")
	s.Email = r.email()
	u := r.webAddress(site)
	host := ""
	if u != nil {
		host = strings.ToLower(u.Hostname())
	}
	gateway := host == "api.atlassian.com"
	hosted := strings.HasSuffix(host, ".atlassian.net") || strings.HasSuffix(host, ".jira.com")
	s.Cloud = gateway || hosted || s.Email != ""
	if u != nil {
		root := u.Scheme + "://" + u.Host
		path := strings.TrimRight(u.Path, "/")
		switch mended, ok := contextPath(path); {
		case gateway && !cloudID.MatchString(path):
			site.Complain("behind Atlassian's gateway an address reads https://api.atlassian.com/ex/jira/ and the site's cloudId, which stands in https://acme.atlassian.net/_edge/tenant_info")
		case gateway && !r.Has("browse"):
			site.Warn("nobody can look at issues behind the gateway, so the wiki cannot link to them; give the site's own address, too: browse: https://acme.atlassian.net")
		case s.Cloud && !gateway && !hosted && mended != "" && !cloudView.MatchString(path):
			and := ""
			if !ok {
				and = ", and write  url: " + root + mended
			}
			r.Key("email").Complain("email: is for Jira Cloud, and an address with a path (%s) is a Data Center's, whose personal access token needs no email: leave it out%s", mended, and)
		case s.Cloud && !gateway && path != "":
			site.Complain("this is the address of a view; the site's own is wanted: did you mean %q?", root)
		case !gateway && !ok:
			site.Complain("this is the address of a view; the site's own is wanted: did you mean %q?", root+mended)
		case u.RawQuery != "" || u.Fragment != "":
			site.Complain("an address has no ? or # here; did you mean %q?", root+path)
		}
		s.URL = root + path
	}
	s.Browse = strings.TrimRight(address(r.Get("browse")), "/")
	if hosted && !r.Has("email") {
		r.Complain("%s has no email: Jira Cloud wants the address of the account whose API token it is, such as  email: bot@acme.com", r.Name)
	}
	if r.Has("url") && !r.token() {
		r.Complain("%s names no token: token_env: JIRA_TOKEN is the name of an environment variable that holds it, token_file: /run/secrets/jira a file", r.Name)
	}
	jql := r.Get("jql")
	if s.JQL = jql.Text(); !jql.Given() && r.Has("url") && !r.Has("jql") {
		r.Complain("%s has no jql: which issues are wanted, such as  jql: project = SUP", r.Name)
	}
	if at := orderBy(jql.Raw()); at >= 0 {
		jql.ComplainAt(at, "ORDER BY is firebreak's own: issues are read by their last update; leave it out")
	}
	if at := sliding.FindStringIndex(jql.Raw()); at != nil {
		jql.Warn("%q moves on every night, and issues that it leaves behind count as gone; a fixed date (created >= 2025-01-01) keeps them", jql.Raw()[at[0]:at[1]])
	}
}

// cloudID is the path of a site behind the gateway.
var cloudID = regexp.MustCompile(`^/ex/jira/[0-9a-zA-Z-]{8,64}$`)

// cloudView is the path of a view of Cloud's that no Data Center has, even below /jira: Cloud may stand
// behind a host of the team's own. Its views are from memory, unconfirmed; what is missing here is told
// that email: is for Cloud, which is true as well.
var cloudView = regexp.MustCompile(`^/jira/(software|core|servicedesk|work-management|discovery|ops|projects|people|dashboards|filters|plans|apps|for-you|your-work|settings)(/|$)`)

// sliding is a lower bound of a date that moves with the days.
var sliding = regexp.MustCompile(`(?i)\b(updated|updateddate|created|createddate|resolved|resolutiondate)\s*>=?\s*["']?(-\s*\d+\s*[a-z]+|(startOf|endOf|now)[a-z]*\s*\()`)

// contextPath is the part of a path below which a Data Center is installed, and whether that is all of
// it: /jira of /jira/browse/SUP-1.
func contextPath(path string) (string, bool) {
	views := []string{"browse", "projects", "issues", "secure", "rest", "servicedesk", "plugins", "login.jsp"}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if slices.Contains(views, p) {
			return strings.Join(parts[:i], "/"), false
		}
	}
	return path, true
}

// orderBy is where ORDER BY begins outside of quoted texts, in characters; -1 if nowhere.
func orderBy(jql string) int {
	rs := []rune(jql)
	var quote rune
	word := func(i int, w string) bool {
		j := i + len(w)
		return j <= len(rs) && strings.EqualFold(string(rs[i:j]), w) &&
			(i == 0 || !inWord(rs[i-1])) && (j == len(rs) || !inWord(rs[j]))
	}
	for i := 0; i < len(rs); i++ {
		switch {
		case rs[i] == '\\':
			i++
		case quote != 0:
			if rs[i] == quote {
				quote = 0
			}
		case rs[i] == '"' || rs[i] == '\'':
			quote = rs[i]
		case word(i, "order"):
			j := i + len("order")
			for j < len(rs) && unicode.IsSpace(rs[j]) {
				j++
			}
			if word(j, "by") {
				return i
			}
		}
	}
	return -1
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' }
