package ledger

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors/record"
)

// live is the n-th issue as a live service delivered it at an instant.
func live(n int, seen record.Instant) record.Issue {
	return record.Issue{
		Ref: record.Ref{Tracker: "tickets", ID: fmt.Sprint(n)}, Seen: seen,
		Copies: []record.Copy{{Parts: record.HasCore, Key: fmt.Sprint("SUP-", n), Updated: 1}},
	}
}

func refs(ids ...int) (list []record.Ref) {
	for _, id := range ids {
		list = append(list, record.Ref{Tracker: "tickets", ID: fmt.Sprint(id)})
	}
	return list
}

func saveAs(t *testing.T, l *Ledger, source string, b record.Batch) {
	t.Helper()
	if err := l.Save(t.Context(), source, b); err != nil {
		t.Fatal(err)
	}
}

// gone says of each issue since when it is gone.
func gone(t *testing.T, l *Ledger) string {
	t.Helper()
	var words []string
	for _, is := range mustRead(t, l).Issues {
		word := is.ID
		if is.Gone != 0 {
			word += fmt.Sprint(" gone at ", int64(is.Gone))
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func wantGone(t *testing.T, l *Ledger, want string) {
	t.Helper()
	if got := gone(t, l); got != want {
		t.Errorf("the ledger holds %s; want %s", got, want)
	}
}

func wantDelivered(t *testing.T, l *Ledger, source, stream string, want ...string) {
	t.Helper()
	got, err := l.Delivered(t.Context(), source, stream)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("delivered by %s %q (-want +got):\n%s", source, stream, d)
	}
}

func TestAStreamRemembersWhatItDelivered(t *testing.T) {
	path := t.TempDir() + "/ledger.db"
	l := openAt(t, path)
	mustSave(t, l, record.Batch{Stream: "b", Issues: []record.Issue{live(10, 5), live(9, 5)}})
	mustSave(t, l, record.Batch{Stream: "b", Issues: []record.Issue{live(9, 6), live(11, 6)}})
	mustSave(t, l, record.Batch{Stream: "a", Issues: []record.Issue{live(9, 6)}})
	mustSave(t, l, record.Batch{Stream: "c"})
	mustSave(t, l, record.Batch{Issues: []record.Issue{live(12, 0)}}) // a file's
	saveAs(t, l, "other", record.Batch{Stream: "z", Issues: []record.Issue{live(1, 5)}})
	l.Close()
	l = openAt(t, path)
	wantDelivered(t, l, "s", "", "a", "b")
	wantDelivered(t, l, "s", "a", "9")
	wantDelivered(t, l, "s", "b", "10", "11", "9")
	wantDelivered(t, l, "s", "c")
	wantDelivered(t, l, "other", "", "z")
	wantDelivered(t, l, "nobody", "")
}

func TestAnIssueIsGoneWhenTheLastStreamHasLostIt(t *testing.T) {
	l := openNew(t)
	for _, stream := range []string{"a", "b"} {
		mustSave(t, l, record.Batch{Stream: stream, Issues: []record.Issue{live(1, 5), live(2, 5)}})
	}
	saveAs(t, l, "other", record.Batch{Stream: "a", Issues: []record.Issue{live(2, 5)}})
	mustSave(t, l, record.Batch{Stream: "a", Gone: refs(1, 2, 99), Horizon: 10})
	wantGone(t, l, "1, 2")
	wantDelivered(t, l, "s", "a")
	mustSave(t, l, record.Batch{Stream: "b", Gone: refs(1, 2), Horizon: 20})
	wantGone(t, l, "1 gone at 20, 2")
	saveAs(t, l, "other", record.Batch{Stream: "a", Gone: refs(2), Horizon: 30})
	wantGone(t, l, "1 gone at 20, 2 gone at 30")
	wantDelivered(t, l, "s", "")

	// What is gone comes back when it is delivered again, as it was, and can be lost again.
	mustSave(t, l, record.Batch{Stream: "b", Issues: []record.Issue{live(1, 40)}})
	wantGone(t, l, "1, 2 gone at 30")
	wantDelivered(t, l, "s", "b", "1")
	mustSave(t, l, record.Batch{Stream: "b", Gone: refs(1), Horizon: 40})
	wantGone(t, l, "1 gone at 40, 2 gone at 30")
	wantError(t, l.Save(t.Context(), "s", record.Batch{Stream: "b", Gone: refs(2)}), "not since when")
}

// Delivered and lost in one batch: the service deleted it while it was read.
func TestALossCountsAfterTheDeliveryOfTheSameBatch(t *testing.T) {
	l := openNew(t)
	mustSave(t, l, record.Batch{Stream: "a", Issues: []record.Issue{live(1, 10)}, Gone: refs(1), Horizon: 10})
	wantGone(t, l, "1 gone at 10")
	wantDelivered(t, l, "s", "a")
}

func TestASourceThatIsNotReadAnyMoreKeepsNothingAlive(t *testing.T) {
	l := openNew(t)
	run := func(at record.Instant, sources ...string) {
		t.Helper()
		for _, s := range sources {
			if err := l.StartRun(t.Context(), s, at); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range sources {
			if err := l.EndRun(t.Context(), s, at, Complete, record.Spent{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(1, "old", "s")
	saveAs(t, l, "old", record.Batch{Stream: "a", Issues: []record.Issue{live(1, 1), live(2, 1)}})
	mustSave(t, l, record.Batch{Stream: "a", Issues: []record.Issue{live(1, 1), live(2, 1)}})
	run(2, "old", "s")
	run(3, "s") // this night the other one begins later
	mustSave(t, l, record.Batch{Stream: "a", Gone: refs(1), Horizon: 3})
	wantGone(t, l, "1, 2")
	run(4, "s") // from here on it is renamed
	run(5, "s")
	mustSave(t, l, record.Batch{Stream: "a", Gone: refs(2), Horizon: 5})
	wantGone(t, l, "1, 2 gone at 5")
	// Had it been read after all, its next roll call would miss the issue and deliver it again.
	wantDelivered(t, l, "old", "a", "1")
}

func wantDoubts(t *testing.T, l *Ledger, want ...string) {
	t.Helper()
	var got []string
	for _, d := range source(t, l).Doubts {
		got = append(got, strings.TrimSpace(d.Place+" "+d.What))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("doubts (-want +got):\n%s", d)
	}
}

// odd is a doubt at each of the places.
func odd(places ...string) (list []record.Doubt) {
	for _, p := range places {
		list = append(list, record.Doubt{Place: p, What: "odd"})
	}
	return list
}

// complete is a complete run that yields these batches.
func complete(t *testing.T, l *Ledger, at record.Instant, batches ...record.Batch) {
	t.Helper()
	mustStart(t, l, at)
	for _, b := range batches {
		mustSave(t, l, b)
	}
	mustEnd(t, l, at, Complete)
}

func TestADoubtAboutAnIssueLastsUntilItIsDeliveredAgain(t *testing.T) {
	l := openNew(t)
	tally := []record.Tally{{Part: "acme/orders", Kind: "github rest", Read: 1}}
	stream := func(b record.Batch) record.Batch {
		b.Stream = "acme/orders"
		return b
	}
	moved := live(3, 1)
	moved.Copies[0].Key = "acme/orders#3"
	complete(t, l, 1, stream(record.Batch{Issues: []record.Issue{live(1, 1), live(2, 1), moved},
		Doubts: odd("acme/orders:SUP-1", "acme/orders:SUP-2", "acme/orders:acme/orders#3", "acme/orders:GET /x", "acme/orders"), Tallies: tally}))
	wantDoubts(t, l, "acme/orders odd", "acme/orders:GET /x odd", "acme/orders:SUP-1 odd", "acme/orders:SUP-2 odd", "acme/orders:acme/orders#3 odd")

	// A night in which nothing changed: the issues were not read, the requests were made again.
	complete(t, l, 2, stream(record.Batch{Tallies: tally}))
	wantDoubts(t, l, "acme/orders:SUP-1 odd", "acme/orders:SUP-2 odd", "acme/orders:acme/orders#3 odd")

	// Another stream's delivery says nothing of how this one reads it; a failed run ends nothing.
	mustStart(t, l, 3)
	mustSave(t, l, record.Batch{Stream: "acme", Issues: []record.Issue{live(1, 3)}, Doubts: odd("acme:POST /graphql")})
	mustEnd(t, l, 3, Failed)
	mustStart(t, l, 4)
	mustEnd(t, l, 4, Failed)
	wantDoubts(t, l, "acme/orders:SUP-1 odd", "acme/orders:SUP-2 odd", "acme/orders:acme/orders#3 odd", "acme:POST /graphql odd")

	// Delivered again: the first mended, the second not, the third under another key.
	third := live(3, 5)
	third.Copies[0].Key = "acme/new#3"
	complete(t, l, 5, stream(record.Batch{Issues: []record.Issue{live(1, 5), live(2, 5), third}, Doubts: []record.Doubt{{Place: "acme/orders:SUP-2", What: "still odd"}}}))
	wantDoubts(t, l, "acme/orders:SUP-2 still odd")

	// Lost.
	complete(t, l, 6, stream(record.Batch{Gone: refs(2), Horizon: 6}))
	wantDoubts(t, l)
}

// What cannot be read at all is delivered by no batch: only its key is known, or its id from better days.
func TestADoubtAboutAnIssueThatCannotBeReadLastsAsLong(t *testing.T) {
	l := openNew(t)
	day := func(n int) record.Instant {
		return record.Instant(1_700_000_000_000_000_000).Add(time.Duration(n) * 24 * time.Hour)
	}
	unreadable := record.Batch{Stream: "a", Doubts: odd("a:SUP-1", "a:SUP-7: a comment")}
	complete(t, l, day(0), record.Batch{Stream: "a", Issues: []record.Issue{live(1, 1)}}, unreadable)
	for n := range 40 {
		if n == 20 {
			complete(t, l, day(n), record.Batch{Stream: "a", Doubts: odd("a:SUP-7: a comment")}) // a roll call misses it and asks for it again
			continue
		}
		complete(t, l, day(n))
	}
	wantDoubts(t, l, "a:SUP-1 odd", "a:SUP-7: a comment odd")
	seventh := live(7, 9)
	seventh.Copies[0].Key, seventh.Aliases = "NEW-1", []string{"SUP-7"}
	complete(t, l, day(41), record.Batch{Stream: "a", Issues: []record.Issue{seventh}})
	wantDoubts(t, l, "a:SUP-1 odd")
	complete(t, l, day(42), record.Batch{Stream: "a", Gone: refs(1), Horizon: 42})
	wantDoubts(t, l)

	// It was never delivered, so nobody says that it is gone: three roll calls have not asked for it.
	complete(t, l, day(50), record.Batch{Stream: "a", Doubts: odd("a:SUP-8")})
	complete(t, l, day(51))
	complete(t, l, day(72))
	wantDoubts(t, l, "a:SUP-8 odd")
	complete(t, l, day(74))
	wantDoubts(t, l)
}

// Repositories may be called what looks like a key, and a batch may bring what is to be said of another
// stream, or of the whole source.
func TestADoubtAboutAStreamIsAboutNoIssue(t *testing.T) {
	l := openNew(t)
	tally := []record.Tally{{Part: "acme/app-2"}, {Part: "acme/app-3"}}
	complete(t, l, 1, record.Batch{Stream: "acme/app-3", Issues: []record.Issue{live(1, 1)}, Doubts: odd("acme/app-2", "acme/app-3", "acme/app-3:acme/app-3", "", "acme/app-3:1", "SUP-1")},
		record.Batch{Doubts: odd("acme/app-2", "acme/app-3"), Tallies: tally})
	wantDoubts(t, l, "odd", "SUP-1 odd", "acme/app-2 odd", "acme/app-3 odd", "acme/app-3:1 odd", "acme/app-3:acme/app-3 odd")
	complete(t, l, 2, record.Batch{Tallies: tally})
	wantDoubts(t, l, "acme/app-3:1 odd") // told by its id
}

func TestThatThereAreMoreDoubtsIsSaidAsLongAsItIsTrue(t *testing.T) {
	l := openNew(t)
	b := record.Batch{Stream: "a"}
	for n := range doubtLimit + 5 {
		b.Issues = append(b.Issues, live(n, 1))
		b.Doubts = append(b.Doubts, odd(fmt.Sprint("a:SUP-", n))...)
	}
	complete(t, l, 1, b)
	complete(t, l, 2)
	if s := source(t, l); len(s.Doubts) != doubtLimit+1 || !strings.Contains(s.Doubts[0].What, "there are more") {
		t.Fatalf("%d doubts, the first %v; want %d and one that says there are more", len(s.Doubts), s.Doubts[0], doubtLimit)
	}
	complete(t, l, 3, record.Batch{Stream: "a", Issues: []record.Issue{live(1, 3)}})
	if s := source(t, l); len(s.Doubts) != doubtLimit-1 {
		t.Errorf("%d doubts; want the %d that are left", len(s.Doubts), doubtLimit-1)
	}
}

func TestKeysAreToldFromRequests(t *testing.T) {
	for _, key := range []string{"SUP-1", "acme/orders#12", "A_B2-7"} {
		if !isKey(key) {
			t.Errorf("%q is not taken for a key", key)
		}
	}
	for _, request := range []string{"", "GET", "-1", "#", "1234", "SUP-", "/rest/api/3/search", "search", "SUP"} {
		if isKey(request) {
			t.Errorf("%q is taken for a key", request)
		}
	}
}

// A ledger that the first firebreak wrote, told by its schema and a body of its time.
func TestALedgerOfTheFirstVersionIsBroughtUpToDateWithAllThatIsInIt(t *testing.T) {
	path := t.TempDir() + "/ledger.db"
	db := rawDB(t, path)
	for _, s := range []string{
		"PRAGMA journal_mode = WAL", v1,
		fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 1", applicationID),
		fmt.Sprintf("INSERT INTO issue (tracker, id, key, body) VALUES ('tickets', '10001', 'SUP-1', x'%x')", golden(t, "issue", 1)),
		"INSERT INTO alias VALUES ('tickets', 'OLD-7', '10001')",
		"INSERT INTO status VALUES ('tickets', '3', 'In Progress', 'doing')",
		"INSERT INTO source VALUES ('s', 'here', 9, 4)",
		"INSERT INTO run (source, started, ended, outcome, records, first_batch) VALUES ('s', 1, 2, 'complete', 3, 1)",
		`INSERT INTO tally VALUES ('s', 'a.json', 'jira', 3, 4, '{"unreadable":1}', 4)`,
		"INSERT INTO doubt VALUES ('s', 'a.json:7', 'odd', 4)",
		"INSERT INTO gap VALUES ('s', 'b.json', 'empty', 2, 4)",
	} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	l := openAt(t, path)
	if d := cmp.Diff([]record.Issue{tellingFirst()}, mustRead(t, l).Issues); d != "" {
		t.Errorf("issues (-before +after):\n%s", d)
	}
	want := Source{Name: "s", Cursor: "here", Horizon: 9, Last: Run{Started: 1, Ended: 2, Outcome: Complete, Records: 3}, Good: 2,
		Tallies: []record.Tally{{Part: "a.json", Kind: "jira", Read: 3, Changes: 4, Left: map[string]int{"unreadable": 1}}},
		Doubts:  []record.Doubt{{Source: "s", Place: "a.json:7", What: "odd"}},
		Gaps:    []record.Gap{{Source: "s", At: 2, What: "b.json", Why: "empty"}}}
	if d := cmp.Diff(want, source(t, l)); d != "" {
		t.Errorf("state (-before +after):\n%s", d)
	}
	// Its rules go on for files, and the live ones begin.
	complete(t, l, 3, record.Batch{Tallies: []record.Tally{{Part: "a.json"}}}, record.Batch{Stream: "a", Issues: []record.Issue{telling()}})
	if s := source(t, l); len(s.Doubts) != 0 || len(s.Gaps) != 0 {
		t.Errorf("doubts %v and gaps %v after the files were read anew", s.Doubts, s.Gaps)
	}
	wantDelivered(t, l, "s", "a", "10001")
	if d := cmp.Diff([]record.Issue{record.Merge(tellingFirst(), telling())}, mustRead(t, l).Issues); d != "" {
		t.Errorf("delivered again (-want +got):\n%s", d)
	}
	var sound string
	if err := l.db.QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("integrity check: %s, %v", sound, err)
	}
}

func TestIssuesAndPagesAreCounted(t *testing.T) {
	l := openNew(t)
	pages := []record.Page{{Ref: record.Ref{Tracker: "p", ID: "1"}}, {Ref: record.Ref{Tracker: "p", ID: "2"}}}
	mustSave(t, l, record.Batch{Issues: busyIssues(0, 3), Pages: pages, Gone: []record.Ref{busyIssue(1).Ref}, Horizon: 1 << 62})
	issues, n, err := l.Count(t.Context())
	if issues != 3 || n != 2 || err != nil {
		t.Errorf("%d issues and %d pages, %v; want 3 and 2", issues, n, err)
	}
}

func TestACancelledQuestionIsAnError(t *testing.T) {
	l := openNew(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Delivered(ctx, "s", "a"); err == nil {
		t.Error("Delivered says nothing of it")
	}
	if _, _, err := l.Count(ctx); err == nil {
		t.Error("Count says nothing of it")
	}
}
