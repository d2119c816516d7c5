package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/record/recordtest"
)

func openAt(t testing.TB, path string) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func openNew(t testing.TB) *Ledger {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "ledger.db"))
}

func mustSave(t testing.TB, l *Ledger, b record.Batch) {
	t.Helper()
	if err := l.Save(context.Background(), "s", b); err != nil {
		t.Fatal(err)
	}
}

// everything is all records of a ledger.
type everything struct {
	Issues []record.Issue
	Pages  []record.Page
	Shifts []record.Shift
}

func (l *Ledger) everything() (e everything, err error) {
	var errs []error
	for r, err := range l.Issues(context.Background()) {
		e.Issues, errs = append(e.Issues, r), append(errs, err)
	}
	for r, err := range l.Pages(context.Background()) {
		e.Pages, errs = append(e.Pages, r), append(errs, err)
	}
	slices.SortFunc(e.Pages, func(a, b record.Page) int { return a.Ref.Compare(b.Ref) })
	for r, err := range l.Shifts(context.Background()) {
		e.Shifts, errs = append(e.Shifts, r), append(errs, err)
	}
	return e, errors.Join(errs...)
}

func mustRead(t testing.TB, l *Ledger) everything {
	t.Helper()
	e, err := l.everything()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// rawDB opens the file as somebody's own tool would.
func rawDB(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func rawExec(t testing.TB, path, query string) {
	t.Helper()
	db := rawDB(t, path)
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func wantError(t *testing.T, err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("error %v; want one that says %q", err, w)
		}
	}
}

func TestWhatWasSavedIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder", "le dger?#%41.db")
	l := openAt(t, path)
	b := record.Batch{Issues: []record.Issue{telling()}, Pages: []record.Page{{Ref: record.Ref{Tracker: "pager", ID: "P1"}, Title: "down", Triggered: 7}},
		Shifts: []record.Shift{{Ref: record.Ref{Tracker: "pager", ID: "S1"}, Rota: "support", From: 1, To: 2}}, Cursor: "here", Horizon: 99}
	mustSave(t, l, b)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*-wal")); len(files) > 0 {
		t.Errorf("a closed ledger leaves %v", files)
	}
	l = openAt(t, path)
	want := everything{b.Issues, b.Pages, b.Shifts}
	if d := cmp.Diff(want, mustRead(t, l)); d != "" {
		t.Errorf("(-saved +read):\n%s", d)
	}
	if c, err := l.Cursor(t.Context(), "s"); c != "here" || err != nil {
		t.Errorf("cursor %q, %v; want here", c, err)
	}
	if c, err := l.Cursor(t.Context(), "other"); c != "" || err != nil {
		t.Errorf("the cursor of a source that was never read is %q, %v; want none", c, err)
	}
}

func TestAnyOrderOfBatchesGivesTheSameRecords(t *testing.T) {
	l := openNew(t)
	rapid.Check(t, func(t *rapid.T) {
		batches := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) record.Batch {
			var b record.Batch
			for range rapid.IntRange(0, 4).Draw(t, "issues") {
				b.Issues = append(b.Issues, recordtest.Issue(recordtest.Ref().Draw(t, "ref")).Draw(t, "issue"))
			}
			for range rapid.IntRange(0, 2).Draw(t, "pages") {
				b.Pages = append(b.Pages, recordtest.Page(recordtest.Ref().Draw(t, "ref")).Draw(t, "page"))
			}
			for range rapid.IntRange(0, 2).Draw(t, "shifts") {
				b.Shifts = append(b.Shifts, recordtest.Shift(recordtest.Ref().Draw(t, "ref")).Draw(t, "shift"))
			}
			return b
		}), 1, 4).Draw(t, "batches")
		read := func(batches []record.Batch) everything {
			if _, err := l.db.Exec("DELETE FROM issue; DELETE FROM page; DELETE FROM shift"); err != nil {
				t.Fatal(err)
			}
			for _, b := range batches {
				if err := l.Save(context.Background(), "s", b); err != nil {
					t.Fatal(err)
				}
			}
			e, err := l.everything()
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		want := read(batches)
		other := append(rapid.Permutation(batches).Draw(t, "order"), batches[0])
		if d := cmp.Diff(want, read(other), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("another order gives other records (-one +other):\n%s", d)
		}
		// The ledger adds nothing to the merge.
		merged := map[record.Ref]record.Issue{}
		for _, b := range batches {
			for _, is := range b.Issues {
				if known, ok := merged[is.Ref]; ok {
					is = record.Merge(known, is)
				}
				merged[is.Ref] = record.Merge(is, record.Issue{Ref: is.Ref})
			}
		}
		for _, is := range want.Issues {
			if d := cmp.Diff(merged[is.Ref], is, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("the ledger's %s is not the merged one (-merged +ledger):\n%s", is.Ref, d)
			}
		}
		if len(want.Issues) != len(merged) {
			t.Fatalf("the ledger has %d issues; want %d", len(want.Issues), len(merged))
		}
	})
}

