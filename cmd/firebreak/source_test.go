package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis/strict"
)

// entry reads one source, as `sources:` with the given name.
func entry(t *testing.T, text string) (source, []strict.Complaint) {
	t.Helper()
	c, complaints := parseConfig("firebreak.yaml", []byte("sources:\n  s: "+text+"\n"))
	if len(c.Sources) != 1 {
		t.Fatalf("%s: %d sources", text, len(c.Sources))
	}
	return c.Sources[0], complaints
}

func TestLiveSourcesAreReadAsTheyAreWritten(t *testing.T) {
	for _, c := range []struct {
		text string
		want source
	}{
		{"{kind: jira, url: 'https://acme.atlassian.net/', email: bot@acme.com, token_env: JIRA_TOKEN, jql: project = SUP, fields: {severity: Severity}, points: [Story Points], patience: 2h}",
			source{Kind: "jira", Fields: map[string]string{"severity": "Severity"}, Points: []string{"Story Points"},
				Live: &service{URL: "https://acme.atlassian.net", Cloud: true, Email: "bot@acme.com", TokenEnv: "JIRA_TOKEN", JQL: "project = SUP", Patience: 2 * time.Hour}}},
		{"{kind: jira, url: https://jira.acme.com/jira, token_env: JIRA_PAT, jql: project = OPS, ca_file: ca.pem}",
			source{Kind: "jira", Live: &service{URL: "https://jira.acme.com/jira", TokenEnv: "JIRA_PAT", JQL: "project = OPS", CAFile: "ca.pem"}}},
		{"{kind: jira, url: https://issues.acme.com, email: bot@acme.com, token_file: /run/secrets/jira, jql: project = OPS}",
			source{Kind: "jira", Live: &service{URL: "https://issues.acme.com", Cloud: true, Email: "bot@acme.com", TokenFile: "/run/secrets/jira", JQL: "project = OPS"}}},
		{"{kind: jira, url: https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555, browse: 'https://acme.atlassian.net/', token_env: T, jql: a = b}",
			source{Kind: "jira", Live: &service{URL: "https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555", Browse: "https://acme.atlassian.net", Cloud: true, TokenEnv: "T", JQL: "a = b"}}},
		{"{kind: jira, url: http://localhost:8080, token_env: T, jql: a = b}",
			source{Kind: "jira", Live: &service{URL: "http://localhost:8080", TokenEnv: "T", JQL: "a = b"}}},
		{"{kind: github, repos: [acme/orders, acme/.github], token_env: GITHUB_TOKEN, projects: [acme/5], points: Estimate}",
			source{Kind: "github", Points: []string{"Estimate"}, Live: &service{Repos: []string{"acme/orders", "acme/.github"}, TokenEnv: "GITHUB_TOKEN", Projects: []string{"acme/5"}}}},
		{"{kind: github, org: acme}", source{Kind: "github", Live: &service{Org: "acme"}}},
		{"{kind: github, url: http://github.acme.com, query: 'org:acme label:bug', tracker: code}",
			source{Kind: "github", Tracker: "code", Live: &service{URL: "http://github.acme.com", Query: "org:acme label:bug"}}}, // nobody's token goes over it
	} {
		got, complaints := entry(t, c.text)
		if len(complaints) > 0 {
			t.Errorf("%s: %v", c.text, complaints)
		}
		c.want.Name = "s"
		if c.want.Tracker == "" {
			c.want.Tracker = "s"
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: −want +got\n%s", c.text, d)
		}
	}
}

