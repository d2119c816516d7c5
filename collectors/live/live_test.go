package live_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// service is a live service of a few lists of issues, and the ledger of one who collects from it.
type service struct {
	now     record.Instant
	lists   map[string]map[string]record.Instant // id → updated, by stream
	pageCap int
	fail    func(request string) error // asked before each answer
	sick    map[string]bool            // ids that cannot be read
	onGone  func(record.Ref)           // takes what is gone, instead of the ledger

	requests []string

	ledger map[string]map[string]record.Instant // id → the update saved, by stream
	buried map[string]record.Instant
	cursor record.Cursor
	bound  record.Instant // horizon
	name   string         // the tracker's
	asked  string         // what the operator asks for
	pause  record.Instant // between what happens and the night
	gaps   []string
	doubts []string
	read   int // issues of the last night
}

const minute = record.Instant(time.Minute)

func newService(streams ...string) *service {
	s := &service{now: 1_800_000_000_000_000_000, lists: map[string]map[string]record.Instant{}, pageCap: 3, pause: 2 * minute,
		name: "t", ledger: map[string]map[string]record.Instant{}, buried: map[string]record.Instant{}}
	for _, n := range streams {
		s.lists[n] = map[string]record.Instant{}
	}
	return s
}

// put makes or updates an issue, a minute later.
func (s *service) put(stream string, ids ...string) {
	for _, id := range ids {
		s.now += minute
		s.lists[stream][id] = s.now
	}
}

func (s *service) request(format string, args ...any) error {
	r := fmt.Sprintf(format, args...)
	s.requests = append(s.requests, r)
	if s.fail != nil {
		return s.fail(r)
	}
	return nil
}

func (s *service) streams(scope, reading string) func(context.Context) ([]live.Stream, error) {
	return func(context.Context) ([]live.Stream, error) {
		var all []live.Stream
		for _, name := range slices.Sorted(maps.Keys(s.lists)) {
			list := s.lists[name]
			page := func(ids []string, known func(string, record.Instant) bool) live.Page {
				p := live.Page{Mark: mark(list)}
				for _, id := range ids {
					at, there := list[id]
					if !there {
						continue
					}
					p.Through = max(p.Through, at)
					if s.sick[id] {
						p.Unread = append(p.Unread, live.Entry{ID: id, Key: "K-" + id})
						continue
					}
					p.Seen = append(p.Seen, live.Entry{ID: id, Key: "K-" + id, Updated: at})
					if known == nil || !known(id, at) {
						p.Issues = append(p.Issues, record.Issue{Ref: record.Ref{Tracker: s.name, ID: id},
							Copies: []record.Copy{{Parts: record.HasCore, Key: "K-" + id, Updated: at}}})
					}
				}
				return p
			}
			all = append(all, live.Stream{Name: name, Kind: "list", Scope: scope, Reading: reading,
				Walk: func(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
					return func(yield func(live.Page, error) bool) {
						at, last := from.Since, ""
						for {
							if err := s.request("walk %s from %d mark %q", name, from.Since, from.Mark); err != nil {
								yield(live.Page{}, err)
								return
							}
							if from.Mark != "" && from.Mark == mark(list) {
								return
							}
							var ids []string
							for _, id := range slices.SortedFunc(maps.Keys(list), func(a, b string) int {
								return record.Ref{ID: a}.Compare(record.Ref{ID: b}) + 2*compare(list[a], list[b])
							}) {
								if list[id] > at || list[id] == at && id > last {
									ids = append(ids, id)
								}
							}
							n := min(len(ids), s.pageCap)
							if n == 0 {
								return
							}
							at, last = list[ids[n-1]], ids[n-1]
							if !yield(page(ids[:n], from.Known), ctx.Err()) || n == len(ids) {
								return
							}
						}
					}
				},
				Roll: func(ctx context.Context) iter.Seq2[[]live.Entry, error] {
					return func(yield func([]live.Entry, error) bool) {
						err := s.request("roll %s", name)
						var es []live.Entry
						for id := range list {
							es = append(es, live.Entry{ID: id})
						}
						yield(es, err)
					}
				},
				Get: func(ctx context.Context, es []live.Entry) iter.Seq2[live.Page, error] {
					return func(yield func(live.Page, error) bool) {
						var ids []string
						for _, e := range es {
							ids = append(ids, e.ID)
						}
						err := s.request("get %s of %s", strings.Join(ids, " "), name)
						yield(page(ids, nil), err)
					}
				},
			})
		}
		return all, nil
	}
}