func TestRecordsAreReadByTrackerAndID(t *testing.T) {
	l := openNew(t)
	var b record.Batch
	for _, id := range []string{"9", "10", "a", "é\x00\xff", "'; DROP TABLE issue", "2"} {
		for _, tracker := range []string{"tickets", "code"} {
			b.Issues = append(b.Issues, record.Issue{Ref: record.Ref{Tracker: tracker, ID: id}})
		}
	}
	mustSave(t, l, b)
	mustSave(t, l, b)
	var got []record.Ref
	for _, is := range mustRead(t, l).Issues {
		got = append(got, is.Ref)
	}
	if !slices.IsSortedFunc(got, record.Ref.Compare) || len(got) != len(b.Issues) {
		t.Errorf("read %v; want all %d in order", got, len(b.Issues))
	}
}

func TestABatchIsSavedWholeOrNotAtAll(t *testing.T) {
	l := openNew(t)
	mustSave(t, l, record.Batch{Issues: []record.Issue{busyIssue(1)}, Cursor: "one"})
	bad := record.Batch{Issues: []record.Issue{busyIssue(2)}, Pages: []record.Page{{Title: "no id"}}, Cursor: "two"}
	wantError(t, l.Save(t.Context(), "s", bad), "no id", "fault of the source")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Save(ctx, "s", record.Batch{Issues: []record.Issue{busyIssue(3)}, Cursor: "three"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want the context's", err)
	}
	if n := len(mustRead(t, l).Issues); n != 1 {
		t.Errorf("%d issues; want the one of the batch that was saved", n)
	}
	if c, _ := l.Cursor(t.Context(), "s"); c != "one" {
		t.Errorf("cursor %q; want one", c)
	}
	mustSave(t, l, record.Batch{Issues: []record.Issue{busyIssue(2)}, Cursor: "two"})
	statuses, err := l.Statuses(t.Context())
	if err != nil || len(statuses) != 5 {
		t.Errorf("statuses %v, %v; want the 5 that a batch rolled back must not hide", statuses, err)
	}
}

func TestAWalkSeesTheLedgerAsItWasWhenTheWalkBegan(t *testing.T) {
	l := openNew(t)
	mustSave(t, l, record.Batch{Issues: busyIssues(0, 50)})
	n := 0
	for _, err := range l.Issues(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for range l.Pages(t.Context()) { // a walk within a walk
		}
		mustSave(t, l, record.Batch{Issues: busyIssues(50+n, 51+n)})
		n++
	}
	if n != 50 {
		t.Errorf("the walk saw %d issues; want the 50 there were", n)
	}
	if got := len(mustRead(t, l).Issues); got != 100 {
		t.Errorf("%d issues after it; want 100", got)
	}
}

func TestTheColumnsSayWhatPeopleAskFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path)
	is := telling()
	is.Gone = 0
	mustSave(t, l, record.Batch{Issues: []record.Issue{is, {Ref: record.Ref{Tracker: "tickets", ID: "2"}}}})
	db := rawDB(t, path) // beside the open ledger
	var got [14]sql.NullString
	if err := db.QueryRow(`SELECT tracker, id, key, project, type, status, category, priority, resolution, title, due, created, closed, gone
		FROM issues WHERE key = 'SUP-1'`).Scan(&got[0], &got[1], &got[2], &got[3], &got[4], &got[5], &got[6], &got[7], &got[8], &got[9], &got[10], &got[11], &got[12], &got[13]); err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, g := range got {
		words = append(words, g.String)
	}
	want := "tickets 10001 SUP-1 SUP Bug In Progress doing Major Fixed Fax queue stuck 2026-03-31 2025-10-09T08:53:20Z 2025-10-09T08:53:20Z "
	if s := strings.Join(words, " "); s != want || got[13].Valid {
		t.Errorf("the columns say %q; want %q", s, want)
	}
	var missing int
	if err := db.QueryRow("SELECT count(*) FROM issue WHERE key IS NULL AND created IS NULL").Scan(&missing); err != nil || missing != 1 {
		t.Errorf("%d, %v rows have NULL for what is not known; want 1", missing, err)
	}
	var id string
	if err := db.QueryRow("SELECT id FROM alias WHERE tracker = 'tickets' AND key = 'OLD-7'").Scan(&id); err != nil || id != "10001" {
		t.Errorf("the old key leads to %q, %v; want 10001", id, err)
	}
	for _, view := range []string{"issues", "pages", "shifts", "runs"} {
		if _, err := db.Exec("SELECT * FROM " + view); err != nil {
			t.Error(err)
		}
	}
}

