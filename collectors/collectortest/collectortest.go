// The contract, one test for each of its promises.

// Package collectortest is the contract that every source keeps: call [Run] from a test of a source of
// files, with a [Harness] that makes one over a fixture, and [RunLive] from a test of a source of a live
// service, with a [Live] that makes the source and a fake [Service] for it to read. [Wire] is the network
// between them, [Faults] what goes wrong on the way. [Script] is a source that does as it is told, for
// tests of those who use sources.
//
// Its one rule: a promise is held against what is broken, too. For each there is a source in the tests of
// this package that breaks it, and is caught.
package collectortest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

// Harness makes the source under test.
type Harness struct {
	// Source makes a fresh source over the same fixture, each time it is called. The fixture holds at
	// least one record, and better a few batches of them.
	Source func(t testing.TB) collectors.Source
}

// Run checks the source against the contract of [collectors.Source].
func Run(t *testing.T, h Harness) {
	for _, c := range []struct {
		promise string
		test    func(*testing.T, Harness)
	}{
		{"records are whole and counted", func(t *testing.T, h Harness) { wholeAndCounted(t, first(t, h)) }},
		{"the same again is the same", deterministic},
		{"nothing new changes nothing", nothingNew},
		{"everything again changes nothing", everythingAgain},
		{"it goes on where it was cut", goesOn},
		{"it may be stopped and asked again", stopped},
		{"a done context ends it", cancelledBefore},
		{"a context that ends stops it", cancelledAmid},
	} {
		t.Run(c.promise, func(t *testing.T) { c.test(t, h) })
	}
}

// fetch is everything that the source yields; an error fails the test.
func fetch(t *testing.T, s collectors.Source, since record.Cursor) []record.Batch {
	t.Helper()
	var list []record.Batch
	for b, err := range s.Fetch(t.Context(), since) {
		if err != nil {
			t.Fatalf("batch %d: %v", len(list), err)
		}
		list = append(list, b)
	}
	return list
}

// first is everything from the beginning, and there must be something.
func first(t *testing.T, h Harness) []record.Batch {
	t.Helper()
	list := fetch(t, h.Source(t), "")
	if len(list) == 0 {
		t.Fatal("the source yields nothing: the fixture must hold at least one record")
	}
	return list
}

func deterministic(t *testing.T, h Harness) {
	if d := cmp.Diff(first(t, h), first(t, h)); d != "" {
		t.Errorf("two walks over the same fixture differ (-first +second):\n%s", d)
	}
}

func nothingNew(t *testing.T, h Harness) {
	l := openLedger(t)
	collect(t, l, h.Source(t))
	want := dump(t, l)
	collect(t, l, h.Source(t))
	if d := cmp.Diff(want, dump(t, l)); d != "" {
		t.Errorf("a second night over the same fixture changes the ledger (-before +after):\n%s", d)
	}
}

func everythingAgain(t *testing.T, h Harness) {
	l := openLedger(t)
	list := first(t, h)
	save(t, l, list)
	want := dump(t, l)
	save(t, l, list)
	if d := cmp.Diff(want, dump(t, l)); d != "" {
		t.Errorf("reading everything again changes the ledger (-before +after):\n%s", d)
	}
}

// cuts is in how many places a walk is cut at most.
const cuts = 12

func goesOn(t *testing.T, h Harness) {
	list := first(t, h)
	whole := openLedger(t)
	save(t, whole, list)
	want := dump(t, whole)
	for n := range list {
		if len(list) > cuts && n%(len(list)/cuts) != 0 {
			continue
		}
		l := openLedger(t)
		save(t, l, list[:n])
		var since record.Cursor
		if n > 0 {
			since = list[n-1].Cursor
		}
		save(t, l, fetch(t, h.Source(t), since))
		if d := cmp.Diff(want, dump(t, l)); d != "" {
			t.Errorf("cut after batch %d of %d and taken up from its cursor %q, the ledger differs from that of a whole night (-whole +cut):\n%s",
				n, len(list), since, d)
		}
	}
}

