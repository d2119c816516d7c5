package record_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/record/recordtest"
)

var ref = record.Ref{Tracker: "tickets", ID: "1"}

// same compares records. Whether an empty list is nil is not a difference: no reader can tell.
func same(t *rapid.T, law string, a, b any) {
	t.Helper()
	if d := cmp.Diff(a, b, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("not %s (-one +other):\n%s", law, d)
	}
}

// laws holds a merge to its three laws. A record that was never merged may be out of order, so
// idempotence is x·x·x = x·x.
func laws[T any](merge func(a, b T) T, draw *rapid.Generator[T]) func(*rapid.T) {
	return func(t *rapid.T) {
		a, b, c := draw.Draw(t, "a"), draw.Draw(t, "b"), draw.Draw(t, "c")
		same(t, "commutative", merge(a, b), merge(b, a))
		same(t, "associative", merge(merge(a, b), c), merge(a, merge(b, c)))
		same(t, "idempotent", merge(merge(a, a), a), merge(a, a))
		ab := merge(a, b)
		same(t, "idempotent: b merged again changes the result", merge(ab, b), ab)
	}
}

func TestMergingIsCommutativeAssociativeAndIdempotent(t *testing.T) {
	t.Run("issues", rapid.MakeCheck(laws(record.Merge, recordtest.Issue(ref))))
	t.Run("pages", rapid.MakeCheck(laws(record.MergePages, recordtest.Page(ref))))
	t.Run("shifts", rapid.MakeCheck(laws(record.MergeShifts, recordtest.Shift(ref))))
}

func TestMergingWithNothingIsTheNormalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := recordtest.Issue(ref).Draw(t, "a")
		same(t, "the normal form", record.Merge(a, record.Issue{Ref: ref}), record.Merge(a, a))
	})
}

func TestMergingLeavesItsArgumentsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := recordtest.Issue(ref).Draw(t, "a"), recordtest.Issue(ref).Draw(t, "b")
		before := fmt.Sprintf("%#v %#v", a, b)
		m := record.Merge(a, b)
		record.Merge(m, a)
		if after := fmt.Sprintf("%#v %#v", a, b); after != before {
			t.Fatalf("a merge changed what it was given:\nbefore %s\nafter  %s", before, after)
		}
	})
}

func TestNothingWithAnIDIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := recordtest.Issue(ref).Draw(t, "a"), recordtest.Issue(ref).Draw(t, "b")
		m := record.Merge(a, b)
		for _, c := range slices.Concat(a.Changes, b.Changes) {
			if c.ID != "" && !slices.ContainsFunc(m.Changes, func(k record.Change) bool { return k.ID == c.ID }) {
				t.Fatalf("change %q is lost", c.ID)
			}
			if c.ID == "" && !slices.Contains(m.Changes, c) {
				t.Fatalf("the nameless change %+v is lost", c)
			}
		}
		for i := 1; i < len(m.Changes); i++ {
			if m.Changes[i-1].At > m.Changes[i].At {
				t.Fatalf("changes out of order: %+v", m.Changes)
			}
		}
		keys := m.Aliases
		if len(m.Copies) > 0 {
			keys = append(slices.Clone(keys), m.Copies[0].Key)
		}
		for _, is := range []record.Issue{a, b} {
			for _, k := range is.Aliases {
				if k != "" && !slices.Contains(keys, k) {
					t.Fatalf("the key %q is lost", k)
				}
			}
			for _, c := range is.Copies {
				if c.Key != "" && !slices.Contains(keys, c.Key) {
					t.Fatalf("the key %q is lost", c.Key)
				}
			}
		}
	})
}

// What any copy knew of a part is still known, and from the newest copy that knew it.
func TestAPoorerCopyNeverErasesARicherOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		is := recordtest.Issue(ref).Draw(t, "issue")
		poor := record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore, Updated: 1 << 62, Key: "K", Title: "newest"}}}
		before := record.Merge(is, record.Issue{Ref: ref})
		after := record.Merge(is, poor)
		f, g := before.Facts(), after.Facts()
		if g.Title != "newest" {
			t.Fatalf("the newest copy's title is not told: %+v", g)
		}
		if len(is.Copies) == 0 {
			return
		}
		f.Updated, f.Seen, f.Key, f.Project, f.Title, f.Type, f.Status, f.Created = g.Updated, g.Seen, g.Key, g.Project, g.Title, g.Type, g.Status, g.Created
		same(t, "kept beside the poorer copy", f, g)
		if len(after.Changes) != len(before.Changes) || after.HistoryTo != before.HistoryTo {
			t.Fatal("a copy without history erased history")
		}
	})
}