func TestATombstoneKeepsItsFirstDate(t *testing.T) {
	l := openNew(t)
	is := busyIssue(1)
	ref := is.Ref
	at := is.Copies[0].Updated
	gone := func() record.Instant { t.Helper(); return mustRead(t, l).Issues[0].Gone }
	mustSave(t, l, record.Batch{Issues: []record.Issue{is}, Gone: []record.Ref{ref, {Tracker: "tickets", ID: "never seen"}}, Horizon: at + 10})
	mustSave(t, l, record.Batch{Gone: []record.Ref{ref}, Horizon: at + 20})
	if gone() != at+10 {
		t.Errorf("gone since %d; want the first night that missed it, %d", gone(), at+10)
	}
	is.Copies[0].Updated = at + 30
	mustSave(t, l, record.Batch{Issues: []record.Issue{is}})
	if gone() != 0 {
		t.Errorf("gone since %d, though updated after that; want it back", gone())
	}
	wantError(t, l.Save(t.Context(), "s", record.Batch{Gone: []record.Ref{ref}}), "not since when")
}

func TestStatusesAreAllThatAnyIssuePassedThrough(t *testing.T) {
	l := openNew(t)
	is := telling()
	mustSave(t, l, record.Batch{Issues: []record.Issue{is}})
	got, err := l.Statuses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Status{
		{"tickets", record.Status{ID: "3", Name: "In Progress", Category: record.Doing}},
		{"tickets", record.Status{ID: "1", Name: "Open"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestARowThatCannotBeReadIsNamedAndTheRestIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path)
	mustSave(t, l, record.Batch{Issues: busyIssues(0, 3)})
	rawExec(t, path, "UPDATE issue SET body = x'01ff' WHERE id = '100001'")
	var good int
	var bad []error
	for _, err := range l.Issues(t.Context()) {
		if err != nil {
			bad = append(bad, err)
		} else {
			good++
		}
	}
	if good != 2 || len(bad) != 1 {
		t.Fatalf("%d read and errors %v; want 2 and 1", good, bad)
	}
	wantError(t, bad[0], path, "issue tickets:100001", "damaged", "delete that row")
}

func TestANewerSchemaIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	openAt(t, path).Close()
	rawExec(t, path, "PRAGMA user_version = 99")
	before, _ := os.ReadFile(path)
	_, err := Open(t.Context(), path)
	wantError(t, err, path, "newer firebreak", "version 99", fmt.Sprint("up to ", len(migrations)))
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the refused file was changed")
	}
}

func TestWhatIsNotALedgerIsRefusedAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database\n", 1000)), 0o666); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "browser.db")
	rawExec(t, other, "CREATE TABLE bookmark (url)")
	for path, words := range map[string]string{text: "not a ledger, nor any SQLite database", other: "database of another program"} {
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Open(t.Context(), path)
		wantError(t, err, path, words, "give another path")
		if after, _ := os.ReadFile(path); string(after) != string(before) {
			t.Errorf("%s was changed", path)
		}
		if beside, _ := filepath.Glob(path + "?*"); len(beside) > 0 {
			t.Errorf("%v was left beside the refused file", beside)
		}
	}
	_, err := Open(t.Context(), dir)
	wantError(t, err, dir)
	_, err = Open(t.Context(), filepath.Join(text, "ledger.db"))
	wantError(t, err, text)
}