func stopped(t *testing.T, h Harness) {
	want := first(t, h)
	s := h.Source(t)
	for range s.Fetch(t.Context(), "") {
		break
	}
	if d := cmp.Diff(want, fetch(t, s, "")); d != "" {
		t.Errorf("asked again after a walk that was stopped at its first batch, the source yields something else (-want +got):\n%s", d)
	}
}

func cancelledBefore(t *testing.T, h Harness) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range h.Source(t).Fetch(ctx, "") {
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("under a context that is done, the source's first word is %v; want the context's error", err)
		}
		return
	}
	t.Error("under a context that is done, the source ends as if it had delivered everything; want the context's error")
}

func cancelledAmid(t *testing.T, h Harness) {
	whole := len(first(t, h))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for _, err := range h.Source(t).Fetch(ctx, "") {
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("after its context ended, the source says %v; want the context's error", err)
			}
			return
		}
		n++
		cancel()
	}
	if n < whole {
		t.Errorf("after its context ended, the source stopped at batch %d of %d without an error", n, whole)
	}
}

func wholeAndCounted(t testing.TB, list []record.Batch) {
	t.Helper()
	var read, records int
	distinct := map[string]bool{}
	var cut []record.Issue // that don't say how far they are complete
	var doubts strings.Builder
	var horizon, newest record.Instant
	var tallied bool
	for i, b := range list {
		for _, is := range b.Issues {
			if err := checkIssue(is); err != nil {
				t.Errorf("batch %d: issue %s: %v", i, is.Ref, err)
			}
			for _, c := range is.Copies {
				newest = max(newest, c.Updated)
			}
			distinct["issue "+is.Ref.String()] = true
			if len(is.Changes) > 0 && is.HistoryTo == 0 || len(is.Comments) > 0 && is.CommentsTo == 0 || len(is.Worklogs) > 0 && is.WorklogsTo == 0 {
				cut = append(cut, is)
			}
		}
		for _, p := range b.Pages {
			if err := checkPage(p); err != nil {
				t.Errorf("batch %d: page %s: %v", i, p.Ref, err)
			}
			newest = max(newest, p.Updated)
			distinct["page "+p.Ref.String()] = true
		}
		for _, s := range b.Shifts {
			if err := checkShift(s); err != nil {
				t.Errorf("batch %d: shift %s: %v", i, s.Ref, err)
			}
			distinct["shift "+s.Ref.String()] = true
		}
		if len(b.Gone) > 0 && b.Horizon == 0 {
			t.Errorf("batch %d says that issues are gone, but has no horizon to date it", i)
		}
		for _, y := range b.Tallies {
			tallied = true
			read += y.Read
			if y.Part == "" || y.Kind == "" {
				t.Errorf("batch %d: a tally without part or kind: %+v", i, y)
			}
		}
		for _, d := range b.Doubts {
			if d.What == "" {
				t.Errorf("batch %d: a doubt that says nothing: %+v", i, d)
			}
			fmt.Fprintf(&doubts, "%s %s\n", d.Place, d.What)
		}
		if b.Total > 0 && b.Done > b.Total {
			t.Errorf("batch %d: %d of %d done", i, b.Done, b.Total)
		}
		records += len(b.Issues) + len(b.Pages) + len(b.Shifts)
		horizon = max(horizon, b.Horizon)
	}
	switch {
	case records == 0:
		t.Error("there is no record in any batch: the fixture must hold at least one")
	case tallied && (read < len(distinct) || read > records):
		// A record of two parts counts in each of them; one that a part has twice counts once, even where
		// it comes again in a later batch.
		t.Errorf("the tallies count %d records read; the batches hold %d, of %d different ones", read, records, len(distinct))
	}
	for _, is := range cut {
		if len(is.Copies) > 0 && !strings.Contains(doubts.String(), is.Copies[0].Key) {
			t.Errorf("issue %s: changes, comments or worklogs, and neither an instant up to which they are complete nor a doubt that names it", is.Ref)
		}
	}
	if horizon == 0 || horizon < newest {
		t.Errorf("the source speaks up to %q, but a record was updated at %q", horizon, newest)
	}
}

