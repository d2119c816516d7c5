package paging

// Real answers of PagerDuty, where they are at hand, and the reader's speed.

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
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

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"golang.org/x/tools/txtar"
)

// realFile is a file of the real exports, or skips the test.
func realFile(t *testing.T, name string) []byte {
	t.Helper()
	root := os.Getenv("FIREBREAK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(root, "data", filepath.FromSlash(name)))
	if err != nil {
		t.Skipf("skipped: the real exports are not here; FIREBREAK_SHARED may name their folder: %v", err)
	}
	return b
}

// exported is a file's source, as one that is said to be of no tool in particular.
func exported(name string, data []byte) Files {
	fsys := fstest.MapFS{name: {Data: data, ModTime: time.Unix(1, 0)}}
	return Files{Tracker: "pager", Set: exports.Set{Source: "pager", FS: fsys, Patterns: []string{name}}}
}

// read is what came of a file, in a line.
func read(b record.Batch) string {
	events, acked, resolved := 0, 0, 0
	for _, p := range b.Pages {
		events += len(p.Events)
		if p.Acked != 0 {
			acked++
		}
		if p.Resolved != 0 {
			resolved++
		}
	}
	var s strings.Builder
	for _, y := range b.Tallies {
		fmt.Fprintf(&s, "%s: %d read", y.Kind, y.Read)
		for _, why := range slices.Sorted(maps.Keys(y.Left)) {
			fmt.Fprintf(&s, ", %d %s", y.Left[why], why)
		}
	}
	fmt.Fprintf(&s, "; %d acknowledged, %d resolved, %d events, %d shifts", acked, resolved, events, len(b.Shifts))
	for _, d := range b.Doubts {
		fmt.Fprintf(&s, "; doubt: %s", d.What)
	}
	for _, g := range b.Gaps {
		fmt.Fprintf(&s, "; gap: %s", g.What)
	}
	return s.String()
}

func TestRealAnswersOfPagerDutyAreRead(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"pages/faros/pagerduty/incidents.json", "pagerduty incidents: 3 read; 0 acknowledged, 0 resolved, 0 events, 0 shifts"},
		{"pages/faros/pagerduty/incidentLogEntries.json", "pagerduty log entries: 3 read; 0 acknowledged, 0 resolved, 3 events, 0 shifts"},
		{"pages/faros/pagerduty/services.json", "names of teams, services or people: 0 read, 1 reference data; 0 acknowledged, 0 resolved, 0 events, 0 shifts"},
		{"pages/faros/pagerduty/teams.json", "names of teams, services or people: 0 read, 1 reference data; 0 acknowledged, 0 resolved, 0 events, 0 shifts"},
		{"pages/faros/pagerduty/prioritiesResource.json", "names of teams, services or people: 0 read, 1 reference data; 0 acknowledged, 0 resolved, 0 events, 0 shifts"},
		{"pages/devlake/raw_pagerduty_incidents.csv", "pagerduty incidents: 3 read; 3 acknowledged, 1 resolved, 44 events, 0 shifts"},
	} {
		data := realFile(t, c.name)
		if got := read(collect(t, exported(filepath.Base(c.name), data))); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestTheExamplesOfPagerDutysDescriptionAreRead takes each example answer as a file of its own.
func TestTheExamplesOfPagerDutysDescriptionAreRead(t *testing.T) {
	var examples map[string]json.RawMessage
	if err := json.Unmarshal(realFile(t, "pages/pagerduty-api-examples.json"), &examples); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"GET /analytics/raw/incidents/{id} Example Response": "pagerduty analytics: 1 read; 1 acknowledged, 1 resolved, 0 events, 0 shifts; doubt: page PJASD33: seconds_to_resolve is 60, but resolved_at is 86460 seconds after created_at; resolved_at was taken",
		"GET /incidents response":                            "pagerduty incidents: 1 read; 0 acknowledged, 1 resolved, 0 events, 0 shifts; gap: further incidents in example.json",
		"GET /incidents/{id} response":                       "pagerduty incidents: 1 read; 1 acknowledged, 0 resolved, 0 events, 0 shifts",
		"GET /incidents/{id}/alerts response":                "no export: 0 read; 0 acknowledged, 0 resolved, 0 events, 0 shifts; gap: everything in example.json",
		"GET /incidents/{id}/log_entries response":           "pagerduty log entries: 1 read; 0 acknowledged, 0 resolved, 1 events, 0 shifts",
		"GET /log_entries response":                          "pagerduty log entries: 1 read; 0 acknowledged, 0 resolved, 1 events, 0 shifts; gap: further log entries in example.json",
		"GET /priorities response":                           "names of teams, services or people: 0 read, 1 reference data; 0 acknowledged, 0 resolved, 0 events, 0 shifts",
		"POST /analytics/raw/incidents Example Response":     "pagerduty analytics: 2 read; 2 acknowledged, 1 resolved, 0 events, 0 shifts; doubt: page PYC0H08: seconds_to_resolve is 3305, but resolved_at is 600 seconds after created_at; resolved_at was taken; doubt: page PCOOHCY was resolved at 2023-05-30T10:00:05Z, before it was triggered at 2023-05-31T10:00:00Z; read as open; gap: further incidents of PagerDuty's Analytics in example.json",
		"POST /incidents response":                           "pagerduty incidents: 1 read; 0 acknowledged, 0 resolved, 0 events, 0 shifts",
		"PUT /incidents response":                            "pagerduty incidents: 1 read; 1 acknowledged, 1 resolved, 0 events, 0 shifts",
		"PUT /incidents/{id} response":                       "pagerduty incidents: 1 read; 1 acknowledged, 1 resolved, 0 events, 0 shifts",
		"PUT /incidents/{id}/alerts response":                "no export: 0 read; 0 acknowledged, 0 resolved, 0 events, 0 shifts; gap: everything in example.json",
	}
	for _, name := range slices.Sorted(maps.Keys(examples)) {
		if got := read(collect(t, exported("example.json", examples[name]))); got != want[name] {
			t.Errorf("%q: %q,", name, got)
		}
	}
}

