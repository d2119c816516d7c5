package collectors_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/collectortest"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

var morning = time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)

func clock() time.Time { return morning }

// night is one ledger and what a night over it said.
type night struct {
	*ledger.Ledger
	log bytes.Buffer
}

func newNight(t *testing.T) *night {
	t.Helper()
	l, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &night{Ledger: l}
}

func (n *night) collect(ctx context.Context, sources ...collectors.Named) []record.Gap {
	return collectors.Collect(ctx, slog.New(slog.NewTextHandler(&n.log, nil)), n.Ledger, clock, sources, nil)
}

func (n *night) ids(t *testing.T) []string {
	t.Helper()
	var ids []string
	for is, err := range n.Issues(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, is.ID)
	}
	return ids
}

func (n *night) state(t *testing.T, name string) ledger.Source {
	t.Helper()
	sources, err := n.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("the ledger knows no source %q", name)
	return ledger.Source{}
}

func issue(id string) collectortest.Step {
	return collectortest.Step{Batch: record.Batch{Issues: []record.Issue{{Ref: record.Ref{Tracker: "t", ID: id},
		Copies: []record.Copy{{Parts: record.HasCore, Key: "K-" + id, Updated: 1}}}}, Horizon: 1}}
}

func do(f func(context.Context) error) collectortest.Step { return collectortest.Step{Do: f} }

func TestAFailingSourceKeepsWhatItGaveAndStopsNoOther(t *testing.T) {
	n := newNight(t)
	gaps := n.collect(t.Context(),
		collectors.Named{Name: "good", Source: collectortest.Script{issue("1"), issue("2")}},
		collectors.Named{Name: "bad", Source: collectortest.Script{issue("3"),
			do(func(context.Context) error { return errors.New("GET /search: 401; renew the token") }), issue("4")}},
		collectors.Named{Name: "worse", Source: collectortest.Script{issue("5"), do(func(context.Context) error { panic("index out of range") })}},
		collectors.Named{Name: "mute", Source: collectortest.Script{do(func(context.Context) error { return errors.New("it has no token") })}},
		collectors.Named{Name: "late", Source: collectortest.Script{issue("6")}},
	)
	if got, want := n.ids(t), []string{"1", "2", "3", "5", "6"}; !slices.Equal(got, want) {
		t.Errorf("the ledger holds issues %v; want %v", got, want)
	}
	at := record.At(morning)
	want := []record.Gap{
		{Source: "bad", At: at, What: "what it had after the last batch that was saved", Why: "GET /search: 401; renew the token"},
		{Source: "worse", At: at, What: "what it had after the last batch that was saved",
			Why: "the program made a mistake in this source (index out of range); what it had not yet delivered is missing; please report it with the log"},
		{Source: "mute", At: at, What: "everything new", Why: "it has no token"},
	}
	if d := cmp.Diff(want, gaps); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
	if d := cmp.Diff(want[:1], n.state(t, "bad").Gaps); d != "" {
		t.Errorf("gaps in the ledger (-want +got):\n%s", d)
	}
	for name, want := range map[string]ledger.Run{
		"good":  {Started: at, Ended: at, Outcome: ledger.Complete, Records: 2},
		"bad":   {Started: at, Ended: at, Outcome: ledger.Failed, Records: 1},
		"worse": {Started: at, Ended: at, Outcome: ledger.Failed, Records: 1},
		"late":  {Started: at, Ended: at, Outcome: ledger.Complete, Records: 1},
	} {
		if d := cmp.Diff(want, n.state(t, name).Last); d != "" {
			t.Errorf("run of %s (-want +got):\n%s", name, d)
		}
	}
	if !strings.Contains(n.log.String(), "collect_test.go") {
		t.Error("the log does not hold the stack of the panic")
	}
}

func TestANightGoesOnFromTheCursorAndClosesTheGap(t *testing.T) {
	n := newNight(t)
	broken, asked := true, 0
	script := collectortest.Script{issue("1"), do(func(context.Context) error {
		asked++
		if broken {
			return errors.New("connection reset")
		}
		return nil
	}), issue("2")}
	script[0].Do = func(context.Context) error {
		asked += 100
		return nil
	}
	source := collectors.Named{Name: "s", Source: script}
	if gaps := n.collect(t.Context(), source); len(gaps) != 1 {
		t.Fatalf("the first night has gaps %v; want one", gaps)
	}
	broken = false
	if gaps := n.collect(t.Context(), source); len(gaps) != 0 {
		t.Fatalf("the second night has gaps %v; want none", gaps)
	}
	if asked != 102 {
		t.Errorf("the source was asked %d; want the first batch once (100) and the second twice (2)", asked)
	}
	if s := n.state(t, "s"); s.Cursor != "3" || len(s.Gaps) != 0 || s.Good != record.At(morning) {
		t.Errorf("state %+v; want cursor 3, no gap, and a good run", s)
	}
	if got := n.ids(t); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the ledger holds issues %v", got)
	}
}