func compare(a, b record.Instant) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// mark is what a service calls the state of a list: an ETag.
func mark(list map[string]record.Instant) string { return fmt.Sprint("mark ", list) }

// night collects once, at most so many batches, and saves what comes as a ledger does.
func (s *service) night(scope, reading string, most int) error {
	s.requests, s.gaps, s.doubts, s.read = nil, nil, nil, 0
	if s.now += s.pause; s.now == s.bound { // no two nights begin in one second
		s.now = s.now.Add(time.Second)
	}
	src := live.Source{Name: "src", Tracker: s.name, Scope: s.asked, Streams: s.streams(scope, reading), Clock: func() record.Instant { return s.now },
		Delivered: func(_ context.Context, stream string) ([]string, error) {
			if stream == "" {
				return slices.Sorted(maps.Keys(s.ledger)), nil
			}
			return slices.Sorted(maps.Keys(s.ledger[stream])), nil
		}}
	for b, err := range src.Fetch(context.Background(), s.cursor) {
		if err != nil {
			return err
		}
		if most--; most < 0 {
			return errors.New("cut")
		}
		s.save(b)
	}
	return nil
}

func (s *service) save(b record.Batch) {
	for _, is := range b.Issues {
		if s.ledger[b.Stream] == nil {
			s.ledger[b.Stream] = map[string]record.Instant{}
		}
		s.ledger[b.Stream][is.ID] = is.Copies[0].Updated
		if s.buried[is.ID] < is.Seen {
			delete(s.buried, is.ID)
		}
		s.read++
	}
	for _, ref := range b.Gone {
		if s.onGone != nil {
			s.onGone(ref)
			continue
		}
		delete(s.ledger[b.Stream], ref.ID)
		elsewhere := false
		for _, ids := range s.ledger {
			_, here := ids[ref.ID]
			elsewhere = elsewhere || here
		}
		if !elsewhere {
			s.buried[ref.ID] = b.Horizon
		}
		if len(s.ledger[b.Stream]) == 0 {
			delete(s.ledger, b.Stream)
		}
	}
	for _, g := range b.Gaps {
		s.gaps = append(s.gaps, g.What+": "+g.Why)
	}
	for _, d := range b.Doubts {
		s.doubts = append(s.doubts, d.Place+": "+d.What)
	}
	s.bound = max(s.bound, b.Horizon)
	s.cursor = b.Cursor
}

const whole = 1 << 30

func (s *service) mustNight(t testing.TB) {
	t.Helper()
	if err := s.night("jql", "fields", whole); err != nil {
		t.Fatal(err)
	}
}

// agrees holds the ledger to what there is.
func (s *service) agrees(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	for name, list := range s.lists {
		want, got := map[string]record.Instant{}, map[string]record.Instant{}
		maps.Copy(want, list)
		maps.Copy(got, s.ledger[name])
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s (-there +in the ledger):\n%s", name, d)
		}
		for id := range list {
			if s.buried[id] != 0 {
				t.Fatalf("%s of %s has a tombstone and is there", id, name)
			}
		}
	}
}

func TestANightCostsWhatChanged(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3", "4", "5", "6", "7")
	s.mustNight(t)
	s.agrees(t)
	if s.read != 7 || s.bound != s.now {
		t.Fatalf("the first night read %d issues and speaks up to %s; want 7 and %s", s.read, s.bound, s.now)
	}
	s.now = s.now.Add(24 * time.Hour)
	s.mustNight(t)
	if s.read != 0 || s.bound != s.now {
		t.Errorf("a night without change read %d issues and speaks up to %s", s.read, s.bound)
	}
	s.put("a", "3")
	s.mustNight(t)
	if s.agrees(t); s.read != 1 {
		t.Errorf("a night with one change read %d issues: the others of the overlap were known", s.read)
	}
}