// Facts of the merged issue are the facts of all copies together: those that merging drops had
// nothing more to say.
func TestDroppedCopiesHadNothingMoreToSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		copies := rapid.SliceOfN(recordtest.Copy(), 1, 5).Draw(t, "copies")
		for i := range copies { // each of its own instant, so that "newest" is plain
			copies[i].Updated = record.Instant(100 - i)
		}
		all := record.Issue{Ref: ref, Copies: copies}
		merged := record.Issue{Ref: ref}
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3, 4}[:len(copies)]).Draw(t, "order") {
			merged = record.Merge(merged, record.Issue{Ref: ref, Copies: copies[i : i+1]})
		}
		same(t, "all the facts", all.Facts(), merged.Facts())
	})
}

func TestOfTwoAcknowledgementsTheFirstStaysWithWhoeverIsKnown(t *testing.T) {
	ann := []record.Person{{Account: "ann"}}
	never := record.Page{Ref: ref, Updated: 9, Title: "newer"}
	bare := record.Page{Ref: ref, Acked: 5}
	known := record.Page{Ref: ref, Acked: 5, AckedBy: ann, Resolved: 7}
	later := record.Page{Ref: ref, Acked: 6, AckedBy: []record.Person{{Account: "bob"}}}
	m := record.MergePages(record.MergePages(never, later), record.MergePages(bare, known))
	want := record.Page{Ref: ref, Updated: 9, Title: "newer", Acked: 5, AckedBy: ann, Resolved: 7}
	if d := cmp.Diff(want, m); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNoEventOfAPageIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := recordtest.Page(ref).Draw(t, "a"), recordtest.Page(ref).Draw(t, "b")
		m := record.MergePages(a, b)
		for _, e := range slices.Concat(a.Events, b.Events) {
			if !slices.ContainsFunc(m.Events, func(k record.Event) bool { return k == e || e.ID != "" && k.ID == e.ID }) {
				t.Fatalf("the event %+v is lost", e)
			}
		}
		for i, e := range m.Events {
			if i > 0 && m.Events[i-1].At > e.At {
				t.Fatalf("events out of order: %+v", m.Events)
			}
			if e.Kind == record.EventReopened && m.Resolved != 0 && m.Resolved/1e9 < e.At/1e9 {
				t.Fatalf("resolved at %d, and reopened at %d after it", m.Resolved, e.At)
			}
		}
	})
}

// A log that comes without its page adds to the page, whichever is read first.
func TestALogWithoutItsPageChangesNothingButTheEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, log := recordtest.Page(ref).Draw(t, "page"), recordtest.Page(ref).Draw(t, "log")
		p.Triggered, p.Events = 5, nil
		log = record.Page{Ref: ref, Updated: log.Updated, Events: log.Events}
		for i := range log.Events {
			if log.Events[i].Kind == record.EventReopened {
				log.Events[i].Kind = record.EventNoted
			}
		}
		want, got := record.MergePages(p, p), record.MergePages(log, p)
		if len(got.Events) == 0 && len(log.Events) > 0 {
			t.Fatal("the log is lost")
		}
		got.Events = nil
		same(t, "the page", want, got)
	})
}

func TestATombstoneGoesWhenTheIssueIsUpdatedAfterIt(t *testing.T) {
	seen := func(at record.Instant) record.Issue {
		return record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore, Key: "K", Updated: at}}}
	}
	gone := record.Issue{Ref: ref, Gone: 10}
	if m := record.Merge(seen(5), gone); m.Gone != 10 {
		t.Errorf("gone since %d; want 10", m.Gone)
	}
	if m := record.Merge(record.Merge(seen(5), gone), seen(11)); m.Gone != 0 {
		t.Errorf("gone since %d though updated after; want it back", m.Gone)
	}
}

