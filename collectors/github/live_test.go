package github

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

func TestTheAPIIsWhereItIs(t *testing.T) {
	for address, want := range map[string]string{
		"":                             "https://api.github.com/",
		"https://github.com":           "https://api.github.com/",
		"https://api.github.com":       "https://api.github.com/",
		"https://github.acme.com":      "https://github.acme.com/api/v3/",
		"https://github.acme.com/":     "https://github.acme.com/api/v3/",
		"https://acme.com/api/v3":      "https://acme.com/api/v3/",
		"https://api.acme.ghe.com":     "https://api.acme.ghe.com/",
		"http://127.0.0.1:4010":        "http://127.0.0.1:4010/api/v3/",
		"github.acme.com":              "",
		"ftp://github.acme.com":        "",
		"https://bot:pw@github.acme.c": "",
	} {
		u, err := Base(address)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is taken for %s", address, u)
		case want == "" && strings.Contains(err.Error(), ":pw@"):
			t.Errorf("%q: the error tells the password: %v", address, err)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%q: %v, %v; want %s", address, u, err, want)
		}
	}
}

func TestTheLinkToTheNextPageIsFound(t *testing.T) {
	for line, want := range map[string]string{
		"": "",
		`<https://api.github.com/repositories/1/issues?after=a%2Cb&page=2>; rel="next", <https://x/?page=9>; rel="last"`: "https://api.github.com/repositories/1/issues?after=a%2Cb&page=2",
		`<https://x/?page=1>; rel="prev", <https://x/?q=a,b&page=3>; rel="next"`:                                         "https://x/?q=a,b&page=3",
		`<https://x/?page=9>; rel="last"`: "",
		`<https://x/?page=9; rel="next"`:  "",
		`<https://x/2>;rel=next`:          "https://x/2",
	} {
		if got := nextLink(http.Header{"Link": {line}}); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestAnArchiveAndTheServiceGiveOneRecord reads one issue with its timeline from a file and live.
func TestAnArchiveAndTheServiceGiveOneRecord(t *testing.T) {
	b := realBatch(t, "bitcoin-core-gui", "*.jsonl.gz")
	want := b.Issues[0]
	fixture := unpackedLine(t)
	var got record.Issue
	synctest.Test(t, func(t *testing.T) {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", "Mon, 23 Nov 2026 06:00:00 GMT")
			switch {
			case strings.HasSuffix(r.URL.Path, "/timeline"):
				w.Write(fixture.Events)
			case strings.HasSuffix(r.URL.Path, "/issues"):
				w.Write(slices.Concat([]byte("["), fixture.Issue, []byte("]")))
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		})
		tr, err := transport.New(transport.Options{Service: "code", Origin: "https://api.github.com", Auth: transport.Bearer(collectortest.Token), Base: collectortest.Wire(h)})
		if err != nil {
			t.Fatal(err)
		}
		l := Live{Name: "real", Tracker: "real", Repos: []string{"bitcoin-core/gui"}, HTTP: tr}
		for b, err := range l.Fetch(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			for _, is := range b.Issues {
				got = is
			}
		}
	})
	got.Seen, got.Copies[0].Seen = 0, 0
	a, _ := json.Marshal(want)
	c, _ := json.Marshal(got)
	if string(a) != string(c) {
		t.Errorf("from a file:\n%s\nlive:\n%s", a, c)
	}
}

// unpackedLine is the first issue of the archive as it stands there.
func unpackedLine(t *testing.T) (line struct{ Issue, Events json.RawMessage }) {
	t.Helper()
	data := string(unpackedFiles(t, "bitcoin-core-gui", "*.jsonl.gz"))
	first, _, _ := strings.Cut(data, "\n")
	if err := json.Unmarshal([]byte(first), &line); err != nil {
		t.Fatal(err)
	}
	return line
}

// TestThePoorCopyOfAProjectTakesNothingAway merges what the streams hand on in every order: the status
// and the points are the project's, all else the issue's, until the issue itself says otherwise.
func TestThePoorCopyOfAProjectTakesNothingAway(t *testing.T) {
	at := func(hour int) record.Instant {
		return record.At(time.Date(2026, 11, 20, hour, 0, 0, 0, time.UTC))
	}
	ref := record.Ref{Tracker: "code", ID: "1"}
	rich := record.HasCore | record.HasResolution | record.HasPeople | record.HasLabels | record.HasText | record.HasLinks | record.HasURL | record.HasVersions
	of := func(parts record.Parts, updated record.Instant, status string) record.Issue {
		c := record.Copy{Parts: parts, Updated: updated, Key: "acme/orders#1", Status: record.Status{Name: status, Category: record.Todo}}
		if parts&record.HasLabels != 0 {
			c.Labels = []string{"bug"}
		}
		if parts&record.HasPoints != 0 {
			c.Points = record.Num(3)
		}
		return record.Issue{Ref: ref, Copies: []record.Copy{c}}
	}
	card := record.HasCore | record.HasURL | record.HasPoints
	unread := of(rich, at(1), "open")                 // the project could not be read
	after := of(card, at(1)+1, "In progress")         // and then it could
	moved := of(card, at(3)+1, "Review")              // the card moved, and not the issue
	later := of(rich|record.HasPoints, at(4), "Done") // the issue itself, with the project
	for _, c := range []struct {
		records []record.Issue
		status  string
	}{
		{[]record.Issue{unread, after}, "In progress"},
		{[]record.Issue{unread, after, moved}, "Review"},
		{[]record.Issue{unread, after, moved, later}, "Done"},
	} {
		m := record.Issue{Ref: ref}
		for range c.records { // each rotation
			c.records = append(c.records[1:], c.records[0])
			m = record.Issue{Ref: ref}
			for _, r := range c.records {
				m = record.Merge(m, r)
			}
			f := m.Facts()
			if f.Status.Name != c.status || !f.Points.Known || len(f.Labels) != 1 {
				t.Errorf("%d records: %+v, want status %s, points and labels", len(c.records), f, c.status)
			}
		}
	}
}

// TestTheCourseOfAStatusEndsWhereItIs plays random histories of closing and moving, with and without the
// events that GitHub forgets.
func TestTheCourseOfAStatusEndsWhereItIs(t *testing.T) {
	b := &board{name: "acme/5", id: "P", number: 5}
	for seed := range 2000 {
		var moves []move
		status, closed := "", false
		present := &item{board: b, id: "PVTI"}
		at := record.Instant(1e18)
		next := rand.New(rand.NewPCG(uint64(seed), 1)).IntN
		for i := range 1 + next(9) {
			at += record.Instant(next(2)) * 1e9 // some in one second
			id := strings.Repeat("x", 30) + string(rune('a'+i))
			switch next(4) {
			case 0:
				if !closed {
					closed = true
					moves = append(moves, move{kind: issueClosed, id: id, at: at})
				}
			case 1:
				if closed {
					at += 1e9
					closed = false
					moves = append(moves, move{kind: issueReopened, id: id, at: at})
				}
			default:
				at += 1e9
				status = []string{"Todo", "Doing", "Review", "Done"}[next(4)]
				present.status, present.moved = status, at
				if next(3) > 0 {
					moves = append(moves, move{kind: statusChanged, id: id, at: at, project: "P", to: status})
				}
			}
		}
		changes, _ := course(b, present, moves)
		again, _ := course(b, present, moves)
		if !slices.Equal(changes, again) {
			t.Fatalf("seed %d: another reading gives something else", seed)
		}
		// With the timeline's own changes of state, in the order of the ledger.
		is := record.Issue{Changes: changes}
		for i, m := range moves {
			switch id := string(rune('0' + i)); m.kind {
			case issueClosed:
				is.Changes = append(is.Changes, record.Change{ID: id, At: m.at, Field: record.FieldStatus, From: "open", To: "closed"})
			case issueReopened:
				is.Changes = append(is.Changes, record.Change{ID: id, At: m.at, Field: record.FieldStatus, From: "closed", To: "open"})
			}
		}
		is = record.Merge(is, record.Issue{})
		want := "open"
		switch {
		case closed:
			want = "closed"
		case status != "":
			want = status
		}
		got := "open"
		if n := len(is.Changes); n > 0 {
			got = is.Changes[n-1].To
		}
		if got != want {
			t.Fatalf("seed %d: the history ends in %q, the issue is %q\nmoves %+v\nchanges %+v", seed, got, want, moves, is.Changes)
		}
	}
}

// FuzzAnswers reads anything as what the service says: a list, a timeline, a project and a history.
func FuzzAnswers(f *testing.F) {
	for _, s := range []string{`[]`, `{}`, `null`, `[{"id":1,"number":1,"state":"open","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","url":"https://api.github.com/repos/a/b/issues/1"}]`,
		`{"data":{"organization":{"projectV2":{"id":"P","fields":{"nodes":[{"name":"Points","dataType":"NUMBER"}]},"items":{"pageInfo":{"hasNextPage":true,"endCursor":"c"},"nodes":[{"id":"i","updatedAt":"2026-01-01T00:00:00Z","content":{"__typename":"Issue","id":"n","fullDatabaseId":"1","number":1,"repository":{"nameWithOwner":"a/b"}},"fieldValues":{"nodes":[{"__typename":"ProjectV2ItemFieldNumberValue","number":3,"field":{"name":"Points"}}]}}]}}},"nodes":[{"fullDatabaseId":"1","id":"n","state":"OPEN","createdAt":"2026-01-01T00:00:00Z","repository":{"nameWithOwner":"a/b"},"timelineItems":{"nodes":[{"__typename":"ClosedEvent","createdAt":"2026-01-01T00:00:00Z"}]}}]}}`,
		`{"data":null,"errors":[{"type":"NOT_FOUND","path":["organization"],"message":"no"}]}`, `{"items":[{}],"total_count":1}`} {
		f.Add([]byte(s), `<https://api.github.com/x?page=2>; rel="next"`)
	}
	f.Fuzz(func(t *testing.T, body []byte, link string) {
		requests := 0
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", "Mon, 23 Nov 2026 06:00:00 GMT")
			if requests++; requests < 20 && !strings.ContainsAny(link, "\r\n") {
				w.Header().Set("Link", link)
			}
			if requests > 2000 {
				t.Fatal("it asks and asks")
			}
			w.Write(body)
		})
		tr, err := transport.New(transport.Options{Service: "code", Base: collectortest.Wire(h), Pace: 1e9, Attempts: 1, Timeout: 5 * time.Second, Patience: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		l := Live{Name: "code", Tracker: "code", Repos: []string{"a/b"}, Query: "x", Projects: []string{"a/5"}, HTTP: tr}
		said, read := false, 0
		for b, err := range l.Fetch(t.Context(), "") {
			said = said || err != nil || len(b.Gaps)+len(b.Doubts)+len(b.Tallies) > 0
			for _, is := range b.Issues {
				read++
				if c := is.Copies[0]; is.ID == "" || c.Key == "" || c.Created == 0 || c.Status.Category == "" {
					t.Errorf("an issue that cannot be told: %+v", is)
				}
			}
		}
		if !said {
			t.Error("nothing is said")
		}
	})
}
