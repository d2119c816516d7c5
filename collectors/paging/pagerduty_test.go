package paging

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"
)

// report is a report of pages, in the documentation's columns.
func report(pages []record.Page) []byte {
	var b bytes.Buffer
	b.WriteString(pagerDutyHeader + "\n")
	w := csv.NewWriter(&b)
	for _, p := range pages {
		cell := map[string]string{
			"id": p.ID, "incident_number": p.Number, "description": p.Title, "service_name": p.Service, "urgency": p.Urgency,
			"created_on": stamp(p.Triggered), "resolved_on": stamp(p.Resolved), "auto_resolved": "0",
			"escalation_count": fmt.Sprint(p.Escalated), "resolved_by_user_id": p.ResolvedBy.Account, "resolved_by_user_name": p.ResolvedBy.Name,
		}
		if p.Acked != 0 {
			cell["seconds_to_first_ack"] = fmt.Sprint(int(p.Acked.Sub(p.Triggered).Seconds()))
			var ids, names []string
			for _, who := range p.AckedBy {
				ids, names = append(ids, who.Account), append(names, who.Name)
			}
			cell["acknowledged_by_user_ids"], cell["acknowledged_by_user_names"] = strings.Join(ids, ","), strings.Join(names, ",")
		}
		if p.Resolved != 0 {
			cell["seconds_to_resolve"] = fmt.Sprint(int(p.Resolved.Sub(p.Triggered).Seconds()))
		}
		if p.AutoClosed {
			cell["auto_resolved"] = "1"
		}
		var row []string
		for name := range strings.SplitSeq(pagerDutyHeader, ",") {
			row = append(row, cell[name])
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes()
}

func stamp(at record.Instant) string {
	if at == 0 {
		return ""
	}
	return at.Time().Format("2006-01-02T15:04:05-07:00")
}

// some is n pages of one service, ten minutes apart.
func some(n int) []record.Page {
	at := record.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	pages := make([]record.Page, n)
	for i := range pages {
		p := record.Page{
			Ref: record.Ref{Tracker: "pager", ID: fmt.Sprintf("Q%07d", i)}, Number: fmt.Sprint(i + 1),
			Title: "prod-10-0-1-133/import : CheckProcess CRITICAL: found 0 matching processes", Service: "Orders", Urgency: "high",
			Triggered: at.Add(time.Duration(i) * 10 * time.Minute),
		}
		p.Acked = p.Triggered.Add(3 * time.Minute)
		p.AckedBy = []record.Person{{Account: "PUSER1", Name: "Dana Voss"}}
		p.Resolved = p.Triggered.Add(30 * time.Minute)
		p.ResolvedBy = p.AckedBy[0]
		p.Updated = p.Resolved
		pages[i] = p
	}
	return pages
}

func reports(data []byte) Files {
	fsys := fstest.MapFS{"f.csv": {Data: data, ModTime: time.Unix(1, 0)}}
	return Files{Tracker: "pager", Tool: pagerDuty, Set: exports.Set{Source: "pager", FS: fsys, Patterns: []string{"f.csv"}}}
}

func TestReportsKeepTheContractOfSources(t *testing.T) {
	pages := some(530)
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		s := reports(nil)
		s.FS = fstest.MapFS{
			"a.csv": {Data: report(pages[:520]), ModTime: time.Unix(1, 0)},
			"b.csv": {Data: report(pages[520:]), ModTime: time.Unix(1, 0)},
			"c.csv": {Data: []byte("Summary,Issue key\nx,SUP-1\n"), ModTime: time.Unix(1, 0)},
		}
		s.Patterns = []string{"*.csv"}
		return s
	}})
}

// TestWhatAReportSaysIsRead writes pages as a report and reads them back, whatever their words.
func TestWhatAReportSaysIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := record.At(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
		word := rapid.StringMatching(`[^\s,;|\x00-\x1f\x7f]{1,12}`).Filter(func(s string) bool { return strings.TrimSpace(s) == s })
		who := rapid.Custom(func(t *rapid.T) record.Person {
			return record.Person{Account: word.Draw(t, "id"), Name: word.Draw(t, "name")}
		})
		n := 0
		want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record.Page {
			n++
			seconds := func(name string) time.Duration {
				return time.Duration(rapid.IntRange(0, 1e7).Draw(t, name)) * time.Second
			}
			p := record.Page{
				Ref: record.Ref{Tracker: "pager", ID: fmt.Sprintf("Q%d", n)}, Number: fmt.Sprint(n),
				Title:   strings.TrimSpace(strings.NewReplacer("\r", "", "\x00", "").Replace(rapid.String().Draw(t, "title"))),
				Service: word.Draw(t, "service"), Urgency: rapid.SampledFrom([]string{"high", "low"}).Draw(t, "urgency"),
				Triggered: begin.Add(seconds("triggered")), Escalated: rapid.IntRange(0, 9).Draw(t, "escalated"),
			}
			if rapid.Bool().Draw(t, "acked") {
				p.Acked = p.Triggered.Add(seconds("to ack"))
				p.AckedBy = rapid.SliceOfN(who, 1, 3).Draw(t, "by")
			}
			if rapid.Bool().Draw(t, "resolved") {
				p.Resolved = p.Triggered.Add(seconds("to resolve"))
				if p.AutoClosed = rapid.Bool().Draw(t, "auto"); !p.AutoClosed {
					p.ResolvedBy = who.Draw(t, "resolver")
				}
			}
			p.Updated = max(p.Triggered, p.Acked, p.Resolved)
			return p
		}), 1, 20).Draw(t, "pages")
		var got record.Batch
		for b, err := range reports(report(want)).Fetch(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			got.Pages = append(got.Pages, b.Pages...)
			got.Doubts = append(got.Doubts, b.Doubts...)
			got.Gaps = append(got.Gaps, b.Gaps...)
		}
		if d := cmp.Diff(want, got.Pages); d != "" {
			t.Errorf("pages (-want +got):\n%s", d)
		}
		if len(got.Doubts) > 0 || len(got.Gaps) > 0 {
			t.Errorf("doubts %v, gaps %v", got.Doubts, got.Gaps)
		}
	})
}