func TestAMistakeInASourceIsToldInItsPlace(t *testing.T) {
	jira := "kind: jira, url: https://acme.atlassian.net, email: a@b.c, token_env: T, jql: a = b"
	for _, c := range []struct{ text, want string }{
		// files or live
		{"{kind: jira}", "2:6: s says neither which files to read (files: [exports/*.jsonl.gz]) nor where to ask (url: https://acme.atlassian.net)"},
		{"{kind: github}", "nor where to ask (repos: [acme/orders])"},
		{"{kind: jira, files: [a.json], url: https://jira.acme.com, token_env: T, jql: a = b}", "2:36: a source reads files or asks a live service, not both; make two sources of it and give both the same name of the tracker: tracker: s"},
		{"{kind: github, files: [a.json], repos: [acme/orders]}", "a source reads files or asks a live service, not both"},
		{"{kind: pagerduty}", "s says neither which files to read (files: [exports/*.jsonl.gz]) nor where to ask (token_env: PAGERDUTY_TOKEN)"},
		{"{kind: opsgenie}", "nor where to ask (token_env: OPSGENIE_KEY)"},
		{"{kind: paging}", "has no files"},
		{"{kind: squadcast}", "has no files"},
		{"{kind: pagerduty, files: [a.csv], token_env: T}", "a source reads files or asks a live service, not both"},
		{"{kind: squadcast, files: [a.csv], token_env: T}", "token_env is for a live source"},
		// pagers
		{"{kind: pagerduty, url: https://api.eu.pagerduty.com}", "s names no token: token_env: PAGERDUTY_TOKEN"},
		{"{kind: pagerduty, url: https://acme.pagerduty.com, token_env: T}", "the address of the API is wanted: https://api.pagerduty.com"},
		{"{kind: pagerduty, token_env: T, services: [Order gateway]}", `"Order gateway" is no id of PagerDuty's`},
		{"{kind: pagerduty, token_env: T, since: last week}", `"last week"`},
		{"{kind: pagerduty, token_env: T, query: a}", "query is for kind: github, or kind: opsgenie with a token"},
		{"{kind: opsgenie, token_env: T, services: [PIJ90N7]}", "services is for kind: pagerduty with a token"},
		{"{kind: opsgenie, token_env: T, email: a@b.c}", "Opsgenie is asked with the key of an API integration alone"},
		{"{kind: opsgenie, token_env: T, url: https://acme.app.opsgenie.com}", "the address of the API is wanted: https://api.opsgenie.com"},
		{"{kind: opsgenie, token_env: T, email: a@b.c, url: https://api.atlassian.com/jsm/ops}", "the site's cloudId"},
		{"{kind: opsgenie, token_env: T, url: https://api.atlassian.com/jsm/ops/api/11111111-2222-3333-4444-555555555555}", "write email: bot@acme.com"},
		{"{kind: paging, files: [a.csv], columns: {triggerd: Opened, triggered: Opened}}", `columns of a page have no "triggerd"`},
		{"{kind: paging, files: [a.csv], columns: {id: Nr}}", "which column says when a page was triggered?"},
		{"{kind: paging, files: [a.csv], columns: {id: Nr, updates: News}}", "which of their members is the time?"},
		{"{kind: servicenow}", "has no files"},
		{"{kind: paging, files: [a.csv], layout: '2006'}", "layout is of the times in the columns that `columns:` names"},
		{"{kind: paging, files: [a.csv], columns: {triggered: On}, layout: dd.mm.yyyy}", "\"dd.mm.yyyy\" tells nothing of the year, the month, the day; a layout shows how 2 January 2006, 15:04:05 is written"},
		{"{kind: paging, files: [a.csv], columns: {triggered: On}, layout: '02 Jan 15:04'}", "tells nothing of the year; a layout"},
		{"{kind: paging, files: [a.csv], columns: {triggered: On}, layout: '02.01.2006 HH:mm'}", "\"HH\" stands in the layout as it is"},
		{"{kind: pagerduty, files: [a.csv], columns: {triggered: a}}", "`kind: paging` with columns: reads an export of no tool"},
		{"{kind: paging, files: [a.ics], role: boss}", "superhero, sidekick"},
		// keys of another kind
		{"{kind: jira, files: [a.json], jql: project = SUP}", `2:36: jql is for kind: jira with url, and this source is not one`},
		{"{kind: github, files: [a.json], repo: [a/b]}", `unknown key "repo"`},
		{"{kind: github, org: acme, jql: project = SUP}", `jql is for kind: jira with url`},
		{"{kind: github, org: acme, fields: {a: b}}", `fields is for kind: jira, and`},
		{"{kind: github, org: acme, exported_at: 2026-10-31T22:00:00Z}", "exported_at is for a source that reads files"},
		{"{" + jira + ", repos: [acme/orders]}", "repos is for kind: github with repos, org or query"},
		{"{" + jira + ", columns: {a: b}}", "columns is for files of Jira or of a pager"},
		{"{kind: pagerduty, files: [a.csv], points: [a]}", "points is for kind: jira, or kind: github with projects"},
		{"{kind: jira, files: [a.json], token_env: T}", "token_env is for a live source"},
		// addresses
		{"{kind: jira, url: acme.atlassian.net, email: a@b.c, token_env: T, jql: a = b}", `did you mean "https://acme.atlassian.net"?`},
		{"{kind: jira, url: https://acme.atlassian.net/jira/software/projects/SUP, email: a@b.c, token_env: T, jql: a = b}", `2:24: this is the address of a view; the site's own is wanted: did you mean "https://acme.atlassian.net"?`},
		{"{kind: jira, url: https://acme.atlassian.net/browse/SUP-1, email: a@b.c, token_env: T, jql: a = b}", `did you mean "https://acme.atlassian.net"?`},
		{"{kind: jira, url: https://jira.acme.com/jira/browse/SUP-1, token_env: T, jql: a = b}", `did you mean "https://jira.acme.com/jira"?`},
		{"{kind: jira, url: https://jira.acme.com/secure/Dashboard.jspa, token_env: T, jql: a = b}", `did you mean "https://jira.acme.com"?`},
		{"{kind: jira, url: 'https://jira.acme.com/?a=b', token_env: T, jql: a = b}", `did you mean "https://jira.acme.com"?`},
		{"{kind: jira, url: 'http://127.0.0.1:7102/jira', email: a@b.c, token_env: T, jql: a = b}", `2:54: email: is for Jira Cloud, and an address with a path (/jira) is a Data Center's, whose personal access token needs no email: leave it out`},
		{"{kind: jira, url: https://jira.acme.com/jira/browse/SUP-1, email: a@b.c, token_env: T, jql: a = b}", `leave it out, and write  url: https://jira.acme.com/jira`},
		{"{kind: jira, url: https://issues.acme.com/jira/software/c/projects/SUP, email: a@b.c, token_env: T, jql: a = b}", `did you mean "https://issues.acme.com"?`},
		{"{kind: jira, url: https://issues.acme.com/jira/for-you, email: a@b.c, token_env: T, jql: a = b}", `did you mean "https://issues.acme.com"?`},
		{"{kind: jira, url: https://issues.acme.com/browse/SUP-1, email: a@b.c, token_env: T, jql: a = b}", `did you mean "https://issues.acme.com"?`},
		{"{kind: jira, url: https://api.atlassian.com, token_env: T, jql: a = b}", "https://api.atlassian.com/ex/jira/ and the site's cloudId"},
		{"{kind: jira, url: https://api.atlassian.com/ex/jira/11111111-2222-3333-4444-555555555555, token_env: T, jql: a = b}", "warning: nobody can look at issues behind the gateway"},
		{"{kind: github, url: https://acme.ghe.com, org: acme}", `did you mean "https://api.acme.ghe.com"?`},
		{"{kind: jira, url: http://jira.acme.com, token_env: T, jql: a = b}", `2:24: over http:// anybody on the way could read the token; write "https://jira.acme.com"`},
		{"{kind: jira, url: ftp://jira.acme.com, token_env: T, jql: a = b}", "it begins with https://"},
		{"{kind: github, url: https://github.com/acme/orders, repos: [a/b]}", "leave it out, and write  repos: [acme/orders]"},
		{"{kind: github, url: https://github.acme.com/api/v3, org: acme}", `did you mean "https://github.acme.com"?`},
		// tokens
		{"{kind: jira, url: https://acme.atlassian.net, email: a@b.c, jql: a = b}", "2:6: s names no token: token_env: JIRA_TOKEN"},
		{"{kind: jira, url: https://acme.atlassian.net, token_env: T, jql: a = b}", "s has no email: Jira Cloud wants"},
		{"{" + jira + ", token_file: t}", "not in both"},
		{"{kind: github, org: acme, token_env: $GITHUB_TOKEN}", `did you mean "GITHUB_TOKEN"?`},
		{"{kind: github, org: acme, token_env: '${GITHUB_TOKEN}'}", `did you mean "GITHUB_TOKEN"?`},
		{"{kind: github, org: acme, token: abc}", "a secret never stands in this file; put it in an environment variable and name that: token_env: GITHUB_TOKEN"},
		{"{kind: jira, url: https://acme.atlassian.net, email: bot, token_env: T, jql: a = b}", `"bot" is no e-mail address`},
		// JQL
		{"{kind: jira, url: https://jira.acme.com, token_env: T}", "s has no jql"},
		{"{kind: jira, url: https://jira.acme.com, token_env: T, jql: ''}", "jql is empty"},
		{"{kind: jira, url: https://jira.acme.com, token_env: T, jql: project = SUP order  by created}", "2:80: ORDER BY is firebreak's own"},
		{"{kind: jira, url: https://jira.acme.com, token_env: T, jql: project = SUP and created >= -90d}", `warning: "created >= -90d" moves on every night`},
		// GitHub
		{"{kind: github, repos: [https://github.com/acme/orders.git]}", `did you mean "acme/orders"?`},
		{"{kind: github, repos: ['git@github.com:acme/orders.git']}", `did you mean "acme/orders"?`},
		{"{kind: github, repos: ['http://127.0.0.1:7103/acme/orders']}", `did you mean "acme/orders"?`},
		{"{kind: github, repos: ['ssh://git@github.acme.com:2222/acme/orders.git']}", `did you mean "acme/orders"?`},
		{"{kind: github, repos: ['http://127.0.0.1:7103/orders']}", `is no repository; it reads owner/name`},
		{"{kind: github, repos: [orders]}", `2:29: "orders" is no repository; it reads owner/name`},
		{"{kind: github, repos: [acme/orders, Acme/Orders]}", "in repos twice"},
		{"{kind: github, repos: []}", "repos is empty"},
		{"{kind: github, org: acme, repos: [acme/orders]}", "this one has repos already"},
		{"{kind: github, org: https://github.com/acme}", "is no organisation"},
		{"{kind: github, query: 'org:acme sort:created-asc'}", "leave sort: out"},
		{"{kind: github, org: acme, token_env: T, projects: ['https://github.com/orgs/acme/projects/5/views/1']}", `did you mean "acme/5"?`},
		{"{kind: github, org: acme, token_env: T, projects: [5]}", `"5" is no project`},
		{"{kind: github, org: acme, projects: [acme/5]}", "projects are not shown without a token"},
		{"{kind: github, org: acme, token_env: T, points: Estimate}", "name the project, too"},
		// patience
		{"{kind: github, org: acme, patience: 75}", `did you mean "75m"?`},
		{"{kind: github, org: acme, patience: 0s}", "1s is the least"},
		{"{kind: github, org: acme, patience: 100h}", "no more than 24h"},
	} {
		_, complaints := entry(t, c.text)
		var all []string
		for _, x := range complaints {
			all = append(all, x.String())
		}
		if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, c.want) }) {
			t.Errorf("%s:\n got %q\nwant %q", c.text, all, c.want)
		}
		if len(all) != 1 {
			t.Errorf("%s: %d complaints, want this one alone: %q", c.text, len(all), all)
		}
	}
}