func TestAnUnreadablePartIsAGapAndTheRestIsRead(t *testing.T) {
	n := newNight(t)
	part := collectortest.Step{Batch: record.Batch{Gaps: []record.Gap{{What: "exports/b.json", Why: "unexpected end of gzip; export it again"}}}}
	gaps := n.collect(t.Context(), collectors.Named{Name: "s", Source: collectortest.Script{issue("1"), part, issue("2")}})
	want := []record.Gap{{Source: "s", What: "exports/b.json", Why: "unexpected end of gzip; export it again"}}
	if d := cmp.Diff(want, gaps); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
	s := n.state(t, "s")
	if d := cmp.Diff(want, s.Gaps); d != "" {
		t.Errorf("gaps in the ledger (-want +got):\n%s", d)
	}
	if s.Last.Outcome != ledger.Complete {
		t.Errorf("the run ended as %q; want complete", s.Last.Outcome)
	}
	if got := n.ids(t); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the ledger holds issues %v", got)
	}
}

func TestAnInterruptIsAGapOfEverySourceUnderWay(t *testing.T) {
	n := newNight(t)
	ctx, interrupt := context.WithCancel(t.Context())
	wait := do(func(ctx context.Context) error {
		interrupt()
		<-ctx.Done()
		return ctx.Err()
	})
	gaps := n.collect(ctx,
		collectors.Named{Name: "a", Source: collectortest.Script{wait}},
		collectors.Named{Name: "b", Source: collectortest.Script{do(func(ctx context.Context) error { <-ctx.Done(); return nil })}}, // says nothing of it
	)
	if len(gaps) != 2 || !strings.Contains(gaps[0].Why, "run again") || !strings.Contains(gaps[1].Why, "run again") {
		t.Errorf("gaps %v; want one of each source that says to run again", gaps)
	}
	if got := n.state(t, "a").Last.Outcome; got != ledger.Failed {
		t.Errorf("the run ended as %q; want failed", got)
	}
}

func TestABatchThatCannotBeSavedStopsItsSource(t *testing.T) {
	n := newNight(t)
	var after atomic.Int64
	nameless := issue("")
	script := collectortest.Script{issue("1"), nameless}
	for range 100 {
		script = append(script, do(func(context.Context) error { after.Add(1); return nil }))
	}
	gaps := n.collect(t.Context(), collectors.Named{Name: "s", Source: script})
	if len(gaps) != 1 || !strings.Contains(gaps[0].Why, "no id") {
		t.Errorf("gaps %v; want one that tells why the batch could not be saved", gaps)
	}
	if n.state(t, "s").Cursor != "1" {
		t.Errorf("the cursor is %q; want 1, the last batch that was saved", n.state(t, "s").Cursor)
	}
	if after.Load() == 100 {
		t.Error("the source was read to its end all the same")
	}
}

func TestALedgerThatFailsIsAGapOfEverySource(t *testing.T) {
	n := newNight(t)
	n.Close()
	gaps := n.collect(t.Context(), collectors.Named{Name: "a", Source: collectortest.Script{issue("1")}}, collectors.Named{Name: "b", Source: collectortest.Script{}})
	if len(gaps) != 2 || gaps[0].Source != "a" || gaps[0].What != "everything" {
		t.Errorf("gaps %v; want one of each source", gaps)
	}
}

func TestProgressIsToldAfterEachBatchAndAtTheEnd(t *testing.T) {
	n := newNight(t)
	var told []collectors.Progress
	collectors.Collect(t.Context(), slog.New(slog.DiscardHandler), n.Ledger, clock,
		[]collectors.Named{{Name: "s", Source: collectortest.Script{issue("1"), issue("2")}}},
		func(p collectors.Progress) { told = append(told, p) })
	want := []collectors.Progress{
		{Source: "s", Done: 1, Total: 2, Records: 1},
		{Source: "s", Done: 2, Total: 2, Records: 2},
		{Source: "s", Done: 2, Total: 2, Records: 2, Ended: true},
	}
	if d := cmp.Diff(want, told); d != "" {
		t.Errorf("progress (-want +got):\n%s", d)
	}
}

