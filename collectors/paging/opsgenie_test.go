package paging

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// pagesBeside is the real exports beside the repository; the test is skipped, aloud, where there are none.
func pagesBeside(t testing.TB, patterns ...string) Files {
	t.Helper()
	root := cmp.Or(os.Getenv("FIREBREAK_SHARED"), filepath.Join("..", "..", "..", "shared"))
	dir := filepath.Join(root, "data", "pages")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("skipped: the real exports are not at %s; FIREBREAK_SHARED may name their folder", dir)
	}
	return Files{Tracker: "pager", Set: exports.Set{Source: "pager", Dir: dir, Patterns: patterns}}
}

// TestEveryRealFileOfOpsgenieSplunkAndGrafanaIsRead has the numbers of records that jq counts in them.
func TestEveryRealFileOfOpsgenieSplunkAndGrafanaIsRead(t *testing.T) {
	b := collect(t, pagesBeside(t, "faros/opsgenie/*.json", "faros/victorops/*.json", "grafana-oncall/*.json", "devlake/raw_opsgenie_incidents.csv"))
	got := map[string]string{}
	for _, y := range b.Tallies {
		left := ""
		for _, why := range slices.Sorted(maps.Keys(y.Left)) {
			left += fmt.Sprintf(", %d %s", y.Left[why], why)
		}
		got[y.Part] = fmt.Sprintf("%s: %d%s", y.Kind, y.Read, left)
	}
	for part, want := range map[string]string{
		"faros/opsgenie/alerts.json":                     "opsgenie alerts: 1, 1 notified nobody",
		"faros/opsgenie/incidents.json":                  "opsgenie incidents: 3",
		"faros/opsgenie/teams.json":                      "names of teams, services or people: 0, 1 reference data",
		"faros/victorops/incidents.json":                 "splunk on-call incidents: 2",
		"faros/victorops/teams.json":                     "names of teams, services or people: 0, 1 reference data",
		"grafana-oncall/alert_groups.as-documented.json": "grafana alert groups: 1",
		"devlake/raw_opsgenie_incidents.csv":             "opsgenie incidents: 2",
	} {
		if got[part] != want {
			t.Errorf("%s: %s; want %s", part, got[part], want)
		}
	}
	if len(b.Tallies) != 7 || len(b.Gaps) > 0 {
		t.Errorf("%d files, gaps %v", len(b.Tallies), b.Gaps)
	}
	said := dump(record.Batch{Doubts: b.Doubts})
	if strings.Count(said, "doubt") != 1 || !strings.Contains(said, "alert_groups.as-documented.json:record 1: the JSON has a comma before a closing bracket") {
		t.Error(said)
	}
	page := map[string]record.Page{}
	for _, p := range b.Pages {
		page[p.ID] = p
	}
	after := func(p record.Page, at record.Instant) time.Duration { return at.Sub(p.Triggered) }
	// The documentation's alert: acknowledged after 15,702 ms, closed after 60,503.
	if p := page["80413a06-38d6-4c85-92b8-5ebc900d42e2"]; after(p, p.Acked) != 15702*time.Millisecond || after(p, p.Resolved) != 60503*time.Millisecond ||
		p.ResolvedBy.Account != "neo@opsgenie.com" || p.AckedBy[0].Account != "agent_smith@opsgenie.com" || p.AutoClosed || p.Updated.String() != "2017-04-03T20:32:57.301Z" {
		t.Error(dump(record.Batch{Pages: []record.Page{p}}))
	}
	// Opened at 15:37:31.62, resolved at 15:42:42.188 by its timeline, and its alerts acknowledged by that.
	if p := page["ad22c0c7-e703-4f5c-9549-1eb20a8c234d"]; p.Resolved.String() != "2022-04-05T15:42:42.188Z" || p.Acked != 0 || len(p.Events) != 8 {
		t.Error(dump(record.Batch{Pages: []record.Page{p}}))
	}
	if p := page["splunk-1"]; after(p, p.Acked) != 16*time.Minute+30*time.Second || p.AckedBy[0].Account != "roman.kyrnis" || p.Resolved != 0 {
		t.Error(dump(record.Batch{Pages: []record.Page{p}}))
	}
	if p := page["I68T24C13IFW1"]; p.Acked != 0 || after(p, p.Resolved) != time.Hour-639*time.Microsecond || p.ResolvedBy.Account != "UCGEIXI1MR1NZ" {
		t.Error(dump(record.Batch{Pages: []record.Page{p}}))
	}
	if p := page["3f84e009-7548-4e7d-832a-fa82c1ceb6b1"]; after(p, p.Resolved) != 53487*time.Millisecond {
		t.Error(dump(record.Batch{Pages: []record.Page{p}}))
	}
}