func TestWhatLooksLikeATokenIsComplainedAboutAndNotRepeated(t *testing.T) {
	for _, secret := range []string{
		"ghp_0000000000000000000000000000fake0000", "github_pat_00000000000000FAKE", "gho_000fake", "ghs_000fake",
		"ATATT3xFfGF0notAtokenAtAll", "NTc2MzY0NjM4MzE3Ok5vdEFSZWFsVG9rZW4w", "Bearer not-a-real-token", "not a token: at all",
	} {
		for _, text := range []string{
			"{kind: jira, url: https://acme.atlassian.net, email: a@b.c, token_env: '" + secret + "', jql: a = b}",
			"{kind: github, org: acme, token_env: '" + secret + "'}",
			"{kind: github, org: acme, token: '" + secret + "'}",
			"{kind: jira, url: 'https://bot:" + secret + "@jira.acme.com', token_env: T, jql: a = b}",
			"{kind: jira, url: 'bot:" + secret + "@jira.acme.com', token_env: T, jql: a = b}",
		} {
			s, complaints := entry(t, text)
			if !strict.Failed(complaints) {
				t.Errorf("%s: nothing is complained about", text)
			}
			for _, c := range complaints {
				if strings.Contains(c.String(), secret) {
					t.Errorf("the complaint repeats the secret: %s", c)
				}
			}
			if s.Live != nil && s.Live.TokenEnv == secret {
				t.Errorf("%s: it is taken for a name", text)
			}
		}
	}
	for _, name := range []string{"JIRA_TOKEN", "GITHUB_TOKEN", "jira_api_token_of_the_support_team_2026", "TOKEN_FOR_ACME_ATLASSIAN_NET_2026_BOT", "ghost"} {
		if _, complaints := entry(t, "{kind: github, org: acme, token_env: "+name+"}"); len(complaints) > 0 {
			t.Errorf("%s: %v", name, complaints)
		}
	}
}

