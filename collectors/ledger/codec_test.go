package ledger

import (
	"encoding/hex"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/record/recordtest"
)

var update = flag.Bool("update", false, "write the golden files of the present version anew")

// roundTrip says that a record of any content comes back from its body as it was.
func roundTrip[T any](k *kind[T], draw func(record.Ref) *rapid.Generator[T]) func(*rapid.T) {
	var e encoder // kept, as the ledger keeps them
	var d decoder
	return func(t *rapid.T) {
		want := draw(recordtest.Ref().Draw(t, "ref")).Draw(t, "record")
		body := k.write(&e, &want)
		got, err := k.read(&d, body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("it came back changed (-written +read):\n%s", diff)
		}
		if again := k.write(&e, &got); string(again) != string(body) {
			t.Fatal("equal records have different bodies")
		}
		for n := range body {
			if _, err := k.read(&d, body[:n]); err == nil {
				t.Fatalf("a body cut after %d of %d bytes was read without complaint", n, len(body))
			}
		}
		if _, err := k.read(&d, append(body, 0)); err == nil {
			t.Fatal("a body with a byte too many was read without complaint")
		}
	}
}

func TestRecordsComeBackFromTheirBodies(t *testing.T) {
	t.Run("issues", rapid.MakeCheck(roundTrip(&issueKind, recordtest.Issue)))
	t.Run("pages", rapid.MakeCheck(roundTrip(&pageKind, recordtest.Page)))
	t.Run("shifts", rapid.MakeCheck(roundTrip(&shiftKind, recordtest.Shift)))
}

func TestAnyInstantComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(rapid.OneOf(recordtest.Instant(), rapid.Custom(func(t *rapid.T) record.Instant {
			return record.Instant(rapid.Int64().Draw(t, "instant"))
		}), rapid.SampledFrom([]record.Instant{math.MinInt64, math.MaxInt64, -1, 1}))).Draw(t, "instants")
		var e encoder
		e.reset()
		for _, i := range want {
			e.instant(i)
		}
		var d decoder
		d.open(e.body())
		for n, i := range want {
			if got := d.instant(); got != i {
				t.Fatalf("instant %d of %d came back as %d", n, i, got)
			}
		}
		if err := d.close(); err != nil {
			t.Fatal(err)
		}
	})
}

// More words than the vocabulary has room for at first, and the same again in the next body.
func TestManyWordsComeBack(t *testing.T) {
	var e encoder
	var d decoder
	for range 3 {
		is := record.Issue{Ref: record.Ref{Tracker: "t", ID: "1"}}
		for n := range 3000 {
			is.Aliases = append(is.Aliases, fmt.Sprint("K-", n%2000))
		}
		got, err := issueKind.read(&d, issueKind.write(&e, &is))
		if diff := cmp.Diff(is, got); diff != "" || err != nil {
			t.Fatalf("%v (-written +read):\n%s", err, diff)
		}
	}
}

// telling holds something of everything.
func telling() record.Issue {
	ann, bot := record.Person{Account: "ann", Name: "Ann Smith"}, record.Person{Account: "ci", Bot: true}
	at := record.Instant(1_760_000_000_123_000_000)
	return record.Issue{
		Ref: record.Ref{Tracker: "tickets", ID: "10001"}, Aliases: []string{"OLD-7"},
		Copies: []record.Copy{{
			Parts: 1<<15 - 1, Updated: at + 5, Seen: at + 7, Key: "SUP-1", Project: "SUP", URL: "https://tickets.example/browse/SUP-1", Title: "Fax queue stuck",
			Text: "Nothing moves.", Type: "Bug", Status: record.Status{ID: "3", Name: "In Progress", Category: record.Doing}, Priority: "Major",
			Resolution: "Fixed", Created: at, Closed: at + 4, Due: "2026-03-31", Reporter: ann, Assignees: []record.Person{ann, bot},
			Labels: []string{"fax"}, Components: []string{"queue"}, FixVersions: []string{"1.2"}, Milestone: "M1", Points: record.Num(3.5),
			Links: []record.Link{{Kind: "blocks", To: "SUP-2"}}, Fields: map[string][]string{"customer": {"Acme"}, "channel": {"e-mail", "phone"}},
			SLAs: []record.SLA{
				{Name: "Time to first response", Started: at, Stopped: at + 2e9, Due: at + 4e9, Goal: 4 * time.Second, Elapsed: 2 * time.Second},
				{Name: "Time to resolution", Started: at, Goal: time.Hour, Elapsed: 61 * time.Minute, Breached: true, Paused: true},
			},
			Releases: []record.Release{{Name: "1.2", Date: "2026-04-07", Released: true}, {Name: "M1", Archived: true}},
		}},
		Changes:   []record.Change{{ID: "77:0", At: at + 1, By: ann, Field: record.FieldStatus, From: "Open", To: "In Progress", FromID: "1", ToID: "3"}},
		HistoryTo: at + 5,
		Comments:  []record.Comment{{ID: "5", At: at + 2, By: bot, Private: true}}, CommentsTo: at + 5,
		Worklogs: []record.Worklog{{ID: "6", Started: at + 3, Seconds: 3600, By: ann}}, WorklogsTo: at + 5,
		Gone: at + 9, Seen: at + 8,
	}
}

// tellingFifth is what version 5 could tell of it.
func tellingFifth() record.Issue {
	is := telling()
	is.Copies[0].Seen = 0
	return is
}

// tellingSecond is what versions 2 to 4 could tell of it.
func tellingSecond() record.Issue {
	is := tellingFifth()
	is.Copies[0].Parts &^= record.HasReleases
	is.Copies[0].Releases = nil
	return is
}