func TestAnInstantMaySeeTwoChanges(t *testing.T) {
	s := newService("a")
	s.pause = 0
	s.put("a", "1", "2")
	s.mustNight(t) // in the very second in which 2 was updated, and may be once more
	s.now += minute
	if s.mustNight(t); s.read != 1 {
		t.Errorf("read %d issues; want the one that was as young as the answer", s.read)
	}
	s.now += minute
	if s.mustNight(t); s.read != 0 {
		t.Errorf("read %d issues again, long after", s.read)
	}
}

func TestAnUnchangedStreamCostsOneRequest(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2")
	for range 3 { // the walk from the overlap has a mark after the second night
		s.mustNight(t)
		s.now = s.now.Add(24 * time.Hour)
	}
	if len(s.requests) != 1 || !strings.Contains(s.requests[0], `mark "mark`) {
		t.Errorf("requests %q; want one that carries the mark", s.requests)
	}
	s.put("a", "1")
	if s.mustNight(t); s.read != 1 {
		t.Error("the mark hid a change")
	}
}

func TestAMarkOfTheFirstOfSeveralPagesIsNotKept(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3", "4", "5")
	for range 3 { // all five lie in the overlap, on two pages
		s.mustNight(t)
	}
	for _, r := range s.requests {
		if !strings.HasSuffix(r, `mark ""`) {
			t.Errorf("%q: the first page says nothing of the second", r)
		}
	}
}

func TestWhatIsGoneIsBuriedWithinAWeekAndRisesWhenItComesBack(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3")
	s.mustNight(t)
	saved := s.lists["a"]["2"]
	delete(s.lists["a"], "2")
	s.now = s.now.Add(6 * 24 * time.Hour)
	s.mustNight(t)
	if s.buried["2"] != 0 {
		t.Error("buried before the week was over")
	}
	s.now = s.now.Add(2 * 24 * time.Hour)
	s.mustNight(t)
	if s.agrees(t); s.buried["2"] != s.now {
		t.Errorf("buried as of %s; want %s", s.buried["2"], s.now)
	}
	s.lists["a"]["2"] = saved // a permission came back: nothing was updated
	s.now = s.now.Add(8 * 24 * time.Hour)
	s.mustNight(t)
	s.agrees(t)
}

func TestWhoVanishesWhileAFirstWalkIsCutIsBuriedWhenItEnds(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3", "4", "5")
	if err := s.night("jql", "fields", 1); err == nil {
		t.Fatal("not cut")
	}
	delete(s.lists["a"], "1")
	s.mustNight(t)
	if s.agrees(t); s.buried["1"] == 0 {
		t.Error("1 is not buried")
	}
}

func TestARollCallFindsWhatAWalkNeverShowed(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3")
	s.mustNight(t)
	s.lists["a"]["old"] = s.now.Add(-1000 * time.Hour) // came into the stream without an update
	s.now = s.now.Add(8 * 24 * time.Hour)
	s.mustNight(t)
	s.agrees(t)
}

func TestHalfOfAllIssuesDoNotVanishWithoutAQuestion(t *testing.T) {
	s := newService("a")
	for i := range 12 {
		s.put("a", fmt.Sprint(i))
	}
	s.mustNight(t)
	for i := range 8 {
		delete(s.lists["a"], fmt.Sprint(i))
	}
	s.now = s.now.Add(8 * 24 * time.Hour)
	s.mustNight(t)
	if len(s.buried) != 0 || len(s.gaps) != 1 || !strings.Contains(s.gaps[0], "8 of the 12 issues of a") || !strings.Contains(s.gaps[0], "--full") {
		t.Fatalf("buried %v, gaps %q; want none and one", s.buried, s.gaps)
	}
	s.now += minute
	s.mustNight(t) // and asks again the next night
	if len(s.gaps) != 1 {
		t.Error("the question was asked once only")
	}
	s.cursor = "" // collect --full
	s.mustNight(t)
	if s.agrees(t); len(s.buried) != 8 {
		t.Errorf("buried %v; want all eight", s.buried)
	}
}