func TestServicesSeeWhoAsks(t *testing.T) {
	if got := agent(); !regexp.MustCompile(`^firebreak/[!-'*-~]+ \(\+https://github\.com/firebreak/firebreak\)$`).MatchString(got) {
		t.Errorf("%q", got)
	}
}

func TestTwoSourcesOfOneSiteAreWarnedAboutUnlessTheyShareATracker(t *testing.T) {
	jira := "{kind: jira, url: 'https://jira.acme.com/', token_env: T, jql: project = "
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{jira + "SUP}", jira + "OPS}", true},
		{jira + "SUP}", "{kind: jira, url: https://JIRA.acme.com, token_env: T, jql: a = b}", true},
		{jira + "SUP}", jira + "OPS, tracker: a}", false},
		{jira + "SUP, tracker: t}", jira + "OPS, tracker: t}", false},
		{jira + "SUP}", "{kind: jira, url: https://jira2.acme.com, token_env: T, jql: a = b}", false},
		{jira + "SUP}", "{kind: jira, files: [a.json]}", false},
		{jira + "SUP, tracker: a}", jira + "OPS}", true},
		{"{kind: github, repos: [acme/orders, acme/a]}", "{kind: github, repos: [acme/b, Acme/Orders]}", true},
		{"{kind: github, repos: [acme/orders]}", "{kind: github, repos: [acme/orders2]}", false},
		{"{kind: github, repos: [acme/orders]}", "{kind: github, org: Acme}", true},
		{"{kind: github, repos: [acme2/orders]}", "{kind: github, org: acme}", false},
		{"{kind: github, org: acme}", "{kind: github, org: acme}", true},
		{"{kind: github, org: acme}", "{kind: github, url: https://github.acme.com, org: acme}", false},
		{"{kind: github, org: acme}", "{kind: github, query: 'label:bug repo:acme/orders'}", true},
		{"{kind: github, repos: [acme/orders]}", "{kind: github, query: 'user:acme label:bug'}", true},
		{"{kind: github, repos: [acme/orders]}", "{kind: github, query: 'org:other label:bug'}", false},
		{"{kind: github, repos: [acme/orders]}", "{kind: github, query: 'label:bug'}", true},
		{"{kind: github, repos: [acme/orders]}", "{kind: github, org: acme, tracker: a}", false},
	} {
		_, complaints := parseConfig("firebreak.yaml", []byte("sources:\n  a: "+c.a+"\n  b: "+c.b+"\n"))
		var got []string
		for _, x := range complaints {
			got = append(got, x.String())
		}
		var want []string
		if c.want {
			want = []string{"firebreak.yaml:3:3: warning: a and b read the same site, so an issue of both counts twice; give both the same tracker:, such as  tracker: a"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s and %s: %q", c.a, c.b, got)
		}
	}
}