// tellingFirst is what version 1 could tell of it.
func tellingFirst() record.Issue {
	is := tellingSecond()
	is.Seen = 0
	is.Copies[0].Parts &^= record.HasSLAs
	is.Copies[0].SLAs = nil
	return is
}

// tellingPage holds something of everything.
func tellingPage() record.Page {
	p := tellingThirdPage()
	p.Told = record.Told{Title: p.Updated - 3e9, Service: p.Updated - 2e9, Urgency: p.Updated - 1e9, First: p.Triggered - 1e9, Last: p.Triggered + 1e9, Ended: p.Resolved - 1e9}
	return p
}

// tellingThirdPage is what version 3 could tell of it.
func tellingThirdPage() record.Page {
	p := tellingFirstPage()
	p.Origin = record.ByMonitor
	ann, bob := record.Person{Account: "PANN", Name: "Ann Smith"}, record.Person{Name: "Bob"}
	p.Events = []record.Event{
		{ID: "R1", At: p.Triggered, Kind: record.EventTriggered},
		{ID: "R2", At: p.Triggered + 1e9, Kind: record.EventNotified, To: ann, How: "sms"},
		{ID: "R3", At: p.Triggered + 300e9, Kind: record.EventReassigned, By: bob, To: ann, How: "2"},
	}
	return p
}

// tellingFirstPage is what versions 1 and 2 could tell of it.
func tellingFirstPage() record.Page {
	ann := record.Person{Account: "PANN", Name: "Ann Smith"}
	at := record.Instant(1_760_000_000_123_000_000)
	return record.Page{
		Ref: record.Ref{Tracker: "pager", ID: "Q1"}, Number: "4711", URL: "https://acme.pagerduty.com/incidents/Q1", Title: "gateway-2: heap above 95 %",
		Service: "Order gateway", Key: "gateway-2/heap", Urgency: "high", Updated: at + 9e9, Triggered: at, Acked: at + 60e9, AckedBy: []record.Person{ann, {Name: "Bob"}},
		Resolved: at + 600e9, ResolvedBy: record.Person{Account: "svc", Bot: true}, AutoClosed: true, MergedInto: "Q0", Issues: []string{"SUP-1", "SUP-2"}, Escalated: 2,
	}
}

// Ledgers live for years. A body of each version there ever was is kept in testdata; what is new in a
// later version reads as absent from it.
func TestOldBodiesStayReadable(t *testing.T) {
	t.Run("issues", func(t *testing.T) {
		oldBodies(t, &issueKind, tellingFirst(), tellingSecond(), tellingSecond(), tellingSecond(), tellingFifth(), telling())
	})
	t.Run("pages", func(t *testing.T) {
		oldBodies(t, &pageKind, tellingFirstPage(), tellingFirstPage(), tellingThirdPage(), tellingPage(), tellingPage(), tellingPage())
	})
}

// oldBodies reads the bodies of the versions from 1 on, which must tell what they are wanted to.
func oldBodies[T any](t *testing.T, k *kind[T], want ...T) {
	if len(want) != version {
		t.Fatalf("%d versions are looked at, and there are %d", len(want), version)
	}
	var e encoder
	present := want[version-1]
	if *update {
		text := hex.EncodeToString(k.write(&e, &present))
		if err := os.WriteFile(fmt.Sprintf("testdata/%s.v%d.hex", k.table, version), []byte(text+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var d decoder
	for i := range want {
		body := golden(t, k.table, i+1)
		if int(body[0]) != i+1 {
			t.Errorf("the body of version %d says that it is of version %d", i+1, body[0])
		}
		got, err := k.read(&d, body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("version %d (-want +got):\n%s", i+1, diff)
		}
	}
	if string(k.write(&e, &present)) != string(golden(t, k.table, version)) {
		t.Error("the present version is not what its golden file holds: raise the version, a body once written stays readable")
	}
}

func golden(t *testing.T, table string, version int) []byte {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("testdata/%s.v%d.hex", table, version))
	if err != nil {
		t.Fatal(err)
	}
	body, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestABodyOfANewerFirebreakIsNamedAsSuch(t *testing.T) {
	var d decoder
	if _, err := issueKind.read(&d, []byte{version + 1, 0}); err == nil || !strings.Contains(err.Error(), "newer firebreak") {
		t.Errorf("error %v; want one that names the newer firebreak", err)
	}
}

func FuzzDecode(f *testing.F) {
	var e encoder
	is, page, shift := telling(), tellingPage(), record.Shift{Role: "sidekick"}
	f.Add(issueKind.write(&e, &is))
	f.Add(pageKind.write(&e, &page))
	f.Add(shiftKind.write(&e, &shift))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		var e encoder
		var d decoder
		if is, err := issueKind.read(&d, body); err == nil { // what is read can be written and read again
			if again, err := issueKind.read(&d, issueKind.write(&e, &is)); err != nil || !cmp.Equal(is, again, cmpopts.EquateEmpty(), cmpopts.EquateNaNs()) {
				t.Errorf("read as %+v, and after writing as %+v, %v", is, again, err)
			}
		}
		if p, err := pageKind.read(&d, body); err == nil {
			if again, err := pageKind.read(&d, pageKind.write(&e, &p)); err != nil || !cmp.Equal(p, again, cmpopts.EquateEmpty()) {
				t.Errorf("read as %+v, and after writing as %+v, %v", p, again, err)
			}
		}
		shiftKind.read(&d, body)
	})
}
