package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/collectortest/fakejira"
	"github.com/firebreak/firebreak/collectors/record"
)

// clocksPolicy promises what the service's clocks promise, whose 16 hours of 24 take 48 by the clock on the wall and whose
// 4 take 12; nothing pauses.
const clocksPolicy = `
team: {name: Clocks, zone: UTC}
stages:
  - {id: queue, name: Queue, kind: waiting, statuses: [Open, Reopened, Triage, Waiting for customer, Parked]}
  - {id: doing, name: Doing, kind: active, statuses: [In Progress, In Review]}
  - {id: done, name: Done, kind: done, statuses: [Done, Closed]}
classes:
  - {id: request, name: Request, kind: request, when: 'true', respond: 12h on always, resolve: %s on always}
`

// clocksNight is a night over a fake Jira, published; it has the service's own answers beside it.
func clocksNight(t *testing.T, cloud bool, resolve string) (n *night, told map[string][]record.SLA) {
	t.Helper()
	now := time.Now()
	site := fakejira.New(fakejira.Options{Cloud: cloud, Issues: 300, Seed: 5, Now: now, Email: "bot@acme.example", Token: fakeToken})
	s := httptest.NewServer(site)
	t.Cleanup(s.Close)
	t.Setenv("CLOCKS_TOKEN", fakeToken)
	dir, email := t.TempDir(), ""
	if cloud {
		email = "email: bot@acme.example, "
	}
	write(t, filepath.Join(dir, "firebreak.yaml"), fmt.Sprintf("wiki: {title: Clocks}\nsources:\n  tickets: {kind: jira, url: %s, %stoken_env: CLOCKS_TOKEN, jql: project = SUP}\n", s.URL, email))
	write(t, filepath.Join(dir, "content", "policy.yaml"), fmt.Sprintf(clocksPolicy, resolve))
	cfg, complaints, err := readConfig(filepath.Join(dir, "firebreak.yaml"))
	if err != nil || strict.Failed(complaints) {
		t.Fatal(complaints, err)
	}
	env := environment{out: io.Discard, err: io.Discard, clock: time.Now}
	n = &night{env: env, config: cfg, steps: newSteps(env, true), log: slog.New(slog.DiscardHandler)}
	if err := n.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n, askClocks(t, s.URL, cloud)
}

// askClocks asks the service for the clocks of all issues, the plain way.
func askClocks(t *testing.T, site string, cloud bool) map[string][]record.SLA {
	t.Helper()
	type moment struct{ EpochMillis int64 }
	type stretch struct{ Millis int64 }
	type run struct {
		StartTime, StopTime, BreachTime moment
		GoalDuration, ElapsedTime       stretch
		Breached, Paused                bool
	}
	at := func(m moment) record.Instant { return record.Instant(m.EpochMillis * 1e6) }
	told := map[string][]record.SLA{}
	q := url.Values{"jql": {"project = SUP order by key"}, "fields": {"*all"}, "maxResults": {"100"}}
	for page := 0; ; page++ {
		path := "/rest/api/2/search?"
		if cloud {
			path = "/rest/api/3/search/jql?"
		} else {
			q.Set("startAt", fmt.Sprint(len(told)))
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site+path+q.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Header.Set("Authorization", "Bearer "+fakeToken); cloud {
			r.SetBasicAuth("bot@acme.example", fakeToken)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Issues []struct {
				Key    string
				Fields map[string]json.RawMessage
			}
			NextPageToken string
		}
		err = json.NewDecoder(answer.Body).Decode(&got)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Status, err)
		}
		for _, is := range got.Issues {
			told[is.Key] = nil
			for id, raw := range is.Fields {
				var clock struct {
					Name            string
					CompletedCycles []run
					OngoingCycle    *run
					Text            *string
					Breached        bool
				}
				if !strings.Contains(string(raw), `"breached"`) || json.Unmarshal(raw, &clock) != nil {
					continue
				}
				if clock.Text != nil { // the short form of Data Center tells a verdict and no name
					told[is.Key] = append(told[is.Key], record.SLA{Name: cmp.Or(clock.Name, id), Breached: clock.Breached})
					continue
				}
				if clock.OngoingCycle != nil {
					clock.CompletedCycles = append(clock.CompletedCycles, *clock.OngoingCycle)
				}
				for _, c := range clock.CompletedCycles {
					told[is.Key] = append(told[is.Key], record.SLA{Name: clock.Name, Started: at(c.StartTime), Stopped: at(c.StopTime), Due: at(c.BreachTime),
						Goal: time.Duration(c.GoalDuration.Millis) * time.Millisecond, Elapsed: time.Duration(c.ElapsedTime.Millis) * time.Millisecond, Breached: c.Breached, Paused: c.Paused})
				}
			}
		}
		if q.Set("nextPageToken", got.NextPageToken); len(got.Issues) == 0 || cloud && got.NextPageToken == "" {
			return told
		}
	}
}