func TestADamagedLedgerIsNamedAsSuch(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, whole)
	mustSave(t, l, record.Batch{Issues: busyIssues(0, 200)})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	open := func(name string, content []byte) error {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		l, err := Open(t.Context(), path)
		if err != nil {
			return err
		}
		defer l.Close()
		_, err = l.everything()
		return err
	}
	wantError(t, open("truncated", file[:len(file)/2]), "truncated", "damaged", "collect everything again")
	garbage := slices.Clone(file)
	for i := 20_000; i < len(garbage); i++ {
		garbage[i] = byte(i * 7)
	}
	wantError(t, open("garbage", garbage), "garbage", "damaged", "collect everything again")
	if err := open("whole", file); err != nil {
		t.Errorf("the copy of a whole ledger: %v", err)
	}
}

func TestASecondFirebreakIsToldOfTheFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	first := openAt(t, path)
	_, err := Open(t.Context(), path)
	wantError(t, err, path, "another firebreak is using it", "wait")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path)
}

func TestAnOlderLedgerIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path)
	mustSave(t, l, record.Batch{Issues: []record.Issue{telling()}, Cursor: "here"})
	l.Close()
	schema := append(slices.Clone(migrations), "ALTER TABLE issue ADD COLUMN colour TEXT DEFAULT 'red'", "CREATE TABLE guest (name)")
	l, err := open(t.Context(), path, schema)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]record.Issue{telling()}, mustRead(t, l).Issues); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
	var version int
	var colour string
	if err := l.db.QueryRow("SELECT user_version, (SELECT colour FROM issue) FROM pragma_user_version").Scan(&version, &colour); err != nil || version != len(schema) || colour != "red" {
		t.Errorf("version %d, colour %q, %v; want %d and red", version, colour, err, len(schema))
	}
	l.Close()
	_, err = Open(t.Context(), path) // the older firebreak, again
	wantError(t, err, "newer firebreak")
}

func TestAMigrationThatFailsChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path)
	mustSave(t, l, record.Batch{Issues: []record.Issue{telling()}})
	l.Close()
	_, err := open(t.Context(), path, append(slices.Clone(migrations), "CREATE TABLE guest (name)", "CREATE TABLE half (done); SELECT * FROM nowhere"))
	wantError(t, err, fmt.Sprint("schema version ", len(migrations)+2), "nowhere")
	var version, half int
	if err := rawDB(t, path).QueryRow("SELECT user_version, (SELECT count(*) FROM sqlite_schema WHERE name = 'half') FROM pragma_user_version").Scan(&version, &half); err != nil || version != len(migrations)+1 || half != 0 {
		t.Errorf("version %d, %d tables of the failed step, %v; want the step before, whole", version, half, err)
	}
}

func TestAClosedLedgerSaysSo(t *testing.T) {
	l := openNew(t)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	wantError(t, l.Save(t.Context(), "s", record.Batch{}), "closed")
	_, err := l.everything()
	wantError(t, err, "closed")
	if err := l.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestNightsAreKeptOnePerInstant(t *testing.T) {
	l := openNew(t)
	if _, ok, err := l.PreviousNight(t.Context(), 100); ok || err != nil {
		t.Errorf("a new ledger has a previous night: %v, %v", ok, err)
	}
	for _, n := range []Night{
		{AsOf: 10, Created: 11, Policy: "old", Report: []byte("draft"), Verdicts: []byte("x")},
		{AsOf: 10, Created: 12, Policy: "old", Report: []byte("ten"), Verdicts: []byte(strings.Repeat("met ", 10_000))},
		{AsOf: 20, Policy: "new", Report: []byte("twenty")},
	} {
		if err := l.SaveNight(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := l.PreviousNight(t.Context(), 20)
	want := Night{AsOf: 10, Created: 12, Policy: "old", Report: []byte("ten"), Verdicts: []byte(strings.Repeat("met ", 10_000))}
	if d := cmp.Diff(want, got); d != "" || !ok || err != nil {
		t.Errorf("before 20: %v, %v (-want +got):\n%s", ok, err, d)
	}
	if got, ok, err = l.PreviousNight(t.Context(), 21); !ok || err != nil || string(got.Report) != "twenty" || len(got.Verdicts) != 0 {
		t.Errorf("before 21: %v, %v, %v; want the night of 20", got, ok, err)
	}
}