func TestAListOfExactlyTwentyThousandAlertsIsCut(t *testing.T) {
	alert := func(i int) string {
		return fmt.Sprintf(`{"id":"a%d","tinyId":"%d","alias":"x","message":"m","status":"open","acknowledged":false,"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","responders":[{"type":"team"}]}`, i, i)
	}
	for _, n := range []int{opsgenieLimit - 1, opsgenieLimit} {
		var data strings.Builder
		for i := range n {
			fmt.Fprintln(&data, alert(i))
		}
		b := collect(t, Files{Tracker: "pager", Set: oneFile("a.jsonl", data.String())})
		if cut := n == opsgenieLimit; len(b.Gaps) == 1 != cut || len(b.Pages) != n {
			t.Errorf("%d alerts: %d pages, gaps %v", n, len(b.Pages), b.Gaps)
		}
	}
	b := collect(t, Files{Tracker: "pager", Set: oneFile("a.json", `{"data":[`+alert(1)+`],"paging":{"next":"https://api.opsgenie.com/v2/alerts?offset=1"}}`)})
	if len(b.Gaps) != 1 || !strings.Contains(b.Gaps[0].What, "further Opsgenie alerts in a.json") {
		t.Errorf("gaps %v", b.Gaps)
	}
}

func oneFile(name, data string) exports.Set {
	return exports.Set{Source: "pager", FS: fstest.MapFS{name: {Data: []byte(data), ModTime: time.Unix(1, 0)}}, Patterns: []string{name}}
}

// TestExportsKeepTheContractOfSources reads the fixtures of these tools as one folder.
func TestExportsKeepTheContractOfSources(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range fixturesHere {
		for i, f := range must(txtar.ParseFile("testdata/" + name + ".txtar")).Files {
			if f.Name != "want" {
				fsys[fmt.Sprintf("%s/%d-%s", name, i, f.Name)] = &fstest.MapFile{Data: f.Data, ModTime: time.Unix(1, 0)}
			}
		}
	}
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		return Files{Tracker: "pager", Set: exports.Set{Source: "pager", FS: fsys, Patterns: []string{"**"}}}
	}})
}

var fixturesHere = []string{"opsgenie", "opsgenie_incident", "opsgenie_table", "opsgenie_schedule", "opsgenie_log", "splunk", "grafana", "alertmanager",
	"incidentio", "rootly", "firehydrant", "squadcast", "recognised"}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestAnAlertIsReadAlikeFromItsReportItsLogAndATable writes alerts in three ways and reads them back.
func TestAnAlertIsReadAlikeFromItsReportItsLogAndATable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		type alert struct {
			id                          string
			made, acked, closed         time.Time
			isAcked, isClosed, byItself bool
		}
		var alerts []alert
		for i := range rapid.IntRange(1, 10).Draw(t, "n") {
			a := alert{id: fmt.Sprintf("a%d", i), made: begin.Add(time.Duration(rapid.IntRange(0, 1e9).Draw(t, "made")) * time.Millisecond)}
			a.isAcked, a.isClosed = rapid.Bool().Draw(t, "acked"), rapid.Bool().Draw(t, "closed")
			a.byItself = a.isClosed && rapid.Bool().Draw(t, "by itself")
			a.acked = a.made.Add(time.Duration(rapid.IntRange(0, 1e7).Draw(t, "to ack")) * time.Millisecond)
			a.closed = a.made.Add(time.Duration(rapid.IntRange(0, 1e8).Draw(t, "to close")) * time.Millisecond)
			alerts = append(alerts, a)
		}
		var report, log, table strings.Builder
		table.WriteString("Alert ID,Tiny ID,Alias,Message,Status,Priority,Created At,Acknowledged At,Acknowledged By,Closed At,Closed By\n")
		stamp := func(at time.Time, if_ bool) string {
			if !if_ {
				return ""
			}
			return at.Format("2006-01-02T15:04:05.000Z07:00")
		}
		for _, a := range alerts {
			closer, status, kind := "eli@acme.example", "open", "alertRecipient"
			if a.isClosed {
				status = "closed"
			}
			if a.byItself {
				closer, kind = "System", "system"
			}
			core := fmt.Sprintf(`"id":%q,"tinyId":"1","alias":"k","message":"m","status":%q,"acknowledged":%t,"priority":"P1","createdAt":%q,"updatedAt":"2027-01-01T00:00:00Z","responders":[{"type":"team"}]`,
				a.id, status, a.isAcked && !a.isClosed, stamp(a.made, true))
			var parts, lines []string
			who, end := "", ""
			if a.isAcked {
				who = "dana@acme.example"
				parts = append(parts, fmt.Sprintf(`"ackTime":%d,"acknowledgedBy":"dana@acme.example"`, a.acked.Sub(a.made).Milliseconds()))
				lines = append(lines, fmt.Sprintf(`{"log":"Alert acknowledged via web","type":"alertRecipient","owner":"dana@acme.example","createdAt":%q,"offset":"1"}`, stamp(a.acked, true)))
			}
			if a.isClosed {
				end = closer
				parts = append(parts, fmt.Sprintf(`"closeTime":%d,"closedBy":%q`, a.closed.Sub(a.made).Milliseconds(), closer))
				lines = append(lines, fmt.Sprintf(`{"log":"Alert closed via policy","type":%q,"owner":%q,"createdAt":%q,"offset":"2"}`, kind, closer, stamp(a.closed, true)))
			}
			fmt.Fprintf(&report, "{%s,\"report\":{%s}}\n", core, strings.Join(parts, ","))
			fmt.Fprintf(&log, "{%s,\"logs\":[%s]}\n", core, strings.Join(lines, ","))
			fmt.Fprintf(&table, "%s,1,k,m,%s,P1,%s,%s,%s,%s,%s\n", a.id, status, stamp(a.made, true), stamp(a.acked, a.isAcked), who, stamp(a.closed, a.isClosed), end)
		}
		for _, c := range []struct{ name, text string }{{"report.jsonl", report.String()}, {"log.jsonl", log.String()}, {"table.csv", table.String()}} {
			b := record.Batch{}
			for batch, err := range (Files{Tracker: "pager", Set: oneFile(c.name, c.text)}).Fetch(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				b.Pages, b.Doubts, b.Gaps = append(b.Pages, batch.Pages...), append(b.Doubts, batch.Doubts...), append(b.Gaps, batch.Gaps...)
			}
			if len(b.Pages) != len(alerts) || len(b.Doubts)+len(b.Gaps) > 0 {
				t.Fatalf("%s: %d pages of %d alerts; %v %v", c.name, len(b.Pages), len(alerts), b.Doubts, b.Gaps)
			}
			for i, a := range alerts {
				p := b.Pages[i]
				at := func(at time.Time, if_ bool) record.Instant {
					if !if_ {
						return 0
					}
					return record.At(at)
				}
				if p.Triggered != record.At(a.made) || p.Acked != at(a.acked, a.isAcked) || p.Resolved != at(a.closed, a.isClosed) || p.AutoClosed != a.byItself ||
					len(p.AckedBy) == 1 != a.isAcked || p.ResolvedBy.Known() != (a.isClosed && !a.byItself) {
					t.Errorf("%s: %+v\nof %+v", c.name, p, a)
				}
			}
		}
	})
}