// The live rule: a service that delivers an issue takes back what was said of its end before.
func TestATombstoneGoesWhenTheIssueIsSeenAfterIt(t *testing.T) {
	updated := record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore, Key: "K", Updated: 5}}, Seen: 9}
	for _, c := range []struct{ gone, want record.Instant }{
		{8, 0},   // it was seen since
		{9, 9},   // the very night that missed it: its last sight is no later
		{10, 10}, // it was seen before
	} {
		m := record.Merge(updated, record.Issue{Ref: ref, Gone: c.gone})
		if m.Gone != c.want || m.Seen != 9 {
			t.Errorf("gone at %d and seen at 9: gone since %d, seen %d; want %d and 9", c.gone, m.Gone, m.Seen, c.want)
		}
	}
	back := record.Merge(record.Merge(updated, record.Issue{Ref: ref, Gone: 10}), record.Issue{Ref: ref, Copies: updated.Copies, Seen: 11})
	if back.Gone != 0 || back.Seen != 11 {
		t.Errorf("gone since %d, seen %d, though it was delivered again as it was; want it back", back.Gone, back.Seen)
	}
}

func TestOfTwoCopiesOfOneInstantTheLaterClocksStay(t *testing.T) {
	told := func(slas ...record.SLA) record.Issue {
		return record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore | record.HasSLAs, Updated: 5, Key: "K", Title: "z", SLAs: slas}}}
	}
	first := record.SLA{Name: "b", Started: 1, Elapsed: 1, Due: 9}
	breached := record.SLA{Name: "b", Started: 1, Elapsed: 8, Due: 4, Breached: true}
	again := []record.SLA{{Name: "a", Started: 7}, breached}
	m := record.Merge(record.Merge(told(breached), told(again...)), told(first))
	if d := cmp.Diff([]record.Copy(told(again...).Copies), m.Copies); d != "" {
		t.Errorf("(-the latest +merged):\n%s", d)
	}
}

// The plan of a release moves while the issues that name it rest.
func TestOfTwoCopiesOfOneInstantTheLaterPlanStays(t *testing.T) {
	told := func(r record.Release) record.Issue {
		return record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore | record.HasReleases, Updated: 5, Key: "K", Title: "z", Releases: []record.Release{r}}}}
	}
	planned, slipped := record.Release{Name: "2.4", Date: "2026-04-07"}, record.Release{Name: "2.4", Date: "2026-04-14"}
	over := record.Release{Name: "2.4", Date: "2026-04-10", Released: true}
	if m := record.Merge(told(slipped), told(planned)); m.Copies[0].Releases[0] != slipped {
		t.Errorf("%+v; want the day that it slipped to", m.Copies[0].Releases)
	}
	if m := record.Merge(record.Merge(told(slipped), told(over)), told(planned)); m.Copies[0].Releases[0] != over {
		t.Errorf("%+v; want the day on which it came out", m.Copies[0].Releases)
	}
	hurried := told(planned)
	slow := told(slipped)
	slow.Copies[0].Seen, hurried.Copies[0].Seen = 7, 8
	for _, is := range []record.Issue{record.Merge(slow, hurried), record.Merge(record.Merge(hurried, told(slipped)), slow)} {
		if is.Copies[0].Releases[0] != planned {
			t.Errorf("%+v; want the day that it was pulled forward to, as the service told last", is.Copies[0].Releases)
		}
		for p := range is.Planned {
			if want := (record.Planned{Tracker: ref.Tracker, Release: planned, Read: 8}); p != want {
				t.Errorf("%+v, want %+v", p, want)
			}
		}
	}
	poorer := record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore | record.HasVersions, Updated: 9, Key: "K", FixVersions: []string{"2.4"}}}}
	m := record.Merge(told(planned), poorer)
	if f := m.Facts(); len(f.Releases) != 1 || f.Releases[0] != planned {
		t.Errorf("a copy that knows no dates took them away: %+v", f.Releases)
	}
}