// A live Jira Service Management is asked for its clocks, every cycle of them is kept as it was told, and the metric's
// entry holds them against our promises.
func TestTheClocksOfALiveTrackerAreHeldAgainstOurPromises(t *testing.T) {
	for _, c := range []struct {
		name, resolve string
		cloud         bool
	}{{"cloud", "48h", true}, {"cloud, half of its goal", "24h", true}, {"data center", "48h", false}} {
		t.Run(c.name, func(t *testing.T) {
			n, told := clocksNight(t, c.cloud, c.resolve)
			goal, err := time.ParseDuration(c.resolve)
			if err != nil {
				t.Fatal(err)
			}
			cycles, differ, again := 0, 0, 0
			for _, it := range n.report.Items {
				want := told[it.Key]
				got := slices.Clone(it.TrackerSLAs)
				for _, list := range [][]record.SLA{want, got} {
					for i := range list {
						if strings.HasPrefix(list[i].Name, "customfield_") {
							list[i].Name = "Time to first response"
						}
						list[i].Elapsed = list[i].Elapsed.Truncate(time.Minute) // the service's clock goes on between two requests
					}
					slices.SortFunc(list, func(a, b record.SLA) int {
						return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Started, b.Started))
					})
				}
				if d := gocmp.Diff(want, got); d != "" {
					t.Fatalf("%s (-the service +the night):\n%s", it.Key, d)
				}
				nth := 0
				for _, x := range n.report.Cycles(it) {
					if x.Promise != "resolve" {
						continue
					}
					nth++
					if x.At == 0 || x.Skipped != "" {
						continue
					}
					cycles++
					if nth > 1 { // it begins anew, and ours goes on with what is left
						again++
						continue
					}
					end := x.Stopped
					if end == 0 {
						end = n.report.AsOf
					}
					took := end.Sub(x.Started) // a third of it by the service's calendar: that is what makes the difference
					if agrees := (took > goal) == (took > 48*time.Hour); agrees != x.Agrees || !agrees && x.Reason != analysis.OtherCalendar {
						t.Errorf("%s took %s: agrees %v, %s: %s", it.Key, took, x.Agrees, x.Reason, x.Because)
					} else if !agrees {
						differ++
					}
				}
			}
			if len(told) < 100 || cycles < 50 || again == 0 || (differ > 0) != (goal < 48*time.Hour) {
				t.Errorf("%d issues, %d cycles decided, %d of them begun anew, %d that differ: that proves little", len(told), cycles, again, differ)
			}
			entry, err := os.ReadFile(filepath.Join(n.config.path(n.config.Out), "metrics", "sla-tracker", "index.html"))
			if err != nil {
				t.Fatal(err)
			}
			for _, what := range []string{"Time to resolution", "Time to first response"} {
				if !strings.Contains(string(entry), what) {
					t.Errorf("the metric’s entry says nothing of %s", what)
				}
			}
		})
	}
}

// write writes a file and the folders above it.
func write(t testing.TB, file, text string) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
