package paging

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
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
)

// serviceNowFiles is a source of ServiceNow's files, in memory.
func serviceNowFiles(zone *time.Location, files ...txtar.File) ServiceNow {
	fsys := fstest.MapFS{}
	for _, f := range files {
		if f.Name != "want" {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data, ModTime: time.Unix(1, 0)}
		}
	}
	return ServiceNow{Tracker: "desk", Zone: zone, Set: exports.Set{Source: "desk", FS: fsys, Patterns: []string{"**"}}}
}

// TestServiceNowFixtures reads the files of each testdata/servicenow/*.txtar as one source, and compares
// what came of them with the file "want" in it. "zone: …" in its comment is the source's.
func TestServiceNowFixtures(t *testing.T) {
	names, err := filepath.Glob("testdata/servicenow/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var zone *time.Location
			if _, z, ok := strings.Cut(string(ar.Comment), "zone: "); ok {
				if zone, err = time.LoadLocation(strings.TrimSpace(z)); err != nil {
					t.Skip("no zones here: ", err)
				}
			}
			got := dumpIssues(collect(t, serviceNowFiles(zone, ar.Files...)))
			i := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
			switch {
			case *update:
				if i < 0 {
					i = len(ar.Files)
					ar.Files = append(ar.Files, txtar.File{Name: "want"})
				}
				ar.Files[i].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
			case i < 0:
				t.Fatalf("%s has no file \"want\"; run go test with -update", name)
			default:
				if diff := cmp.Diff(string(ar.Files[i].Data), got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// dumpIssues is a batch of issues as a person reads it; those of one Ref are merged.
func dumpIssues(b record.Batch) string {
	var s strings.Builder
	for _, is := range merged(b) {
		for _, c := range is.Copies {
			fmt.Fprintf(&s, "issue %s: %q %s %q (%s) of %q, parts %b\n", is.Ref, c.Title, c.Type, c.Status.Name, c.Status.Category, c.Reporter.Name, c.Parts)
			fmt.Fprintf(&s, "  created %s, updated %s, closed %s %q, priority %q\n", c.Created, c.Updated, c.Closed, c.Resolution, c.Priority)
			if c.Text != "" {
				fmt.Fprintf(&s, "  text %q\n", c.Text)
			}
			for _, p := range c.Assignees {
				fmt.Fprintf(&s, "  assignee %q %q\n", p.Account, p.Name)
			}
			for _, p := range c.Components {
				fmt.Fprintf(&s, "  component %q\n", p)
			}
			for _, l := range c.Links {
				fmt.Fprintf(&s, "  link %s %q\n", l.Kind, l.To)
			}
			for _, f := range slices.Sorted(maps.Keys(c.Fields)) {
				fmt.Fprintf(&s, "  %s %q\n", f, c.Fields[f])
			}
		}
		for _, c := range is.Changes {
			fmt.Fprintf(&s, "  %s %s %s: %q to %q%s by %s\n", c.At, c.ID, c.Field, c.From, c.To, accounts(c), c.By.Account)
		}
		fmt.Fprintf(&s, "  history to %s\n", is.HistoryTo)
	}
	b.Issues = nil
	return s.String() + dump(b)
}

func accounts(c record.Change) string {
	if c.FromID+c.ToID == "" {
		return ""
	}
	return fmt.Sprintf(" (account %q to %q)", c.FromID, c.ToID)
}

// merged are the issues of a batch as the ledger has them.
func merged(b record.Batch) []record.Issue {
	at := map[record.Ref]int{}
	var all []record.Issue
	for _, is := range b.Issues {
		if i, twice := at[is.Ref]; twice {
			all[i] = record.Merge(all[i], is)
			continue
		}
		at[is.Ref] = len(all)
		all = append(all, record.Merge(is, record.Issue{Ref: is.Ref}))
	}
	return all
}

func TestServiceNowKeepsTheContractOfSources(t *testing.T) {
	var files []txtar.File
	names, _ := filepath.Glob("testdata/servicenow/*.txtar")
	for _, name := range names {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			if f.Name != "want" {
				f.Name = filepath.Base(name) + "/" + f.Name
				files = append(files, f)
			}
		}
	}
	files = append(files, txtar.File{Name: "many.csv", Data: serviceNowLog(1200)})
	collectortest.Run(t, collectortest.Harness{Source: func(testing.TB) collectors.Source {
		return serviceNowFiles(time.UTC, files...)
	}})
}

// serviceNowLog is a log of n incidents with four updates each.
func serviceNowLog(n int) []byte {
	var b strings.Builder
	b.WriteString("number,incident_state,reopen_count,sys_mod_count,made_sla,caller_id,opened_at,sys_updated_by,sys_updated_at,category,priority,assigned_to,closed_code,resolved_at,closed_at\n")
	for i := range n {
		opened := time.Date(2026, 1, 1, 0, 17*i, 0, 0, time.UTC)
		at := func(minutes int) string {
			return opened.Add(time.Duration(minutes) * time.Minute).Format("02-01-2006 15:04")
		}
		for mod, state := range []string{"New", "Active", "Resolved", "Closed"} {
			fmt.Fprintf(&b, "INC%07d,%s,0,%d,TRUE,Caller %d,%s,Updated by %d,%s,Category %d,3 - Moderate,Resolver %d,code 1,%s,%s\n",
				i, state, mod, i%300, at(0), i%9, at(20*mod), i%40, i%50*min(mod, 1), at(40), at(60))
		}
	}
	return []byte(b.String())
}

// TestTheOrderOfALogsRowsDoesNotMatter reads a log backwards, and cut in two files that overlap.
func TestTheOrderOfALogsRowsDoesNotMatter(t *testing.T) {
	data := string(serviceNowLog(30))
	header, rows, _ := strings.Cut(data, "\n")
	lines := strings.SplitAfter(strings.TrimSuffix(rows, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	issues := func(files ...txtar.File) string {
		all := merged(collect(t, serviceNowFiles(time.UTC, files...)))
		slices.SortFunc(all, func(a, b record.Issue) int { return a.Compare(b.Ref) })
		return fmt.Sprintf("%+v", all)
	}
	file := func(name string, lines []string) txtar.File {
		return txtar.File{Name: name, Data: []byte(header + "\n" + strings.Join(lines, ""))}
	}
	want := issues(file("all.csv", lines))
	backwards := slices.Clone(lines)
	slices.Reverse(backwards)
	if got := issues(file("all.csv", backwards)); got != want {
		t.Errorf("backwards, the log tells something else:\n%s\n%s", got, want)
	}
	var early, late []string // of each incident the first three updates, and the last two
	for i, l := range lines {
		if i%4 < 3 {
			early = append(early, l)
		}
		if i%4 > 1 {
			late = append(late, l)
		}
	}
	for _, names := range [][2]string{{"1.csv", "2.csv"}, {"2.csv", "1.csv"}} {
		if got := issues(file(names[0], early), file(names[1], late)); got != want {
			t.Errorf("in two files that overlap, the log tells something else:\n%s\n%s", got, want)
		}
	}
}

// realLog is the log of a real company.
func realLog(t *testing.T) record.Batch {
	t.Helper()
	data := realFile(t, "incidents/servicenow-event-log/incident_event_log.part1.csv")
	return collect(t, serviceNowFiles(time.UTC, txtar.File{Name: "log.csv", Data: data}))
}

func TestTheRealLogOfServiceNowIsReadWhole(t *testing.T) {
	b := realLog(t)
	changes := map[string]int{}
	for _, is := range b.Issues {
		for _, c := range is.Changes {
			changes[c.Field]++
		}
	}
	got := fmt.Sprintf("%d incidents, %d doubts, %d gaps; %s; changes: %v", len(b.Issues), len(b.Doubts), len(b.Gaps), b.Tallies[0].Kind, changes)
	const want = "534 incidents, 12 doubts, 0 gaps; servicenow log of 3611 updates; changes: map[assignee:344 field.assignment_group:538 field.category:46 field.impact:30 field.knowledge:8 field.location:5 field.made_sla:184 field.reassignment_count:540 field.reopen_count:6 field.subcategory:60 field.u_symptom:43 field.urgency:22 other:905 priority:32 resolution:527 status:1495]"
	if got != want || len(b.Tallies[0].Left) != 0 {
		t.Errorf("\n got %s\nwant %s\nleft out: %v", got, want, b.Tallies[0].Left)
	}
	const lacking = "of 534 incidents, 197 lack updates by their sys_mod_count, 1222 in all (the first is INC0000045); a state held only in these is in no history"
	if last := b.Doubts[len(b.Doubts)-1].What; last != lacking {
		t.Errorf("the last doubt is %q, not %q", last, lacking)
	}
}

// TestReopeningsOfTheRealLogAreItsOwnCount compares how often an incident leaves Resolved and Closed for
// another state in its history with the log's own reopen_count at its end:
//
//	reopen_count  in its history  incidents
//	0             0               528
//	1             1                 4
//	2             2                 1
//	0             1                 1        INC0000137: its times contradict its numbers
//
// INC0000137 was resolved at 11:03 by update 2, and a row of state New, which says that it is update 1, as
// another row does, is dated 11:10. We follow the times, so that it goes back to New, and a doubt names it.
// By the numbers it would never have been reopened, but then INC0000135 would, whose row of 09:27 says that
// it is update 7, the one that closed it five days later. No incident has fewer reopenings here than by its
// own count, although 197 of them lack updates.
func TestReopeningsOfTheRealLogAreItsOwnCount(t *testing.T) {
	b := realLog(t)
	classes := map[[2]int]int{}
	var differ []string
	for _, is := range b.Issues {
		exits := 0
		for _, c := range is.Changes {
			if c.Field == record.FieldStatus && serviceNowCategory(c.From) == record.Done && serviceNowCategory(c.To) != record.Done {
				exits++
			}
		}
		own, err := strconv.Atoi(is.Copies[0].Fields["reopen_count"][0])
		if err != nil {
			t.Fatal(is.ID, err)
		}
		if classes[[2]int{own, exits}]++; own != exits {
			differ = append(differ, is.ID)
		}
	}
	want := map[[2]int]int{{0, 0}: 528, {1, 1}: 4, {2, 2}: 1, {0, 1}: 1}
	if diff := cmp.Diff(want, classes); diff != "" {
		t.Errorf("incidents by their own count and ours (-want +got):\n%s", diff)
	}
	if !slices.Equal(differ, []string{"INC0000137"}) {
		t.Errorf("the counts differ of %v", differ)
	}
	if !slices.ContainsFunc(b.Doubts, func(d record.Doubt) bool {
		return d.What == "incident INC0000137: its update 1 is of 2016-02-29T11:10:00Z, after update 2 of 2016-02-29T11:03:00Z; the times were followed"
	}) {
		t.Errorf("no doubt says why: %v", b.Doubts)
	}
}

func TestAnExportOfExactlyTenThousandIncidentsIsCut(t *testing.T) {
	for _, n := range []int{serviceNowLimit - 1, serviceNowLimit, serviceNowLimit + 1} {
		var list strings.Builder
		list.WriteString("number,state,opened_at\n")
		for i := range n {
			fmt.Fprintf(&list, "INC%07d,New,2026-03-02 11:15:00\n", i)
		}
		b := collect(t, serviceNowFiles(time.UTC, txtar.File{Name: "list.csv", Data: []byte(list.String())}))
		if cut := n == serviceNowLimit; len(b.Gaps) == 1 != cut || len(b.Issues) != n {
			t.Errorf("%d rows: %d incidents, gaps %v", n, len(b.Issues), b.Gaps)
		}
	}
}

func BenchmarkServiceNow(b *testing.B) {
	data := serviceNowLog(25_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if n := len(collect(b, serviceNowFiles(time.UTC, txtar.File{Name: "log.csv", Data: data})).Issues); n != 25_000 {
			b.Fatalf("%d incidents", n)
		}
	}
}

// FuzzServiceNow reads anything as ServiceNow's: what is kept can be told, what isn't is accounted for, and it
// is the same every night.
func FuzzServiceNow(f *testing.F) {
	names, _ := filepath.Glob("testdata/servicenow/*.txtar")
	for _, name := range names {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			f.Add(file.Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := serviceNowFiles(nil, txtar.File{Name: "f.csv", Data: data})
		b := collect(t, s)
		for _, is := range b.Issues {
			ids := map[string]bool{}
			for i, c := range is.Changes {
				switch {
				case c.ID == "" || c.At == 0 || c.Field == "" || c.From == c.To && c.Field != record.FieldOther || ids[c.ID]:
					t.Errorf("a change that cannot be told: %+v", c)
				case i > 0 && c.At < is.Changes[i-1].At, c.At > is.HistoryTo:
					t.Errorf("out of order: %+v", is)
				}
				ids[c.ID] = true
			}
			c := is.Copies[0]
			if is.ID == "" || c.Key != is.ID || c.Closed != 0 && c.Closed < c.Created || len(c.Text) > record.TextLimit {
				t.Errorf("an incident that cannot be: %+v", is)
			}
			if !utf8.ValidString(fmt.Sprint(is)) {
				t.Errorf("not UTF-8: %+v", is)
			}
		}
		left := 0
		for _, y := range b.Tallies {
			for _, n := range y.Left {
				left += n
			}
		}
		if len(b.Issues) == 0 && len(b.Doubts) == 0 && len(b.Gaps) == 0 && left == 0 {
			t.Errorf("nothing was read, and nothing said: %+v", b.Tallies)
		}
		if again := collect(t, s); dumpIssues(b) != dumpIssues(again) {
			t.Errorf("another reading gives something else:\n%s\n%s", dumpIssues(b), dumpIssues(again))
		}
	})
}