// Two copies that differ in anything at all must have an order, or which of them stays would depend
// on which came first. A field that is added to a record and forgotten in its comparison fails here.
func TestEveryFieldDecidesBetweenTwoCopiesOfOneInstant(t *testing.T) {
	eachField(t, record.Copy{Parts: record.HasCore}, []string{"Parts", "Updated"}, func(a, b record.Copy) bool {
		one := record.Merge(record.Issue{Ref: ref, Copies: []record.Copy{a}}, record.Issue{Ref: ref, Copies: []record.Copy{b}})
		other := record.Merge(record.Issue{Ref: ref, Copies: []record.Copy{b}}, record.Issue{Ref: ref, Copies: []record.Copy{a}})
		return reflect.DeepEqual(one, other)
	})
	eachField(t, record.SLA{}, nil, func(a, b record.SLA) bool {
		told := func(s record.SLA) record.Issue {
			return record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore | record.HasSLAs, SLAs: []record.SLA{s}}}}
		}
		return reflect.DeepEqual(record.Merge(told(a), told(b)), record.Merge(told(b), told(a)))
	})
	eachField(t, record.Release{}, nil, func(a, b record.Release) bool {
		told := func(r record.Release) record.Issue {
			return record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore | record.HasReleases, Releases: []record.Release{r}}}}
		}
		return reflect.DeepEqual(record.Merge(told(a), told(b)), record.Merge(told(b), told(a)))
	})
	eachField(t, record.Issue{Ref: ref}, []string{"Ref", "Aliases", "Copies", "Changes", "Comments", "Worklogs"}, func(a, b record.Issue) bool {
		return reflect.DeepEqual(record.Merge(a, b), record.Merge(b, a))
	})
	eachField(t, record.Page{Ref: ref}, []string{"Ref"}, func(a, b record.Page) bool {
		return reflect.DeepEqual(record.MergePages(a, b), record.MergePages(b, a))
	})
	eachField(t, record.Shift{Ref: ref}, []string{"Ref"}, func(a, b record.Shift) bool {
		return reflect.DeepEqual(record.MergeShifts(a, b), record.MergeShifts(b, a))
	})
	eachField(t, record.Change{ID: "1"}, []string{"ID"}, func(a, b record.Change) bool {
		return reflect.DeepEqual(record.Merge(record.Issue{Changes: []record.Change{a}}, record.Issue{Changes: []record.Change{b}}),
			record.Merge(record.Issue{Changes: []record.Change{b}}, record.Issue{Changes: []record.Change{a}}))
	})
	eachField(t, record.Comment{ID: "1"}, []string{"ID"}, func(a, b record.Comment) bool {
		return reflect.DeepEqual(record.Merge(record.Issue{Comments: []record.Comment{a}}, record.Issue{Comments: []record.Comment{b}}),
			record.Merge(record.Issue{Comments: []record.Comment{b}}, record.Issue{Comments: []record.Comment{a}}))
	})
	eachField(t, record.Worklog{ID: "1"}, []string{"ID"}, func(a, b record.Worklog) bool {
		return reflect.DeepEqual(record.Merge(record.Issue{Worklogs: []record.Worklog{a}}, record.Issue{Worklogs: []record.Worklog{b}}),
			record.Merge(record.Issue{Worklogs: []record.Worklog{b}}, record.Issue{Worklogs: []record.Worklog{a}}))
	})
}

// eachField sets one leaf of base at a time and asks whether base and the result commute.
func eachField[T any](t *testing.T, base T, but []string, commute func(a, b T) bool) {
	t.Helper()
	var walk func(path string, get func(*T) reflect.Value)
	walk = func(path string, get func(*T) reflect.Value) {
		if slices.Contains(but, path) {
			return
		}
		v := get(&base)
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				name := v.Type().Field(i).Name
				if path != "" {
					name = path + "." + name
				}
				walk(name, func(p *T) reflect.Value { return get(p).Field(i) })
			}
			return
		}
		changed := base
		f := get(&changed)
		switch f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int, reflect.Int64:
			f.SetInt(7)
		case reflect.Float64:
			f.SetFloat(7)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Map:
			f.Set(reflect.ValueOf(map[string][]string{"x": nil}))
		default:
			t.Fatalf("%T.%s: a kind this test does not know: %s", base, path, f.Kind())
		}
		if !commute(base, changed) {
			t.Errorf("two of %T that differ in %s only: which one stays depends on the order", base, path)
		}
	}
	walk("", func(p *T) reflect.Value { return reflect.ValueOf(p).Elem() })
}