func TestAnotherScopeFetchesWhoIsNewAndBuriesWhoLeft(t *testing.T) {
	s := newService("a")
	for i := range 10 {
		s.put("a", fmt.Sprint(i))
	}
	s.mustNight(t)
	for i := range 9 {
		delete(s.lists["a"], fmt.Sprint(i))
	}
	s.lists["a"]["old"] = s.now.Add(-1000 * time.Hour)
	s.now += minute
	if err := s.night("other jql", "fields", whole); err != nil {
		t.Fatal(err)
	}
	if s.agrees(t); s.read != 1 || len(s.doubts) != 2 || !strings.Contains(s.doubts[0], "other issues") || !strings.Contains(s.doubts[1], "a: 9 of its 10 issues") {
		t.Errorf("read %d, doubts %q; want the new one only, and a word about it", s.read, s.doubts)
	}
}

func TestOtherFieldsAreReadFromTheBeginning(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3", "4", "5")
	s.mustNight(t)
	if err := s.night("jql", "more fields", 1); err == nil {
		t.Fatal("not cut")
	}
	if s.read != 3 || !strings.Contains(s.doubts[0], "other fields") {
		t.Fatalf("read %d, doubts %q", s.read, s.doubts)
	}
	if err := s.night("jql", "more fields", whole); err != nil || len(s.doubts) != 0 {
		t.Fatalf("%v, doubts %q", err, s.doubts)
	}
	s.agrees(t)
	if s.read != 2 {
		t.Errorf("after the cut %d were read; want the other two", s.read)
	}
}

func TestOneRefusedStreamLeavesAGapAndTheOthersGoOn(t *testing.T) {
	s := newService("a", "b", "c")
	s.put("a", "1")
	s.put("b", "2")
	s.put("c", "3")
	s.fail = func(r string) error {
		if strings.HasPrefix(r, "walk b") {
			return live.Alone(fmt.Errorf("GET /b: 404: ask for permission"))
		}
		return nil
	}
	s.mustNight(t)
	if want := []string{"the issues of b: GET /b: 404: ask for permission"}; !slices.Equal(s.gaps, want) {
		t.Errorf("gaps %q; want %q", s.gaps, want)
	}
	if s.ledger["c"]["3"] == 0 || s.bound == 0 {
		t.Error("the others did not go on")
	}
	s.fail = nil
	s.mustNight(t)
	s.agrees(t)
	s.fail = func(string) error { return live.Alone(errors.New("refused")) }
	s.now = s.now.Add(time.Hour)
	s.mustNight(t)
	if len(s.gaps) != 3 || s.bound == s.now || !strings.Contains(s.gaps[1], "what changed in b since 2027-01-15") {
		t.Errorf("all refused: gaps %q, speaks up to %s", s.gaps, s.bound)
	}
}

func TestAnyOtherErrorEndsTheSourceAndMovesNoHorizon(t *testing.T) {
	s := newService("a", "b")
	s.put("a", "1")
	s.fail = func(r string) error {
		if strings.HasPrefix(r, "walk b") {
			return errors.New("GET /b: 401")
		}
		return nil
	}
	if err := s.night("", "", whole); err == nil || s.bound != 0 || s.ledger["a"]["1"] == 0 {
		t.Errorf("%v, horizon %s, %v; want the error, no horizon, and what was saved before", err, s.bound, s.ledger)
	}
}