func TestOrderByIsFoundWhereItIsNoText(t *testing.T) {
	for jql, want := range map[string]int{
		"project = SUP ORDER BY created":               14,
		"order\n by created":                           0,
		`text ~ "order by" and project = SUP`:          -1,
		`text ~ 'it\'s in order by' and project = SUP`: -1,
		`text ~ "a \" order by" order by key`:          23,
		"status = Reorder by":                          -1,
		"summary ~ über Order By key":                  15,
		`"Order" by`:                                   -1,
		"reporter = border and x = by":                 -1,
		"project = order":                              -1,
		"labels = pre-order by":                        -1,
	} {
		if got := orderBy(jql); got != want {
			t.Errorf("%q: %d, want %d", jql, got, want)
		}
	}
}

func FuzzReadSource(f *testing.F) {
	f.Add("{kind: jira, url: https://acme.atlassian.net, email: a@b.c, token_env: T, jql: project = SUP order by key}")
	f.Add("{kind: github, repos: [https://github.com/acme/orders.git], projects: [acme/5], points: a}")
	f.Add("{kind: jira, files: x, zone: Local, exported_at: 0}")
	f.Add("{kind: jira, url: 'http://[::1%25en0]:80/browse/%zz', token_file: [], patience: -1s}")
	f.Fuzz(func(t *testing.T, text string) {
		c, complaints := parseConfig("firebreak.yaml", []byte("sources:\n  s: "+text+"\n"))
		if strict.Failed(complaints) {
			return
		}
		for _, s := range c.Sources { // what is accepted can be used
			if (s.Live == nil) == (len(s.Files) == 0) {
				t.Errorf("%q: neither files nor live, or both: %+v", text, s)
			}
			if s.Live != nil && s.Kind == "jira" && (s.Live.URL == "" || s.Live.JQL == "" || s.Live.TokenEnv == "" && s.Live.TokenFile == "") {
				t.Errorf("%q: an address, JQL or token is missing: %+v", text, s.Live)
			}
		}
	})
}