func history(n int) record.Issue {
	is := record.Issue{Ref: ref, Copies: []record.Copy{{Parts: record.HasCore, Key: "K-1", Updated: record.Instant(n)}}}
	for i := range n {
		is.Changes = append(is.Changes, record.Change{ID: fmt.Sprint(1000 + i), At: record.Instant(i + 1), Field: record.FieldStatus, From: "Open", To: "Done"})
	}
	return is
}

func BenchmarkMerge(b *testing.B) {
	older, newer := history(40), history(42)
	b.Run("unchanged", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			record.Merge(older, older)
		}
	})
	b.Run("grown", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			record.Merge(older, newer)
		}
	})
	b.Run("normal form", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			record.Merge(older, record.Issue{Ref: ref})
		}
	})
}

func TestAnEndBeforeAReopeningIsNone(t *testing.T) {
	const s = 1_000_000_000
	ref := record.Ref{Tracker: "p", ID: "1"}
	ended := record.Page{Ref: ref, Triggered: 1 * s, Resolved: 5 * s, ResolvedBy: record.Person{Account: "a"}, Updated: 5 * s}
	log := record.Page{Ref: ref, Events: []record.Event{{ID: "r", At: 7 * s, Kind: record.EventReopened}}}
	if p := record.MergePages(ended, log); p.Resolved != 0 || p.ResolvedBy.Known() {
		t.Errorf("%+v", p)
	}
	again := record.Page{Ref: ref, Triggered: 1 * s, Resolved: 9 * s, Updated: 9 * s}
	if p := record.MergePages(again, record.MergePages(ended, log)); p.Resolved != 9*s {
		t.Errorf("%+v", p)
	}
}

// A poorer export of a page, made later, does not take away what a richer one told; a richer one may.
func TestAPoorerCopyOfAPageErasesNothing(t *testing.T) {
	const s = 1_000_000_000
	maya := record.Person{Account: "maya"}
	rich := record.Page{Ref: ref, Updated: 10 * s, Triggered: 1 * s, Title: "gw down", Service: "gw", Urgency: "low",
		Acked: 4*s + 4e8, AckedBy: []record.Person{maya}, Resolved: 8 * s, ResolvedBy: maya}
	poor := record.Page{Ref: ref, Updated: 20 * s, Triggered: 1 * s, Acked: 4 * s, Resolved: 8*s + 4e8, AutoClosed: true}
	rich.Escalated = 2
	m := record.MergePages(rich, poor)
	if m.Escalated != 2 {
		t.Errorf("escalated %d times; want 2", m.Escalated)
	}
	if m.Title != "gw down" || m.Service != "gw" || m.Urgency != "low" || m.Updated != 20*s {
		t.Errorf("the words of a richer copy are lost: %+v", m)
	}
	if m.ResolvedBy != maya || m.AutoClosed || len(m.AckedBy) != 1 || m.AckedBy[0] != maya {
		t.Errorf("of what two copies tell of one second, who did it is lost: %+v", m)
	}
	between := record.Page{Ref: ref, Updated: 15 * s, Triggered: 1 * s, Urgency: "high", Title: "a"}
	if m := record.MergePages(m, between); m.Urgency != "high" || m.Title != "a" || m.Service != "gw" {
		t.Errorf("the words of a later copy are not taken: %+v", m)
	}
	if m := record.MergePages(poor, record.Page{Ref: ref, Triggered: 1 * s, Resolved: 9 * s}); m.ResolvedBy.Known() || m.Resolved != 9*s {
		t.Errorf("an end of another second is not the same: %+v", m)
	}
}

func TestWhatAReadingKeptNothingOfNeverHidesWhatAnotherKnows(t *testing.T) {
	for _, field := range []string{record.FieldPoints, record.FieldDue, record.FieldCustom + "steps"} { // "other" is behind some of them by the alphabet
		known := record.Change{ID: "105.0000", At: 5, Field: field, To: "8"}
		passed := record.Change{ID: "105.0000", At: 5, Field: record.FieldOther}
		a, b := record.Issue{Ref: ref, Changes: []record.Change{passed}}, record.Issue{Ref: ref, Changes: []record.Change{known}}
		for _, m := range []record.Issue{record.Merge(a, b), record.Merge(b, a)} {
			if len(m.Changes) != 1 || m.Changes[0] != known {
				t.Errorf("%s: %+v, want only what is known", field, m.Changes)
			}
		}
	}
}
