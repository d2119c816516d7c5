package github

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// script is a conversation with GitHub: each file of the fixture is a request and its answers, in the
// order in which they are given. "POST /graphql words" is a query that holds all these words. An answer
// is a status, headers, an empty line and a body; "~" is between two answers to one request.
type script struct {
	t       *testing.T
	answers []scripted
	asked   []string
}

type scripted struct {
	request string
	answer  []byte
	given   bool
}

func (s *script) add(f txtar.File) {
	for part := range bytes.SplitSeq(f.Data, []byte("\n~\n")) {
		s.answers = append(s.answers, scripted{request: f.Name, answer: part})
	}
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	asked := r.Method + " " + r.URL.RequestURI()
	if m := r.Header.Get("If-None-Match"); m != "" {
		asked += " unless " + m
	}
	if r.Header.Get("Authorization") != "Bearer "+collectortest.Token {
		s.t.Errorf("%s: without the token", asked)
	}
	s.asked = append(s.asked, asked)
	i := slices.IndexFunc(s.answers, func(a scripted) bool {
		if a.given {
			return false
		}
		if want, ok := strings.CutPrefix(a.request, r.Method+" "+r.URL.Path+" "); ok && r.Method == http.MethodPost {
			for _, word := range strings.Fields(want) {
				if !strings.Contains(string(body), word) {
					return false
				}
			}
			return true
		}
		return a.request == asked
	})
	if i < 0 {
		s.t.Errorf("asked for what the script does not have: %s %s", asked, body)
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	a := &s.answers[i]
	a.given = true
	in := bufio.NewReader(bytes.NewReader(a.answer))
	line, _ := in.ReadString('\n')
	status, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		s.t.Fatalf("%s: the answer does not begin with a status: %q", a.request, line)
	}
	w.Header().Set("Date", "Mon, 23 Nov 2026 06:00:00 GMT")
	w.Header().Set("Content-Type", "application/json")
	for {
		line, err := in.ReadString('\n')
		if line = strings.TrimSpace(line); line == "" || err != nil {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		w.Header().Set(name, strings.TrimSpace(value))
	}
	w.WriteHeader(status)
	io.Copy(w, in)
}

// TestConversations reads the fixtures testdata/live/*.txtar: a file "config" has the fields of a Live, each
// file "night" ends one, and the last, "want", is what came of them.
func TestConversations(t *testing.T) {
	names, err := filepath.Glob("testdata/live/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			synctest.Test(t, func(t *testing.T) { got = converse(t, ar) })
			want := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
			if *update {
				if want < 0 {
					want = len(ar.Files)
					ar.Files = append(ar.Files, txtar.File{Name: "want"})
				}
				ar.Files[want].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatal(`no file "want"; run go test with -update`)
			}
			if d := cmp.Diff(string(ar.Files[want].Data), got); d != "" {
				t.Errorf("%s (-want +got):\n%s", name, d)
			}
		})
	}
}

// ledger remembers what was delivered, by stream, as the engine asks for it.
func ledger(delivered map[string][]string) func(context.Context, string) ([]string, error) {
	return func(_ context.Context, stream string) ([]string, error) {
		if stream != "" {
			return delivered[stream], nil
		}
		return slices.Sorted(maps.Keys(delivered)), nil
	}
}

// converse plays the nights of a fixture.
func converse(t *testing.T, ar *txtar.Archive) string {
	var out strings.Builder
	var l Live
	var cursor record.Cursor
	delivered := map[string][]string{}
	s := &script{t: t}
	play := func() {
		tr, err := transport.New(transport.Options{Service: "code", Origin: originOf(t, l.URL), Auth: transport.Bearer(collectortest.Token), Base: collectortest.Wire(s)})
		if err != nil {
			t.Fatal(err)
		}
		l.Name, l.Tracker, l.HTTP = "code", "code", tr
		l.Delivered = ledger(delivered)
		var all record.Batch
		for b, err := range l.Fetch(t.Context(), cursor) {
			if err != nil {
				fmt.Fprintf(&out, "error %v\n", err)
				break
			}
			for _, is := range b.Issues {
				if !slices.Contains(delivered[b.Stream], is.ID) {
					delivered[b.Stream] = append(delivered[b.Stream], is.ID)
				}
			}
			for _, g := range b.Gone {
				fmt.Fprintf(&out, "gone from %s: %s\n", b.Stream, g.ID)
				delivered[b.Stream] = slices.DeleteFunc(delivered[b.Stream], func(id string) bool { return id == g.ID })
			}
			all.Issues = append(all.Issues, b.Issues...)
			all.Doubts = append(all.Doubts, b.Doubts...)
			all.Gaps = append(all.Gaps, b.Gaps...)
			all.Tallies = append(all.Tallies, b.Tallies...)
			cursor, all.Horizon = b.Cursor, max(all.Horizon, b.Horizon)
		}
		fmt.Fprintf(&out, "%s%d requests\n", dump(all), l.Spent().Requests)
		for _, a := range s.answers {
			if !a.given {
				t.Errorf("never asked for: %s", a.request)
			}
		}
		for _, a := range s.asked {
			if strings.Contains(a, collectortest.Token) {
				t.Errorf("a request names the token: %s", a)
			}
		}
		if strings.Contains(out.String()+string(cursor), collectortest.Token) {
			t.Error("the token is told")
		}
		s.answers, s.asked = nil, nil
	}
	for _, f := range ar.Files {
		switch f.Name {
		case "config":
			if err := json.Unmarshal(f.Data, &l); err != nil {
				t.Fatal(err)
			}
		case "want":
		case "night":
			play()
			out.WriteString("\n")
		case "survey":
			tr, err := transport.New(transport.Options{Service: "code", Origin: originOf(t, l.URL), Auth: transport.Bearer(collectortest.Token), Base: collectortest.Wire(s)})
			if err != nil {
				t.Fatal(err)
			}
			l.Name, l.HTTP = "code", tr
			v := l.Survey(t.Context())
			for _, c := range v.Checks {
				fmt.Fprintf(&out, "check %+v\n", c)
			}
			v.Checks = nil
			fmt.Fprintf(&out, "%+v\n", v)
			s.answers = nil
		default:
			s.add(f)
		}
	}
	return out.String()
}

func originOf(t testing.TB, address string) string {
	u, err := Base(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host
}