// metered is a script that costs something.
type metered struct {
	collectortest.Script
	spent *record.Spent
}

func (m metered) Spent() record.Spent { return *m.spent }

func TestWhatARunHasCostIsKeptHoweverItEnds(t *testing.T) {
	n := newNight(t)
	changed := issue("1")
	changed.Batch.Issues[0].Changes = []record.Change{{ID: "1", At: 1}, {ID: "2", At: 2}}
	spent := record.Spent{Requests: 100, Waited: time.Hour} // before any run
	ask := do(func(context.Context) error {
		spent.Requests += 3
		spent.Waited += time.Minute
		return nil
	})
	fail := do(func(context.Context) error { spent.Requests++; return errors.New("GET /search: 500") })
	at := record.At(morning)

	n.collect(t.Context(), collectors.Named{Name: "s", Source: metered{collectortest.Script{ask, changed}, &spent}},
		collectors.Named{Name: "files", Source: collectortest.Script{issue("2")}})
	if got, want := n.state(t, "s").Last, (ledger.Run{Started: at, Ended: at, Outcome: ledger.Complete, Records: 1, Changes: 2, Requests: 3, Waited: time.Minute}); got != want {
		t.Errorf("the run is kept as %+v; want %+v", got, want)
	}
	if got, want := n.state(t, "files").Last, (ledger.Run{Started: at, Ended: at, Outcome: ledger.Complete, Records: 1}); got != want {
		t.Errorf("a run over files is kept as %+v; want %+v", got, want)
	}
	var said []string
	for line := range strings.Lines(n.log.String()) {
		if strings.Contains(line, "msg=collected") {
			said = append(said, line)
		}
	}
	if log := strings.Join(said, ""); len(said) != 2 || !strings.Contains(log, "source=s records=1 changes=2 gaps=0 doubts=0 took=0s requests=3 waited=1m0s\n") ||
		strings.Count(log, "requests=") != 1 {
		t.Errorf("the log says\n%s", log)
	}

	n.collect(t.Context(), collectors.Named{Name: "s", Source: metered{collectortest.Script{ask, changed, ask, fail}, &spent}})
	if got, want := n.state(t, "s").Last, (ledger.Run{Started: at, Ended: at, Outcome: ledger.Failed, Requests: 4, Waited: time.Minute}); got != want {
		t.Errorf("the failed run is kept as %+v; want %+v", got, want)
	}
}

// discreet is a script that knows a secret.
type discreet struct{ collectortest.Script }

func (discreet) Scrub(text string) string {
	return strings.ReplaceAll(text, "not-a-real-token", "(secret)")
}

func TestNoSecretOfASourceComesToTheLedgerOrTheLog(t *testing.T) {
	const said = "400: your header 'Bearer not-a-real-token'"
	spoken := issue("1")
	spoken.Batch.Gaps = []record.Gap{{What: "part " + said, Why: said}}
	spoken.Batch.Doubts = []record.Doubt{{Place: "place " + said, What: said}}
	fails := do(func(context.Context) error { return errors.New("GET /search: " + said) })
	panics := do(func(context.Context) error { panic(said) })
	n := newNight(t)
	gaps := n.collect(t.Context(),
		collectors.Named{Name: "a", Source: discreet{collectortest.Script{spoken, fails}}},
		collectors.Named{Name: "b", Source: discreet{collectortest.Script{panics}}})
	for what, told := range map[string]string{
		"what Collect gives": fmt.Sprintf("%+v", gaps), "the ledger": fmt.Sprintf("%+v", []any{n.state(t, "a"), n.state(t, "b")}), "the log": n.log.String(),
	} {
		if strings.Contains(told, "not-a-real-token") || !strings.Contains(told, "Bearer (secret)") {
			t.Errorf("%s: %s", what, told)
		}
	}
	if s := n.state(t, "a"); len(s.Doubts) != 1 || !strings.Contains(s.Doubts[0].Place, "(secret)") {
		t.Errorf("doubts %+v", s.Doubts)
	}
	if strings.Contains(spoken.Batch.Gaps[0].Why, "(secret)") {
		t.Error("the source's own batch was changed")
	}
}

