package main

// One entry of `sources:`, as it is written: export files, or a live service. Reading it needs neither
// the network nor a token; how a service is asked is in live.go.

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// source is one entry of `sources:`.
type source struct {
	Name    string
	Tracker string
	Kind    string
	Files   []string
	Fields  map[string]string // custom fields: our name to the tracker's
	Points  []string
	Columns map[string]string // of a CSV: its header to ours
	Layout  string
	Site    string
	Zone    *time.Location
	At      record.Instant // exported_at

	Live *service // nil: files
}

// service is how a live tracker is asked.
type service struct {
	URL       string // without a slash at its end; "" is github.com
	Browse    string // where people look at issues, if that is not URL
	Cloud     bool   // of a Jira: Cloud, not Data Center
	Email     string
	TokenEnv  string // the name of the variable that holds the token
	TokenFile string // the file that does
	CAFile    string
	Patience  time.Duration // 0 is the transport's own

	JQL string

	Repos    []string
	Org      string
	Query    string
	Projects []string
}

// use is a way to use a kind of source.
type use uint8

const (
	jiraFiles use = 1 << iota
	jiraLive
	githubFiles
	githubLive
	pagerdutyFiles

	anyFiles = jiraFiles | githubFiles | pagerdutyFiles
	anyLive  = jiraLive | githubLive
)

// usedIn says where a key belongs. Keys that are not in the table belong everywhere.
var usedIn = []struct {
	key string
	in  use
}{
	{"files", anyFiles}, {"exported_at", anyFiles}, {"zone", anyFiles},
	{"columns", jiraFiles}, {"layout", jiraFiles}, {"site", jiraFiles},
	{"fields", jiraFiles | jiraLive}, {"points", jiraFiles | jiraLive | githubLive},
	{"url", anyLive}, {"token_env", anyLive}, {"token_file", anyLive}, {"ca_file", anyLive}, {"patience", anyLive},
	{"jql", jiraLive}, {"email", jiraLive}, {"browse", jiraLive},
	{"repos", githubLive}, {"org", githubLive}, {"query", githubLive}, {"projects", githubLive},
}

// String is where a key belongs, in words.
func (u use) String() string {
	switch u {
	case anyFiles:
		return "a source that reads files"
	case anyLive:
		return "a live source"
	case jiraFiles:
		return "kind: jira with files"
	case jiraLive:
		return "kind: jira with url"
	case jiraFiles | jiraLive:
		return "kind: jira"
	case githubLive:
		return "kind: github with repos, org or query"
	}
	return "kind: jira, or kind: github with projects"
}

// sourceReader reads one entry.
type sourceReader struct {
	source
	*strict.Map
}

func readSource(name string, m *strict.Map) source {
	r := sourceReader{source{Name: name, Tracker: name, Kind: m.Need("kind").Text()}, m}
	known := kindNames()
	if r.Kind != "" && !slices.Contains(known, r.Kind) {
		m.Get("kind").Complain("there is no kind %q of source; it is one of %s%s", r.Kind, strings.Join(known, ", "), strict.DidYouMean(r.Kind, known...))
	}
	set(&r.Tracker, m.Get("tracker").Text())
	if !slices.Contains(known, r.Kind) { // whatever else it says: the complaint is about the kind
		for _, k := range usedIn {
			m.Get(k.key)
		}
		return r.source
	}
	here := r.use()
	for _, k := range usedIn {
		if !m.Has(k.key) {
			continue
		}
		if m.Get(k.key); here&k.in == 0 {
			m.Key(k.key).Complain("%s is for %s, and this source is not one", k.key, k.in)
		}
	}
	r.secrets()
	if here&anyFiles != 0 {
		r.files()
	}
	if here&anyLive != 0 {
		r.Live = &service{}
		r.service(here)
	}
	if here&(jiraFiles|jiraLive) != 0 {
		r.Fields, r.Points = texts(m.Get("fields")), oneOrMore(m.Get("points"))
	}
	return r.source
}

