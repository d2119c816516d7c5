package github_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/collectortest/fakegithub"
	"github.com/firebreak/firebreak/collectors/github"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// service is the fake as the contract wants it.
type service struct{ *fakegithub.Hub }

func (s service) Truth() map[string]collectortest.State {
	truth := map[string]collectortest.State{}
	for id, is := range s.Hub.Truth() {
		truth[id] = collectortest.State{Updated: record.At(is.Updated), Changes: is.Changes}
	}
	return truth
}

// over is a transport as cmd makes one.
func over(t testing.TB, rt http.RoundTripper) *transport.Transport {
	t.Helper()
	tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Auth: transport.Bearer(collectortest.Token), Base: rt})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestLiveKeepsTheContractOfLiveSources(t *testing.T) {
	for _, c := range []struct {
		name  string
		live  github.Live
		issue int
	}{
		{"repositories", github.Live{Repos: []string{"acme/orders", "acme/shop"}}, 110},
		{"query", github.Live{Query: "repo:acme/orders"}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			if collectortest.Hurried() && c.live.Query != "" {
				t.Skip("the walk is the repositories' own")
			}
			collectortest.RunLive(t, collectortest.Live{
				New: func(testing.TB) collectortest.Service {
					repos := []string{"acme/orders", "acme/shop"}
					if c.live.Query != "" {
						repos = repos[:1]
					}
					return service{fakegithub.New(fakegithub.Options{
						Repos: repos, Issues: c.issue, PullShare: 0.4, Token: collectortest.Token,
						Now: time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC),
					})}
				},
				Source: func(t testing.TB, _ collectortest.Service, rt http.RoundTripper, delivered func(context.Context, string) ([]string, error)) collectors.Source {
					l := c.live
					l.Name, l.Tracker, l.HTTP, l.Delivered = "code", "code", over(t, rt), delivered
					return &l
				},
				Faults: collectortest.GitHubLimits(),
			})
		})
	}
}
