package jira_test

// What every live source promises, held against a Jira that was written apart from this package.

import (
	"context"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/collectortest/fakejira"
	"github.com/firebreak/firebreak/collectors/jira"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// site is the fake as the suite wants it.
type site struct{ *fakejira.Site }

func (s site) Truth() map[string]collectortest.State {
	all := map[string]collectortest.State{}
	for id, is := range s.Site.Truth() {
		all[id] = collectortest.State{Updated: record.At(is.Updated), Changes: is.Changes + is.Points + is.Severity}
	}
	return all
}

var _ collectors.Discreet = (*jira.Live)(nil)

const email = "bot@acme.example"

// source reads a site as firebreak would be set up for it, at that many requests a second.
func source(t testing.TB, address string, cloud bool, pace float64, rt http.RoundTripper, delivered func(context.Context, string) ([]string, error)) *jira.Live {
	auth := transport.Bearer(collectortest.Token)
	if cloud {
		auth = transport.Basic(email, collectortest.Token)
	}
	tr, err := transport.New(transport.Options{Service: "tickets", Origin: origin(address), Auth: auth, Base: rt, Agent: "firebreak/test", Pace: pace})
	if err != nil {
		t.Fatal(err)
	}
	return &jira.Live{Name: "tickets", Tracker: "tickets", URL: address, Cloud: cloud, HTTP: tr, Delivered: delivered,
		JQL: "project in (SUP, OPS, WEB)", Fields: map[string]string{"severity": "Severity"}}
}

// origin is an address without its context path.
func origin(address string) string {
	u := must(http.NewRequest("GET", address, nil)).URL
	return u.Scheme + "://" + u.Host
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestLiveSitesKeepTheContract(t *testing.T) {
	berlin := must(time.LoadLocation("Europe/Berlin"))
	for _, c := range []struct {
		name    string
		address string
		site    fakejira.Options
	}{
		{"Cloud", "https://acme.atlassian.net", fakejira.Options{Cloud: true, Email: email, Lag: 30 * time.Second, Zone: berlin}},
		{"Data Center", "https://jira.acme.example/jira", fakejira.Options{Base: "/jira"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			collectortest.RunLive(t, collectortest.Live{
				New: func(testing.TB) collectortest.Service {
					o := c.site
					o.Issues, o.PageCap, o.Seed, o.Token = 100, 22, 7, collectortest.Token // five pages
					return site{fakejira.New(o)}
				},
				Source: func(t testing.TB, _ collectortest.Service, rt http.RoundTripper, delivered func(context.Context, string) ([]string, error)) collectors.Source {
					return source(t, c.address, c.site.Cloud, 0, rt, delivered)
				},
			})
		})
	}
}

// A site that is as awkward as sites are loses nothing either. An issue of which nobody can tell when it was
// updated cannot be told from an older copy, and is a gap.
func TestAwkwardSitesAreReadAll(t *testing.T) {
	for name, awkward := range map[string]fakejira.Awkward{
		"isLast is missing":             {NoLast: true},
		"issues come twice":             {Twice: true},
		"an issue with other types":     {Retyped: "10005"},
		"an issue with another updated": {Redated: "10005"},
	} {
		t.Run(name, func(t *testing.T) {
			s := fakejira.New(fakejira.Options{Cloud: true, Issues: 250})
			s.Set(awkward)
			got, gaps := map[string]bool{}, 0
			for b, err := range source(t, "https://acme.atlassian.net", true, 1e6, collectortest.Wire(s), nil).Fetch(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				for _, is := range b.Issues {
					got[is.ID] = true
				}
				gaps += len(b.Gaps)
			}
			if undated := awkward.Redated != ""; undated != (gaps > 0) {
				t.Errorf("%d gaps", gaps)
			}
			for id := range maps.Keys(s.Truth()) {
				if !got[id] && id != awkward.Redated {
					t.Errorf("issue %s was not delivered", id)
				}
			}
		})
	}
}