// TestPagerDutysAnswersKeepTheContractOfSources reads answers of each kind.
func TestPagerDutysAnswersKeepTheContractOfSources(t *testing.T) {
	fsys := fstest.MapFS{"many.json": {Data: answers(1200), ModTime: time.Unix(1, 0)}}
	for _, name := range []string{"rest", "webhook", "analytics", "shifts", "raw"} {
		ar, err := txtar.ParseFile("testdata/pagerduty-" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if f.Name != "want" {
				fsys[name+"/"+f.Name] = &fstest.MapFile{Data: f.Data, ModTime: time.Unix(1, 0)}
			}
		}
	}
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		return Files{Tracker: "pager", Tool: pagerDuty, Set: exports.Set{Source: "pager", FS: fsys, Patterns: []string{"**"}}}
	}})
}

// TestOnCallsAndSchedulesOfPagerDutysDescriptionAreRead takes their example answers.
func TestOnCallsAndSchedulesOfPagerDutysDescriptionAreRead(t *testing.T) {
	z, err := gzip.NewReader(bytes.NewReader(realFile(t, "openapi/pagerduty-rest.json.gz")))
	if err != nil {
		t.Fatal(err)
	}
	var description struct {
		Paths map[string]struct {
			Get struct {
				Responses map[string]struct {
					Content map[string]struct {
						Examples map[string]struct{ Value json.RawMessage }
					}
				}
			}
		}
	}
	if err := json.NewDecoder(z).Decode(&description); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, example, want string }{
		{"/oncalls", "response", "pagerduty on-calls: 1 read; 0 acknowledged, 0 resolved, 0 events, 1 shifts"},
		{"/schedules/{id}", "response", "pagerduty schedules: 1 read; 0 acknowledged, 0 resolved, 0 events, 1 shifts; " +
			"doubt: the schedule Daily Engineering Rotation does not say on which level of an escalation policy its people are; they are read as the first, unless GET /oncalls lies beside it"},
		{"/schedules", "With Schedule Layers", "pagerduty schedules: 0 read, 1 schedule without its shifts; 0 acknowledged, 0 resolved, 0 events, 0 shifts; " +
			"doubt: the schedule Daily Engineering Rotation has no final_schedule, so none of its shifts is known; ask for it with include[]=final_schedule, since and until"},
	} {
		example := description.Paths[c.path].Get.Responses["200"].Content["application/json"].Examples[c.example].Value
		if got := read(collect(t, exported("example.json", example))); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.path, got, c.want)
		}
	}
}

func TestAListOfExactlyTenThousandIncidentsIsCut(t *testing.T) {
	for _, n := range []int{pagerDutyOffset - 1, pagerDutyOffset} {
		b := collect(t, exported("incidents.json", answers(n)))
		if cut := n == pagerDutyOffset; len(b.Gaps) == 1 != cut || len(b.Pages) != n {
			t.Errorf("%d incidents: %d pages, gaps %v", n, len(b.Pages), b.Gaps)
		}
	}
}