func TestAFullRunStartsAtTheBeginningAndWhatWasThereStands(t *testing.T) {
	n := newNight(t)
	var asked []string
	cut := false
	step := func(id string) collectortest.Step {
		s := issue(id)
		s.Do = func(context.Context) error {
			if got := n.ids(t); len(asked) > 2 && len(got) != 2 {
				t.Errorf("while everything is collected again the ledger holds %v", got)
			}
			if cut && id == "2" {
				return errors.New("connection reset")
			}
			asked = append(asked, id)
			return nil
		}
		return s
	}
	source := collectors.Named{Name: "s", Source: collectortest.Script{step("1"), step("2")}}
	full := source
	full.Full = true
	n.collect(t.Context(), source)
	n.collect(t.Context(), source)
	if want := []string{"1", "2"}; !slices.Equal(asked, want) {
		t.Fatalf("two nights read %v; want %v, each once", asked, want)
	}
	cut = true
	if gaps := n.collect(t.Context(), full); len(gaps) != 1 {
		t.Errorf("gaps %v; want the one of the cut", gaps)
	}
	cut = false
	n.collect(t.Context(), source) // goes on where it was cut, full or not
	if want := []string{"1", "2", "1", "2"}; !slices.Equal(asked, want) {
		t.Errorf("in all %v was read; want %v", asked, want)
	}
}

// All sources wait for each other here: run one after the other, they would wait for ever.
func TestSourcesRunSideBySide(t *testing.T) {
	n := newNight(t)
	const many = 8
	var here atomic.Int64
	all := make(chan struct{})
	var sources []collectors.Named
	for i := range many {
		sources = append(sources, collectors.Named{Name: fmt.Sprint("s", i), Source: collectortest.Script{do(func(ctx context.Context) error {
			if here.Add(1) == many {
				close(all)
			}
			<-all
			return nil
		}), issue(fmt.Sprint(i))}})
	}
	if gaps := n.collect(t.Context(), sources...); len(gaps) > 0 {
		t.Error(gaps)
	}
	if got := n.ids(t); len(got) != many {
		t.Errorf("the ledger holds issues %v; want %d", got, many)
	}
}

// timed is a source whose service's clock is that far ahead.
type timed struct {
	collectors.Source
	ahead time.Duration
}

func (t timed) Skew() (time.Duration, bool) { return t.ahead, true }

func TestATimeThatHasNotComeYetIsNotSpokenFor(t *testing.T) {
	n := newNight(t)
	until := func(d time.Duration) collectors.Source {
		return collectortest.Script{{Batch: record.Batch{Horizon: record.At(morning.Add(d)), Cursor: "1"}}}
	}
	gaps := n.collect(t.Context(),
		collectors.Named{Name: "file", Source: until(30 * 24 * time.Hour)}, // as its `at:` says
		collectors.Named{Name: "fast", Source: timed{until(6 * 24 * time.Hour), 0}},
		collectors.Named{Name: "wrong", Source: timed{until(100 * 365 * 24 * time.Hour), 0}},
	)
	if len(gaps) != 1 || gaps[0].Source != "wrong" || gaps[0].What != collectors.WrongTime || !strings.Contains(gaps[0].Why, "has not come yet") {
		t.Error(gaps)
	}
	want := map[string]time.Duration{"file": 30 * 24 * time.Hour, "fast": 6 * 24 * time.Hour, "wrong": 0}
	states, err := n.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		if s.Horizon != record.At(morning.Add(want[s.Name])) {
			t.Errorf("%s speaks up to %s", s.Name, s.Horizon)
		}
	}
}

func TestAServiceWithAnotherTimeIsAGap(t *testing.T) {
	n := newNight(t)
	gaps := n.collect(t.Context(),
		collectors.Named{Name: "right", Source: timed{collectortest.Script{issue("1")}, 4 * time.Minute}},
		collectors.Named{Name: "late", Source: timed{collectortest.Script{issue("2")}, -2 * time.Hour}},
	)
	want := []record.Gap{{Source: "late", At: record.At(morning), What: collectors.WrongTime,
		Why: "the service's clock is 2h0m0s behind this machine's; nothing is lost by it, but what the wiki says of hours is the service's word; set the clock that is wrong"}}
	if d := cmp.Diff(want, gaps); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := n.ids(t); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("the ledger holds %v", got)
	}
}