// FuzzExports reads anything as any tool's export: what is kept can be told, what isn't is accounted for,
// and it is the same every night.
func FuzzExports(f *testing.F) {
	for _, name := range fixturesHere {
		for _, file := range must(txtar.ParseFile("testdata/" + name + ".txtar")).Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, tool := range []string{"", "opsgenie"} {
			s := Files{Tracker: "pager", Tool: tool, Set: oneFile("f.json", string(data))}
			b := collect(t, s)
			for _, p := range b.Pages {
				switch {
				case p.ID == "" || p.Triggered == 0 && len(p.Events) == 0:
					t.Errorf("a page that cannot be told: %+v", p)
				case inOrder(p) != "":
					t.Errorf("%s: %+v", inOrder(p), p)
				case p.Acked == 0 && len(p.AckedBy) > 0, p.Resolved == 0 && (p.ResolvedBy.Known() || p.AutoClosed):
					t.Errorf("done by somebody, but never: %+v", p)
				case !utf8.ValidString(p.ID + p.Title + p.Service + p.Key + p.Urgency + p.URL + strings.Join(p.Issues, "")):
					t.Errorf("not UTF-8: %+v", p)
				}
			}
			for _, h := range b.Shifts {
				if h.From >= h.To || !h.Person.Known() || h.ID == "" || h.Role == "" {
					t.Errorf("a shift that is none: %+v", h)
				}
			}
			if len(b.Pages)+len(b.Shifts)+len(b.Issues)+len(b.Doubts)+len(b.Gaps) == 0 {
				left := 0
				for _, y := range b.Tallies {
					for _, n := range y.Left {
						left += n
					}
				}
				if left == 0 {
					t.Errorf("nothing was read, and nothing said: %+v", b.Tallies)
				}
			}
			if again := collect(t, s); dump(b) != dump(again) {
				t.Errorf("another reading gives something else:\n%s\n%s", dump(b), dump(again))
			}
		}
	})
}

// BenchmarkOpsgenie is 10,000 alerts, as lines of the API's list.
func BenchmarkOpsgenie(b *testing.B) {
	var data strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&data, `{"seen":true,"id":"38634ffa-6286-4d02-8ee1-%012d","tinyId":"%d","alias":"disk-%d","message":"[Infra] Serious : app%02d : Fixed Disk Space Usage Over 95%% Alert","status":"closed","acknowledged":false,"isSeen":true,"tags":["a","b"],"snoozed":false,"count":1,"lastOccurredAt":"2026-05-11T18:47:42.194Z","createdAt":"2026-05-11T18:47:42.194Z","updatedAt":"2026-05-11T18:48:29.186Z","source":"Solarwinds","owner":"dana@acme.example","priority":"P2","teams":[{"id":"33d0bb2c"}],"responders":[{"type":"team","id":"33d0bb2c"}],"integration":{"id":"4ae17e2d","name":"Orion","type":"Solarwinds"},"report":{"ackTime":46991,"acknowledgedBy":"dana@acme.example","closeTime":99000,"closedBy":"Orion"},"ownerTeamId":"33d0bb2c"}`+"\n", i, i, i%50, i%20)
	}
	text := data.String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if n := len(collect(b, Files{Tracker: "pager", Set: oneFile("a.jsonl", text)}).Pages); n != 10_000 {
			b.Fatalf("%d pages", n)
		}
	}
}