// answers is one answer with n incidents, as the API has them, with three entries of their log each.
func answers(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"incidents":[`)
	for i, p := range some(n) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%q,"type":"incident","summary":"[#%s] %s","self":"https://api.pagerduty.com/incidents/%[1]s","html_url":"https://acme.pagerduty.com/incidents/%[1]s",`+
			`"incident_number":%[2]s,"title":%[4]q,"created_at":%[5]q,"updated_at":%[6]q,"status":"resolved","incident_key":"key-%[2]s",`+
			`"service":{"id":"S1","type":"service_reference","summary":"Orders","self":"https://api.pagerduty.com/services/S1","html_url":"https://acme.pagerduty.com/service-directory/S1"},`+
			`"assignments":[],"assigned_via":"escalation_policy","last_status_change_at":%[6]q,"resolved_at":%[6]q,"alert_counts":{"all":1,"triggered":0,"resolved":1},"is_mergeable":true,`+
			`"escalation_policy":{"id":"E1","type":"escalation_policy_reference","summary":"Support"},"teams":[],"pending_actions":[],"acknowledgements":[],`+
			`"last_status_change_by":{"id":"U1","type":"user_reference","summary":"Dana Voss"},"priority":null,"resolve_reason":null,"urgency":"high","log_entries":[`+
			`{"id":"R%[2]s3","type":"resolve_log_entry","created_at":%[6]q,"agent":{"id":"U1","type":"user_reference","summary":"Dana Voss"},"channel":{"type":"website"}},`+
			`{"id":"R%[2]s2","type":"acknowledge_log_entry","created_at":%[7]q,"agent":{"id":"U1","type":"user_reference","summary":"Dana Voss"},"channel":{"type":"mobile"}},`+
			`{"id":"R%[2]s1","type":"trigger_log_entry","created_at":%[5]q,"agent":{"id":"S1","type":"service_reference","summary":"Orders"},"channel":{"type":"api"}}]}`,
			p.ID, p.Number, p.Title, p.Title, stamp(p.Triggered), stamp(p.Resolved), stamp(p.Acked))
	}
	b.WriteString(`],"limit":100,"offset":0,"more":false}`)
	return b.Bytes()
}

func BenchmarkIncidents(b *testing.B) {
	data := answers(10_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if n := len(collect(b, exported("incidents.json", data)).Pages); n != 10_000 {
			b.Fatalf("%d pages", n)
		}
	}
}

// FuzzPagerDuty reads anything as one of PagerDuty's exports: whatever it is, what is kept can be told,
// what isn't is accounted for, and it is the same every night.
func FuzzPagerDuty(f *testing.F) {
	for _, name := range []string{"rest", "webhook", "analytics", "shifts", "raw"} {
		ar, err := txtar.ParseFile("testdata/pagerduty-" + name + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := exported("f.json", data)
		s.Tool = pagerDuty
		b := collect(t, s)
		for _, p := range b.Pages {
			switch {
			case p.ID == "" || p.Triggered != 0 && p.Updated == 0:
				t.Errorf("a page that cannot be told: %+v", p)
			case p.Triggered == 0 && len(p.Events) == 0 && p.Origin == "":
				t.Errorf("a page of which nothing is known: %+v", p)
			case inOrder(p) != "":
				t.Errorf("%s: %+v", inOrder(p), p)
			case !utf8.ValidString(p.Title + p.Service + p.ID + p.Number + p.Urgency + p.Key + p.URL + p.MergedInto):
				t.Errorf("not UTF-8: %+v", p)
			}
		}
		for _, s := range b.Shifts {
			if s.From >= s.To || s.From == 0 || !s.Person.Known() || s.Role == "" {
				t.Errorf("no shift: %+v", s)
			}
		}
		left := 0
		for _, y := range b.Tallies {
			for _, n := range y.Left {
				left += n
			}
		}
		if len(b.Pages) == 0 && len(b.Shifts) == 0 && len(b.Doubts) == 0 && len(b.Gaps) == 0 && left == 0 {
			t.Errorf("nothing was read, and nothing said: %+v", b.Tallies)
		}
		if again := collect(t, s); dump(b) != dump(again) {
			t.Errorf("another reading gives something else:\n%s\n%s", dump(b), dump(again))
		}
	})
}