func TestAReportOfExactlyTwentyThousandRowsIsCut(t *testing.T) {
	pages := some(pagerDutyLimit + 1)
	for _, n := range []int{pagerDutyLimit - 1, pagerDutyLimit, pagerDutyLimit + 1} {
		b := collect(t, reports(report(pages[:n])))
		if cut := n == pagerDutyLimit; len(b.Gaps) == 1 != cut {
			t.Errorf("%d rows: gaps %v", n, b.Gaps)
		} else if cut && !strings.Contains(b.Gaps[0].What, "after the 20,000th in f.csv") {
			t.Errorf("the gap says %q", b.Gaps[0].What)
		}
		if len(b.Pages) != n || len(b.Tallies) != 1 || b.Tallies[0].Read != n {
			t.Errorf("%d rows: %d pages, tallies %v", n, len(b.Pages), b.Tallies)
		}
	}
}

func TestARowThatIsNoCSVCountsTowardsTheLimit(t *testing.T) {
	data := append(report(some(pagerDutyLimit-1)), "a\"b,c\n"...)
	if b := collect(t, reports(data)); len(b.Gaps) != 1 || !strings.Contains(b.Gaps[0].What, "after the 20,000th") {
		t.Errorf("gaps %v, tallies %v", b.Gaps, b.Tallies)
	}
}

func TestTimesWithoutAZoneAreOfTheSourcesZone(t *testing.T) {
	data := "id,description,service_name,created_on,resolved_on,seconds_to_first_ack\n" +
		"Q1,x,Orders,2026-07-01T09:00:00,2026-07-01T10:00:00+00:00,60\n"
	s := reports([]byte(data))
	var err error
	if s.Zone, err = time.LoadLocation("America/New_York"); err != nil {
		t.Skip("no zones here: ", err)
	}
	b := collect(t, s)
	if len(b.Pages) != 1 || b.Pages[0].Triggered.String() != "2026-07-01T13:00:00Z" {
		t.Fatalf("pages %+v", b.Pages)
	}
	// 10:00 with its zone is then before 13:00, and says so.
	if b.Pages[0].Resolved != 0 || !strings.Contains(dump(b), "before it was triggered") || strings.Contains(dump(b), "no zone") {
		t.Error(dump(b))
	}
}

// FuzzReport reads anything as a report: whatever it is, what is kept can be told, what isn't is
// accounted for, and it is the same every night.
func FuzzReport(f *testing.F) {
	for _, name := range []string{"report", "odd", "columns", "wrong"} {
		ar, err := txtar.ParseFile("testdata/" + name + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := collect(t, reports(data))
		for _, p := range b.Pages {
			switch {
			case p.ID == "" || p.Triggered == 0 || p.Updated == 0:
				t.Errorf("a page that cannot be told: %+v", p)
			case inOrder(p) != "":
				t.Errorf("%s: %+v", inOrder(p), p)
			case p.Escalated < 0:
				t.Errorf("%d escalations", p.Escalated)
			case !utf8.ValidString(p.Title + p.Service + p.ID + p.Number + p.Urgency):
				t.Errorf("not UTF-8: %+v", p)
			}
		}
		if len(b.Pages) == 0 && len(b.Doubts) == 0 && len(b.Gaps) == 0 {
			t.Errorf("nothing was read, and nothing said: %+v", b.Tallies)
		}
		if again := collect(t, reports(data)); dump(b) != dump(again) {
			t.Errorf("another reading gives something else:\n%s\n%s", dump(b), dump(again))
		}
	})
}

func BenchmarkReport(b *testing.B) {
	data := report(some(10_000))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if n := len(collect(b, reports(data)).Pages); n != 10_000 {
			b.Fatalf("%d pages", n)
		}
	}
}
