// Any number of nights, of any kind, in any order: never a lost change.

package collectortest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

// stories is how many are told. Each takes some tenths of a second.
const stories = 25

// neverALostChange tells stories and looks at how they end. One that ends badly is told in the fewest
// and smallest steps that end so.
func neverALostChange(s *suite) {
	t := &recorder{TB: s.t}
	told, tell := 0, stories
	if Hurried() {
		tell = stories / 5
	}
	t.run(func() {
		rapid.Check(t, func(rt *rapid.T) {
			if told++; told > tell && !t.Failed() {
				return
			}
			st := aStory().Draw(rt, "story")
			if c := in(s.t, s.live, st.Ahead, st.play); len(c) > 0 {
				tell = 1 << 30 // to find the shortest
				rt.Fatalf("%s", strings.Join(c, "\n"))
			}
		})
	})
	for _, c := range t.complaints {
		s.complain(c)
	}
}

// story is what happens to a service and to who collects from it.
type story struct {
	Ahead time.Duration // the machine's clock before the service's
	Steps []step
}

// GoString is what rapid prints of a story that ends badly.
func (s story) GoString() string {
	lines := []string{fmt.Sprintf("this machine's clock is %s ahead", s.Ahead)}
	for _, st := range s.Steps {
		lines = append(lines, st.String())
	}
	return strings.Join(lines, "\n")
}

// step is one thing that happens. N is how many or which one, as the kind wants it.
type step struct {
	Kind  string
	N     int
	Fault string // of a spoiled night
	Every int    // the service is moved before each so many requests of a night; 0 is never
}

func (s step) String() string {
	if s.Fault != "" {
		return fmt.Sprintf("%s %d: %s", s.Kind, s.N, s.Fault)
	}
	if s.Every > 0 {
		return fmt.Sprintf("%s, the service moving at each %d. request", s.Kind, s.Every)
	}
	return fmt.Sprintf("%s %d", s.Kind, s.N)
}

func aStory() *rapid.Generator[story] {
	var faults []string
	for _, f := range EveryFault() {
		faults = append(faults, f.Name)
	}
	// How many there are of a kind is how likely it is.
	kinds := []string{"change", "change", "change", "add", "remove", "restore", "minutes pass", "hours pass", "days pass", "days pass",
		"a good night", "a good night", "a busy night", "a week later, a busy night", "a hasty night", "a night cut after batch", "a night cut after batch",
		"a night with a fault at request", "a night with a fault from request"}
	aStep := rapid.Custom(func(t *rapid.T) step {
		s := step{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		switch s.Kind {
		case "change":
			s.N = rapid.IntRange(1, 60).Draw(t, "n")
		case "minutes pass":
			s.N = rapid.IntRange(1, 30).Draw(t, "n")
		case "days pass":
			s.N = rapid.IntRange(1, 9).Draw(t, "n")
		case "a busy night", "a week later, a busy night":
			s.Every = rapid.IntRange(1, 6).Draw(t, "every")
		case "a night with a fault at request", "a night with a fault from request":
			s.N = rapid.IntRange(1, 25).Draw(t, "n")
			s.Fault = rapid.SampledFrom(faults).Draw(t, "fault")
		case "a night cut after batch":
			s.N = rapid.IntRange(0, 12).Draw(t, "n")
		default:
			s.N = rapid.IntRange(1, 5).Draw(t, "n")
		}
		return s
	})
	return rapid.Custom(func(t *rapid.T) story {
		return story{
			Ahead: time.Duration(rapid.SampledFrom([]int{0, 0, 2, -2}).Draw(t, "hours ahead")) * time.Hour,
			Steps: rapid.SliceOfN(aStep, 1, 12).Draw(t, "steps"),
		}
	})
}

// play lets the story happen, and then a good night, and one after the time of a roll call.
func (s story) play(w *world) {
	for _, st := range s.Steps {
		st.happen(w)
		if w.Failed() {
			return
		}
	}
	w.pass(24 * time.Hour)
	w.good()
	w.current()
	w.pass(8 * 24 * time.Hour)
	w.good()
	w.complete()
}

func (s step) happen(w *world) {
	switch s.Kind {
	case "change":
		w.service.Change(s.N)
	case "add":
		w.service.Add(s.N)
	case "remove":
		w.service.Remove(s.N)
	case "restore":
		if can[Restorer](w.service) {
			w.restore(s.N)
		}
	case "minutes pass":
		w.pass(time.Duration(s.N) * time.Minute)
	case "hours pass":
		w.pass(time.Duration(s.N) * time.Hour)
	case "days pass":
		w.pass(time.Duration(s.N) * 24 * time.Hour)
	case "a good night":
		w.good()
	case "a busy night":
		w.busy(s.move(w.service))
	case "a week later, a busy night":
		w.pass(8 * 24 * time.Hour)
		w.busy(s.move(w.service))
	case "a hasty night":
		w.hasty()
	case "a night cut after batch":
		w.run(s.N)
	case "a night with a fault at request":
		w.bad(func(n int, _ *http.Request) (Fault, bool) { return s.fault(), n == s.N })
	case "a night with a fault from request":
		w.bad(from(s.N, s.fault()))
	}
}

// move does something of everything, now and then.
func (s step) move(service Service) func(n int) {
	return func(n int) {
		if n%s.Every != 0 || n/s.Every > movements {
			return
		}
		switch n / s.Every % 3 {
		case 0:
			service.Change(2)
		case 1:
			service.Remove(1)
		case 2:
			service.Add(1)
		}
	}
}

func (s step) fault() Fault {
	list := EveryFault()
	return list[slices.IndexFunc(list, func(f Fault) bool { return f.Name == s.Fault })]
}
