package postmortem

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestADraftIsAPageToStartFrom(t *testing.T) {
	ny := zone(t, "America/New_York")
	in := Incident{
		Key: "SUP-812", Title: `Fax orders "vanish" | <b>again</b>`, Severity: 1, Services: []string{"fax", "no: yes"},
		Started: at(t, "2026-03-04T19:05:00Z"), Detected: at(t, "2026-11-01T06:30:00Z"),
		Events: []Event{
			{At: at(t, "2026-03-04T19:05:00Z"), Text: "Page P-12: *fax-out* [queue] too long | E17"},
			{At: at(t, "2026-11-01T06:30:00Z"), Text: "the second 01:30 of that night"},
		},
	}
	got := Draft(in, ny)
	if *update {
		if err := os.WriteFile("testdata/draft.md", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/draft.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got; accept with -update)\n%s", diff)
	}
	if name := in.FileName(ny); name != "2026-03-04-sup-812.md" {
		t.Errorf("it is saved as %s", name)
	}
	if name := (Incident{Key: "acme/orders#45"}).FileName(ny); name != "acme-orders-45.md" {
		t.Errorf("without a time it is saved as %s", name)
	}
}

// What Read says of a draft is what only a person can fill in.
func checkDraft(t interface{ Errorf(string, ...any) }, in Incident, loc *time.Location) *Postmortem {
	p, complaints := Read(in.FileName(loc), Draft(in, loc), Team{Zone: loc})
	for _, c := range complaints {
		blank := strings.Contains(c.What, "still empty") || strings.Contains(c.What, "names no incident") ||
			strings.Contains(c.What, "no entry of the timeline") || strings.Contains(c.What, " is before ")
		if !blank || !c.Warning {
			t.Errorf("a draft is complained of: %v", c)
		}
	}
	return p
}

func TestAnEmptyDraftHasNothingButBlanks(t *testing.T) {
	p := checkDraft(t, Incident{}, time.UTC)
	if len(p.Improvements) != 0 || len(p.Events) != 0 || !p.Draft {
		t.Errorf("an empty draft has %+v, %+v", p.Events, p.Improvements)
	}
	for _, k := range required() {
		if _, ok := p.Section(k); !ok {
			t.Errorf("a draft has no section %s", k.Title())
		}
	}
}

func TestADraftReadsBackAsItWasFilledIn(t *testing.T) {
	// Clocks go back in New York, on Chatham and on Lord Howe.
	back := []record.Instant{at(t, "2026-11-01T06:00:00Z"), at(t, "2026-04-04T14:00:00Z"), at(t, "2026-04-04T15:00:00Z")}
	instant := rapid.Custom(func(t *rapid.T) record.Instant { // whole minutes, half of them about then
		if m := rapid.IntRange(-75, 75).Draw(t, "minutes"); rapid.Bool().Draw(t, "clocks go back") {
			return rapid.SampledFrom(back).Draw(t, "at").Add(time.Duration(m) * time.Minute)
		}
		return record.Instant(rapid.Int64Range(29_000_000, 30_000_000).Draw(t, "minute") * int64(time.Minute))
	})
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "America/New_York", "Pacific/Chatham", "Australia/Lord_Howe"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		in := Incident{
			Key:      rapid.SampledFrom([]string{"", "SUP-1", "acme/orders#45"}).Draw(t, "key"),
			Title:    rapid.String().Draw(t, "title"),
			Severity: rapid.IntRange(0, 4).Draw(t, "severity"),
			Services: rapid.SliceOfDistinct(rapid.StringMatching(`[a-z:#"'\\-]{1,8}`), rapid.ID[string]).Draw(t, "services"),
			Started:  instant.Draw(t, "started"),
			Resolved: instant.Draw(t, "resolved"),
		}
		for range rapid.IntRange(0, 4).Draw(t, "events") {
			in.Events = append(in.Events, Event{At: instant.Draw(t, "at"), Text: rapid.StringMatching(`[ -~é|\\*<&]{1,30}`).Draw(t, "text")})
		}
		p := checkDraft(t, in, loc)
		title := oneLine(in.Title)
		if title == "" {
			title = p.Title
		}
		if p.Title != title || p.Severity != in.Severity || p.Started != in.Started || p.Resolved != in.Resolved {
			t.Fatalf("%+v is read back as %q %d %v %v", in, p.Title, p.Severity, p.Started, p.Resolved)
		}
		if len(in.Services) != len(p.Services) || in.Key != strings.Join(p.Incidents, "") {
			t.Fatalf("%+v is read back as %q of %q", in, p.Services, p.Incidents)
		}
		if len(p.Events) != len(in.Events) {
			t.Fatalf("%d events are read back as %d", len(in.Events), len(p.Events))
		}
		for i, e := range p.Events {
			if e.At != in.Events[i].At || e.Text != oneLine(in.Events[i].Text) {
				t.Fatalf("%+v is read back as %+v", in.Events[i], e)
			}
		}
	})
}