func TestARollCallThatFailsIsAGapAndIsMadeUpFor(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2")
	s.mustNight(t)
	delete(s.lists["a"], "1")
	s.now = s.now.Add(8 * 24 * time.Hour)
	s.put("a", "3")
	s.fail = func(r string) error {
		if strings.HasPrefix(r, "roll") {
			return errors.New("GET /ids: 503")
		}
		return nil
	}
	s.mustNight(t)
	if want := []string{"which issues of a are gone: GET /ids: 503"}; !slices.Equal(s.gaps, want) || s.bound != s.now || s.ledger["a"]["3"] == 0 {
		t.Fatalf("gaps %q, horizon %s; want %q, and the change at home", s.gaps, s.bound, want)
	}
	s.fail = nil
	s.mustNight(t)
	s.agrees(t)
}

func TestAnUpdateInTheFutureHidesNoOther(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2")
	s.lists["a"]["future"] = s.now.Add(1000 * time.Hour)
	s.mustNight(t)
	if len(s.doubts) != 1 || !strings.Contains(s.doubts[0], "a:K-future: it says it was updated at") {
		t.Errorf("doubts %q", s.doubts)
	}
	s.now = s.now.Add(24 * time.Hour)
	s.put("a", "1")
	s.mustNight(t)
	if s.agrees(t); s.read != 1 || len(s.doubts) != 0 {
		t.Errorf("read %d, doubts %q; want the one change, and nothing said twice", s.read, s.doubts)
	}
}

func TestAStreamTakenOffIsGoneUnlessAnotherHasItsIssues(t *testing.T) {
	s := newService("a", "old name")
	s.put("a", "1")
	s.put("old name", "2", "3")
	s.asked = "a and old name"
	s.mustNight(t)
	s.lists["new name"] = map[string]record.Instant{"2": s.lists["old name"]["2"]}
	delete(s.lists, "old name")
	s.asked = "a and new name"
	s.mustNight(t)
	s.agrees(t)
	if s.buried["3"] != s.now || s.buried["2"] != 0 || s.ledger["old name"] != nil {
		t.Errorf("buried %v, ledger %v; want only 3", s.buried, s.ledger)
	}
	if len(s.doubts) != 1 || !strings.Contains(s.doubts[0], "old name: it is no longer asked for") {
		t.Errorf("doubts %q", s.doubts)
	}
}

func TestAStreamThatIsListedNoMoreIsAQuestion(t *testing.T) {
	s := newService("a", "b")
	s.put("a", "1")
	s.put("b", "2", "3")
	s.mustNight(t)
	b := s.lists["b"]
	delete(s.lists, "b") // deleted, or no longer permitted: nobody can tell
	for range 2 {
		s.mustNight(t)
		if len(s.buried) != 0 || len(s.gaps) != 1 || !strings.Contains(s.gaps[0], "the issues of b: it is not listed any more: 2 of its issues") {
			t.Fatalf("buried %v, gaps %q; want none, and one", s.buried, s.gaps)
		}
	}
	s.lists["b"] = b
	s.put("b", "2")
	if s.mustNight(t); len(s.gaps) != 0 || s.read != 1 {
		t.Errorf("it is back: gaps %q, %d issues read; want the one change", s.gaps, s.read)
	}
	s.agrees(t)

	s.lists["c"] = b // renamed: all of it is there under another name
	delete(s.lists, "b")
	s.mustNight(t) // the ledger knows it from the next night on
	if s.mustNight(t); len(s.gaps)+len(s.buried) != 0 || s.ledger["b"] != nil {
		t.Errorf("gaps %q, buried %v, ledger %v; want b to be forgotten", s.gaps, s.buried, s.ledger)
	}

	delete(s.lists, "c")
	s.cursor = "" // collect --full
	if s.mustNight(t); len(s.buried) != 2 {
		t.Errorf("buried %v; want both, since the operator says so", s.buried)
	}
}

func TestARefusedStreamKeepsWhatMayBeItsFormerName(t *testing.T) {
	s := newService("a", "old name")
	s.put("a", "1")
	s.put("old name", "2")
	s.mustNight(t)
	s.lists["new name"] = s.lists["old name"]
	delete(s.lists, "old name")
	s.asked = "other repositories"
	s.fail = func(r string) error {
		if strings.HasPrefix(r, "walk new") {
			return live.Alone(errors.New("502"))
		}
		return nil
	}
	if s.mustNight(t); len(s.buried) != 0 {
		t.Errorf("buried %v before the new name could be read", s.buried)
	}
	s.fail = nil
	s.mustNight(t)
	if s.agrees(t); len(s.buried) != 0 || s.ledger["old name"] != nil {
		t.Errorf("buried %v, ledger %v", s.buried, s.ledger)
	}
}

