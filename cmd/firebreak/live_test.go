package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/live"
)

// nosy is a gateway that refuses everything and quotes what it was sent. It sees how many ask at a time.
type nosy struct{ here, most, asked atomic.Int64 }

func (n *nosy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.most.Store(max(n.most.Load(), n.here.Add(1)))
	defer n.here.Add(-1)
	n.asked.Add(1)
	time.Sleep(150 * time.Millisecond) // longer than the pace is
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `{"message":%[1]q,"errorMessages":[%[1]q]}`, "malformed header 'Authorization: "+r.Header.Get("Authorization")+"'")
}

// both are the live sources of a configuration of two at the same gateway.
func both(t *testing.T, url string) (*config, []collectors.Named) {
	t.Helper()
	t.Setenv("ONE", fakeToken)
	t.Setenv("OTHER", fakeToken)
	c, complaints := parseConfig("firebreak.yaml", fmt.Appendf(nil, `sources:
  a: {kind: jira, url: %[1]s, token_env: ONE, jql: project = SUP}
  b: {kind: jira, url: %[1]s, token_env: OTHER, jql: project = OPS}
`, url))
	if strict.Failed(complaints) {
		t.Fatal(complaints)
	}
	sources, warnings := c.named(wiring{log: slog.New(slog.DiscardHandler)})
	if len(sources) != 2 || len(warnings) > 0 {
		t.Fatal(sources, warnings)
	}
	return c, sources
}

func TestTwoSourcesWithOneTokenAskOneAtATime(t *testing.T) {
	gateway := &nosy{}
	s := httptest.NewServer(gateway)
	defer s.Close()
	_, sources := both(t, s.URL)
	var wg sync.WaitGroup
	for _, source := range sources {
		wg.Go(func() {
			for range 3 {
				for range source.Fetch(t.Context(), "") {
				}
			}
		})
	}
	wg.Wait()
	if gateway.most.Load() != 1 || gateway.asked.Load() < 6 {
		t.Errorf("of %d requests up to %d came at a time, want 1", gateway.asked.Load(), gateway.most.Load())
	}
}

func TestALiveSourceAndItsSurveyKeepTheSecret(t *testing.T) {
	s := httptest.NewServer(&nosy{})
	defer s.Close()
	c, sources := both(t, s.URL)
	d, ok := sources[0].Source.(collectors.Discreet)
	if !ok {
		t.Fatal("it cannot scrub what it says")
	}
	if got := d.Scrub("you sent " + fakeToken); got != "you sent (secret)" {
		t.Error(got)
	}
	if _, ok := sources[0].Source.(collectors.Timed); !ok {
		t.Error("it does not tell the service's time any more")
	}
	src, _, err := c.ofService(c.Sources[0], wiring{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	leak := src.(discreet)
	leak.surveyor = leaky{} // and so does one that does not keep it by itself
	for _, src := range []surveyor{src, leak} {
		told := fmt.Sprintf("%+v", src.Survey(t.Context()))
		if strings.Contains(told, fakeToken) || !strings.Contains(told, "(secret)") {
			t.Errorf("the survey says %s", told)
		}
	}
}

// leaky tells everybody what it asked with.
type leaky struct{ surveyor }

func (leaky) Survey(context.Context) live.Survey {
	return live.Survey{Checks: []live.Check{{What: "reach " + fakeToken, Found: fakeToken, Wrong: fakeToken, Remedy: fakeToken}}}
}
