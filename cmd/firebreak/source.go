package main

// One entry of `sources:`, as it is written: export files, or a live service. Reading it needs neither
// the network nor a token; how a service is asked is in live.go.

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

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
	Columns map[string]string // of a Jira CSV its header to ours; of a pager's export ours to its
	Layout  string
	Role    string // of the shifts of a calendar
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

	Services []string // of a PagerDuty: ids
	Teams    []string
	Since    record.Instant // how far back a pager's first collection goes; 0 is the source's own
	Logs     bool           // of an Opsgenie: ask for the log of every alert

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
	pagerFiles
	ticketFiles // a log of ServiceNow
	pagerdutyLive
	opsgenieLive

	anyFiles = jiraFiles | githubFiles | pagerFiles | ticketFiles
	pageLive = pagerdutyLive | opsgenieLive
	anyLive  = jiraLive | githubLive | pageLive
)

// usedIn says where a key belongs. Keys that are not in the table belong everywhere.
var usedIn = []struct {
	key string
	in  use
}{
	{"files", anyFiles}, {"exported_at", anyFiles}, {"zone", anyFiles},
	{"columns", jiraFiles | pagerFiles}, {"layout", jiraFiles | pagerFiles}, {"site", jiraFiles}, {"role", pagerFiles},
	{"fields", jiraFiles | jiraLive}, {"points", jiraFiles | jiraLive | githubLive},
	{"url", anyLive}, {"token_env", anyLive}, {"token_file", anyLive}, {"ca_file", anyLive}, {"patience", anyLive},
	{"jql", jiraLive}, {"email", jiraLive | opsgenieLive}, {"browse", jiraLive},
	{"repos", githubLive}, {"org", githubLive}, {"query", githubLive | opsgenieLive}, {"projects", githubLive},
	{"services", pagerdutyLive}, {"teams", pagerdutyLive}, {"since", pagerdutyLive}, {"logs", opsgenieLive},
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
	case pagerFiles:
		return "a pager's files"
	case jiraFiles | pagerFiles:
		return "files of Jira or of a pager"
	case pagerdutyLive:
		return "kind: pagerduty with a token"
	case opsgenieLive:
		return "kind: opsgenie with a token"
	case jiraLive | opsgenieLive:
		return "kind: jira with url, or kind: opsgenie with a token"
	case githubLive | opsgenieLive:
		return "kind: github, or kind: opsgenie with a token"
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
		r.files(here)
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
	case "pagerduty", "opsgenie":
		files, live, addresses = pagerFiles, pagerdutyLive, []string{"token_env", "token_file", "url"}
		if example = "token_env: PAGERDUTY_TOKEN"; r.Kind == "opsgenie" {
			live, example = opsgenieLive, "token_env: OPSGENIE_KEY"
		}
	case "jira":
		files, live, addresses = jiraFiles, jiraLive, []string{"url"}
		example = "url: https://acme.atlassian.net"
	case "github":
		files, live, addresses = githubFiles, githubLive, []string{"repos", "org", "query"}
		example = "repos: [acme/orders]"
	case "servicenow":
		r.Need("files")
		return ticketFiles
	default: // the pagers that only have exports
		r.Need("files")
		return pagerFiles
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
func (r *sourceReader) files(here use) {
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
	r.Columns, r.Layout = texts(r.Get("columns")), r.Get("layout").Text()
	if r.Kind == "jira" {
		r.Site = address(r.Get("site"))
	}
	if here&pagerFiles != 0 {
		r.pagerFiles()
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
	if here&pageLive != 0 {
		r.pager(here)
	}
	if u := r.Get("url"); strings.HasPrefix(s.URL, "http://") && r.token() && !local(s.URL) {
		u.Complain("over http:// anybody on the way could read the token; write %q", "https://"+strings.TrimPrefix(s.URL, "http://"))
	}
}

func (r *sourceReader) token() bool { return r.Has("token_env") || r.Has("token_file") }

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