func TestNothingAtAllIsAGap(t *testing.T) {
	s := newService("a", "b")
	s.asked = "jql"
	s.mustNight(t)
	if len(s.gaps) != 1 || !strings.Contains(s.gaps[0], "any issue: the service was asked for jql and shows none") {
		t.Errorf("gaps %q", s.gaps)
	}
	s.put("a", "1")
	s.mustNight(t)
	if len(s.gaps) != 0 || len(s.doubts) != 1 || !strings.HasPrefix(s.doubts[0], ": 1 of 2 lists show no issues at all: b;") {
		t.Errorf("gaps %q, doubts %q; want a word about b alone", s.gaps, s.doubts)
	}
}

func TestWhatCannotBeReadIsNotNothing(t *testing.T) {
	s := newService("a")
	s.lists["a"]["1"] = 0 // not even its date
	s.sick = map[string]bool{"1": true}
	s.mustNight(t)
	if len(s.gaps) != 1 || !strings.Contains(s.gaps[0], "could not be read: K-1") {
		t.Errorf("gaps %q; want the issue that could not be read, and no talk of an empty service", s.gaps)
	}
}

func TestAllThatVanishesAtOnceIsNeverBelieved(t *testing.T) {
	for name, again := range map[string]func(*service) error{
		"a week later": func(s *service) error {
			s.now = s.now.Add(8 * 24 * time.Hour)
			return s.night("jql", "fields", whole)
		},
		"another scope":    func(s *service) error { return s.night("a typo", "fields", whole) },
		"all again":        func(s *service) error { s.cursor = ""; return s.night("jql", "fields", whole) },
		"a cursor lost":    func(s *service) error { s.cursor = "{"; return s.night("jql", "fields", whole) },
		"a walk was cut":   func(s *service) error { return s.night("jql", "fields", whole) },
		"all is otherwise": func(s *service) error { s.now = s.now.Add(8 * 24 * time.Hour); return s.night("x", "y", whole) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newService("a")
			for i := range 9 {
				s.put("a", fmt.Sprint(i))
			}
			if name == "a walk was cut" {
				s.night("jql", "fields", 2)
			} else {
				s.mustNight(t)
			}
			clear(s.lists["a"])
			if err := again(s); err != nil {
				t.Fatal(err)
			}
			if len(s.buried) != 0 || len(s.gaps) == 0 {
				t.Errorf("buried %v, gaps %q; want none, and a question", s.buried, s.gaps)
			}
		})
	}
}

func TestTheMarkOfAnAnswerOfWhichSomethingIsMissingIsNotKept(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2")
	s.mustNight(t)
	s.sick = map[string]bool{"2": true}
	s.put("a", "2")
	s.mustNight(t)
	s.mustNight(t)
	s.sick = nil // the list is what it was, mark and all
	s.mustNight(t)
	s.agrees(t)
}

// pages is a source of one stream that walks over these pages.
func pages(all ...live.Page) live.Source {
	return live.Source{Name: "src", Tracker: "t", Clock: func() record.Instant { return 1_800_000_000_000_000_000 },
		Streams: func(context.Context) ([]live.Stream, error) {
			return []live.Stream{{Name: "a", Kind: "list", Walk: func(context.Context, live.From) iter.Seq2[live.Page, error] {
				return func(yield func(live.Page, error) bool) {
					for _, p := range all {
						if !yield(p, nil) {
							return
						}
					}
				}
			}}}, nil
		}}
}

func issue(id string, updated record.Instant) record.Issue {
	return record.Issue{Ref: record.Ref{Tracker: "t", ID: id}, Copies: []record.Copy{{Parts: record.HasCore, Key: "K-" + id, Updated: updated}}}
}