func checkIssue(is record.Issue) error {
	if is.Tracker == "" || is.ID == "" {
		return errors.New("no tracker or no id")
	}
	if len(is.Copies) == 0 {
		return errors.New("no copy")
	}
	for _, c := range is.Copies {
		if c.Parts&record.HasCore == 0 || c.Key == "" {
			return errors.New("a copy without HasCore or key")
		}
		if len(c.Text) > record.TextLimit {
			return fmt.Errorf("%d bytes of text; at most %d are kept", len(c.Text), record.TextLimit)
		}
	}
	seen := map[string]bool{}
	for _, c := range is.Changes {
		if c.ID == "" || c.At == 0 || c.Field == "" || seen[c.ID] {
			return fmt.Errorf("a change without id, instant or field, or with the id of another: %+v", c)
		}
		seen[c.ID] = true
	}
	clear(seen)
	for _, c := range is.Comments {
		if c.ID == "" || c.At == 0 || seen[c.ID] {
			return fmt.Errorf("a comment without id or instant, or with the id of another: %+v", c)
		}
		seen[c.ID] = true
	}
	clear(seen)
	for _, w := range is.Worklogs {
		if w.ID == "" || w.Started == 0 || seen[w.ID] {
			return fmt.Errorf("a worklog without id or instant, or with the id of another: %+v", w)
		}
		seen[w.ID] = true
	}
	return nil
}

func checkPage(p record.Page) error {
	if p.Tracker == "" || p.ID == "" || p.Triggered == 0 && len(p.Events) == 0 { // a log alone has its events
		return errors.New("no tracker, no id or no instant of the trigger")
	}
	if p.Acked == 0 && len(p.AckedBy) > 0 {
		return errors.New("acknowledged by somebody, but never")
	}
	return nil
}

func checkShift(s record.Shift) error {
	if s.Tracker == "" || s.ID == "" || !s.Person.Known() || s.From == 0 || s.From >= s.To {
		return fmt.Errorf("no tracker, id or person, or it does not end after it begins: %+v", s)
	}
	if !slices.Contains([]string{"superhero", "sidekick"}, s.Role) {
		return fmt.Errorf("role %q; want superhero or sidekick", s.Role)
	}
	return nil
}

func openLedger(t testing.TB) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func save(t testing.TB, l *ledger.Ledger, list []record.Batch) {
	t.Helper()
	for i, b := range list {
		if err := l.Save(t.Context(), "source", b); err != nil {
			t.Fatalf("batch %d: %v", i, err)
		}
	}
}

// collect runs the source as a night does; a gap that the source did not name itself fails the test.
func collect(t *testing.T, l *ledger.Ledger, s collectors.Source) {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
	collectors.Collect(t.Context(), slog.New(slog.DiscardHandler), l, clock, []collectors.Named{{Name: "source", Source: s}}, nil)
	sources, err := l.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if last := sources[0].Last; last.Outcome != ledger.Complete {
		t.Fatalf("the run ended as %q: %+v", last.Outcome, sources[0].Gaps)
	}
}

// contents is what a ledger holds of records, and of the one source.
type contents struct {
	Issues  []record.Issue
	Pages   []record.Page
	Shifts  []record.Shift
	Horizon record.Instant
	Tallies []record.Tally
	Doubts  []record.Doubt
	Gaps    []record.Gap
}

func dump(t testing.TB, l *ledger.Ledger) contents {
	t.Helper()
	var c contents
	for r, err := range l.Issues(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		c.Issues = append(c.Issues, r)
	}
	for r, err := range l.Pages(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		c.Pages = append(c.Pages, r)
	}
	slices.SortFunc(c.Pages, func(a, b record.Page) int { return a.Ref.Compare(b.Ref) })
	for r, err := range l.Shifts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		c.Shifts = append(c.Shifts, r)
	}
	sources, err := l.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		c.Horizon, c.Tallies, c.Doubts, c.Gaps = s.Horizon, s.Tallies, s.Doubts, s.Gaps
	}
	return c
}
