package analysis

import (
	"testing"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

// TestAMonitorWasFirstOnlyIfItIsKnown: of two pages of one instant, one of which does not say who raised it,
// nobody knows whose word was first.
func TestAMonitorWasFirstOnlyIfItIsKnown(t *testing.T) {
	at := moment(t, "2026-03-02T10:00")
	n := &Night{Policy: &Policy{}}
	for _, origins := range [][2]string{{record.ByMonitor, ""}, {"", record.ByMonitor}} {
		f := &Fire{Pages: []*Page{{Triggered: at, Origin: origins[0]}, {Triggered: at, Origin: origins[1]}}}
		if by := n.Detected(f); by != DetectedUnknown {
			t.Errorf("%q: told by %s", origins, by)
		}
	}
}

func TestOneUnknownInTenStillLeavesAShare(t *testing.T) {
	for _, c := range []struct {
		unknown int
		known   bool
	}{{0, true}, {1, true}, {2, false}} {
		v := tellings{monitor: 5, human: 5 - c.unknown, unknown: c.unknown}.share(Period{})
		if v.Number.Known != c.known {
			t.Errorf("%d of 10 unknown: %s", c.unknown, v)
		}
	}
}

// TestAPostmortemOfSeveralDoesNotSayWhosePageItIs, and that of one does.
func TestAPostmortemOfSeveralDoesNotSayWhosePageItIs(t *testing.T) {
	for _, incidents := range [][]string{{"SUP-1"}, {"SUP-1", "SUP-2"}} {
		page := &Page{Ref: record.Ref{Tracker: "pager", ID: "PQRST12"}}
		post := &postmortem.Postmortem{ID: "p", Incidents: incidents, Artifacts: []postmortem.Artifact{{URL: "https://pager.example/incidents/PQRST12"}}}
		x := newPageIndex([]*Page{page}, []*postmortem.Postmortem{post})
		got := len(x.of(&record.Issue{}, &record.Copy{Key: "SUP-1"})) == 1
		if want := len(incidents) == 1; got != want {
			t.Errorf("a postmortem of %v gives its page to the first: %v", incidents, got)
		}
	}
}