func TestAnIssueWithoutAnUpdateIsNotHandedOn(t *testing.T) {
	s := newService()
	for b, err := range pages(live.Page{Issues: []record.Issue{issue("1", 5), issue("2", 0)}, Seen: []live.Entry{{ID: "1", Updated: 5}, {ID: "2"}}, Through: 5}).Fetch(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		s.save(b)
	}
	if len(s.ledger["a"]) != 1 || len(s.gaps) != 1 || !strings.Contains(s.gaps[0], "could not be read: K-2") || !strings.Contains(s.doubts[0], "a:K-2: left out: when it was updated") {
		t.Errorf("ledger %v, gaps %q, doubts %q", s.ledger, s.gaps, s.doubts)
	}
}

func TestDoubtsAboutMostIssuesAreAGap(t *testing.T) {
	for n, want := range map[int]int{3: 0, 6: 1} {
		p := live.Page{Through: 5}
		for i := range 10 {
			p.Issues = append(p.Issues, issue(fmt.Sprint(i), 5))
			if i < n {
				p.Doubts = append(p.Doubts, record.Doubt{Place: fmt.Sprint("K-", i), What: "its labels are a number"})
			}
		}
		s := newService()
		for b, err := range pages(p).Fetch(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			s.save(b)
		}
		if len(s.gaps) != want {
			t.Errorf("%d doubtful issues of 10: gaps %q", n, s.gaps)
		}
	}
}

func TestWhatCouldNotBeReadIsAskedForAgain(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3")
	s.now = s.now.Add(time.Hour) // beyond the overlap
	s.put("a", "4")
	s.sick = map[string]bool{"2": true, "3": true}
	for range 2 {
		s.mustNight(t)
		s.now = s.now.Add(24 * time.Hour)
		if s.ledger["a"]["2"] != 0 || s.ledger["a"]["4"] == 0 {
			t.Fatalf("ledger %v; want all but the sick ones", s.ledger)
		}
		if want := []string{"2 of the issues of a, as they are now: they could not be read: K-2, K-3; the doubts beside them say why, and each run asks for them again"}; !slices.Equal(s.gaps, want) {
			t.Errorf("gaps %q; want %q", s.gaps, want)
		}
	}
	delete(s.sick, "2")
	delete(s.lists["a"], "3")
	s.mustNight(t)
	if s.agrees(t); s.read != 1 || !slices.Contains(s.requests, "get 2 3 of a") {
		t.Errorf("read %d by %q; want the one that is well again", s.read, s.requests)
	}
	if s.mustNight(t); len(s.requests) != 1 {
		t.Errorf("requests %q; want nothing asked for again", s.requests)
	}
}

func TestATrackerOfAnotherNameIsReadAgainAndTheFormerOneEnds(t *testing.T) {
	s := newService("a")
	s.put("a", "1", "2", "3", "4")
	s.mustNight(t)
	s.name = "renamed"
	var gone []string
	s.onGone = func(r record.Ref) { gone = append(gone, r.String()) }
	if err := s.night("jql", "fields", 1); err == nil || len(gone) != 0 || !strings.Contains(s.doubts[0], "was called t and is now renamed") {
		t.Fatalf("%v, gone %q, doubts %q; want a cut night that has read a part under the new name and lost nothing", err, gone, s.doubts)
	}
	s.mustNight(t)
	if want := []string{"t:1", "t:2", "t:3", "t:4"}; !slices.Equal(gone, want) {
		t.Errorf("gone are %q; want those of the former name", gone)
	}
	gone = nil
	if s.mustNight(t); len(gone)+s.read != 0 {
		t.Errorf("a night later %q are gone and %d are read", gone, s.read)
	}
}

func TestACursorOfAnotherKindIsTheBeginning(t *testing.T) {
	for _, c := range []record.Cursor{"", "{", `{"version":"live/0","streams":{"a":{"watermark":5}}}`, `{"files":[]}`, "null", `{"version":"live/1"}`} {
		s := newService("a")
		s.put("a", "1", "2", "3", "4")
		s.cursor = c
		s.mustNight(t)
		s.agrees(t)
	}
}