// use is how the entry means to be used: by files or live. Of one that says neither or both that is the
// complaint, and both are read.
func (r *sourceReader) use() use {
	var files, live use
	var addresses []string
	example := ""
	switch r.Kind {
	case "pagerduty":
		r.Need("files")
		return pagerdutyFiles
	case "jira":
		files, live, addresses = jiraFiles, jiraLive, []string{"url"}
		example = "url: https://acme.atlassian.net"
	case "github":
		files, live, addresses = githubFiles, githubLive, []string{"repos", "org", "query"}
		example = "repos: [acme/orders]"
	}
	at := slices.IndexFunc(addresses, r.Has)
	switch {
	case r.Has("files") && at >= 0:
		r.Key(addresses[at]).Complain("a source reads files or asks a live service, not both; make two sources of it and give both the same name of the tracker: %s", "tracker: "+r.Name)
		return files | live
	case r.Has("files"):
		return files
	case at >= 0:
		return live
	}
	if r.Given() {
		r.Complain("%s says neither which files to read (files: [exports/*.jsonl.gz]) nor where to ask (%s)", r.Name, example)
	}
	return files | live
}

// files reads what describes export files.
func (r *sourceReader) files() {
	r.Files = oneOrMore(r.Get("files"))
	if at := r.Get("exported_at"); at.Given() {
		t, err := time.Parse(time.RFC3339, at.Text())
		if r.At = record.At(t); err != nil || r.At == 0 {
			at.Complain("%q is not an instant; it reads 2026-10-31T22:00:00Z", at.Text())
		}
	}
	if z := r.Get("zone"); z.Given() {
		var err error
		if r.Zone, err = time.LoadLocation(z.Text()); err != nil || z.Text() == "Local" {
			z.Complain("%q is not a time zone; zones read Europe/Berlin or UTC", z.Text())
		}
	}
	if r.Kind == "jira" {
		r.Columns = texts(r.Get("columns"))
		r.Layout, r.Site = r.Get("layout").Text(), address(r.Get("site"))
	}
}

// service reads what describes a live service.
func (r *sourceReader) service(here use) {
	s := r.Live
	s.TokenEnv, s.TokenFile = r.tokenEnv(), r.tokenFile()
	if r.Has("token_env") && r.Has("token_file") {
		r.Key("token_file").Complain("the token is in a variable or in a file, not in both; leave one out")
	}
	s.CAFile = r.Get("ca_file").Text()
	if p := r.Get("patience"); p.Given() {
		s.Patience = p.Duration()
		switch {
		case p.Raw() == "0" || p.Raw() == "0s" || p.Raw() == "0m":
			p.Complain("with no patience at all the first rate limit ends the night of this source; 1s is the least")
		case s.Patience > 24*time.Hour:
			p.Complain("a night has no more than 24h to wait")
		}
	}
	if here&jiraLive != 0 {
		r.jira()
	}
	if here&githubLive != 0 {
		r.github()
	}
	if u := r.Get("url"); strings.HasPrefix(s.URL, "http://") && r.token() && !local(s.URL) {
		u.Complain("over http:// anybody on the way could read the token; write %q", "https://"+strings.TrimPrefix(s.URL, "http://"))
	}
}

func (r *sourceReader) token() bool { return r.Has("token_env") || r.Has("token_file") }

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
	repoURL = regexp.MustCompile(`^(?:(?:https?|ssh)://|git@)(?:[^/@\s]*@)?[^/\s:]+[/:]([A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+?)(?:\.git)?(?:/.*)?$`)
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

// webAddress is an address with a host; nil, and a complaint, for anything else. What may hold a
// password is not repeated.
func (r *sourceReader) webAddress(n strict.Node) *url.URL {
	text := n.Text()
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	switch {
	case strings.Contains(text, "@") && (err != nil || u.User != nil || u.Host == ""):
		n.Complain("an address holds no name and no password; write https:// and the host alone, and name the variable with the token: token_env: JIRA_TOKEN")
	case err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "":
		return u
	case err == nil && u.Host == "" && hostname.MatchString(text):
		n.Complain("%q is not the address of a web site; did you mean %q?", text, "https://"+text)
	default:
		n.Complain("%q is not the address of a web site; it begins with https://", text)
	}
	return nil
}

var hostname = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?(/[^\s]*)?$`)

// local says whether what is sent to an address stays on this machine.
func local(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}