func TestABulkEditDoesNotSwellTheCursor(t *testing.T) {
	s := newService("a")
	s.pageCap = 500
	s.now += minute
	for i := range 5000 {
		s.lists["a"][fmt.Sprint(i)] = s.now
	}
	s.mustNight(t)
	s.mustNight(t)
	s.agrees(t)
	if len(s.cursor) > 100_000 {
		t.Errorf("a cursor of %d bytes", len(s.cursor))
	}
}

// Whatever happens to a tracker, and wherever nights are cut or fail, after one whole night that calls
// the roll the ledger agrees with it.
func TestNoChangeIsEverLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newService("a", "b")
		s.pause = record.Instant(rapid.IntRange(0, 2).Draw(t, "pause")) * minute
		id := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "id")) })
		stream := rapid.SampledFrom([]string{"a", "b"})
		t.Repeat(map[string]func(*rapid.T){
			"update": func(t *rapid.T) { s.put(stream.Draw(t, "stream"), id.Draw(t, "id")) },
			"bulk": func(t *rapid.T) {
				s.now += minute
				for range rapid.IntRange(1, 12).Draw(t, "n") {
					s.lists[stream.Draw(t, "stream")][id.Draw(t, "id")] = s.now
				}
			},
			"late": func(t *rapid.T) { // an index that lags: what was updated minutes ago shows only now
				list, who := s.lists[stream.Draw(t, "stream")], id.Draw(t, "id")
				list[who] = max(list[who]+1, s.now-record.Instant(rapid.IntRange(0, 9).Draw(t, "minutes"))*minute-1)
			},
			"remove": func(t *rapid.T) { delete(s.lists[stream.Draw(t, "stream")], id.Draw(t, "id")) },
			"wait": func(t *rapid.T) {
				s.now += record.Instant(time.Hour) * record.Instant(rapid.IntRange(1, 24*9).Draw(t, "hours"))
			},
			"night": func(t *rapid.T) {
				if err := s.night("jql", "fields", whole); err != nil {
					t.Fatal(err)
				}
			},
			"cut night": func(t *rapid.T) { s.night("jql", "fields", rapid.IntRange(0, 6).Draw(t, "batches")) },
			"bad night": func(t *rapid.T) {
				n := rapid.IntRange(0, 6).Draw(t, "requests")
				s.fail = func(string) error {
					if n--; n < 0 {
						return errors.New("503")
					}
					return nil
				}
				s.night("jql", "fields", whole)
				s.fail = nil
			},
			"busy night": func(t *rapid.T) { // people work while it is read
				st, who := stream.Draw(t, "stream"), id.Draw(t, "id")
				n := rapid.IntRange(0, 4).Draw(t, "requests")
				s.fail = func(string) error {
					if n--; n == 0 {
						s.put(st, who)
					}
					return nil
				}
				if err := s.night("jql", "fields", whole); err != nil {
					t.Fatal(err)
				}
				s.fail = nil
			},
			"full night": func(t *rapid.T) {
				s.cursor = ""
				if err := s.night("jql", "fields", whole); err != nil {
					t.Fatal(err)
				}
			},
		})
		s.now = s.now.Add(8 * 24 * time.Hour)
		if err := s.night("jql", "fields", whole); err != nil {
			t.Fatal(err)
		}
		for name, list := range s.lists {
			for id, at := range list {
				if s.ledger[name][id] != at {
					t.Fatalf("%s of %s is as of %s; want %s", id, name, s.ledger[name][id], at)
				}
			}
		}
		if len(s.gaps) > 0 { // so many are gone that it asks first
			s.cursor = ""
			if err := s.night("jql", "fields", whole); err != nil {
				t.Fatal(err)
			}
		}
		for name, list := range s.lists {
			if len(list) == 0 && len(s.ledger[name]) > 5 && len(s.gaps) > 0 {
				delete(s.lists, name) // all of many at once is never believed
			}
		}
		s.agrees(t)
	})
}
