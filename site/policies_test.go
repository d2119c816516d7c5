package site

import (
	"regexp"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis"
)

func TestThePoliciesEntrySaysWhatIsTakenFromATracker(t *testing.T) {
	in := input(t, 1)
	p := *in.Report.Policy
	p.Releases = analysis.Always(analysis.Plan{
		Releases: []analysis.Release{{Train: "major", Name: "27.1", Date: "2027-02-16"}, {Train: "maintenance", Name: "27.1.1 <beta>", Date: "2027-02-23", Notice: 3, Tracker: "tickets"}},
		Trains:   []analysis.TrackerTrain{{Train: "maintenance", Tracker: "tickets", Project: "SUP", Match: regexp.MustCompile(`\.[1-9]`), Notice: 3}},
	})
	p.SLANames = analysis.SLANames{Resolve: []string{"Time to <fix>"}}
	in.Report.Policy = &p
	text := words(read(t, build(t, in), policiesPlace))
	for _, want := range []string{
		`The maintenance train takes its dates from the releases that tickets knows of SUP and whose names match \.[1-9] , as they are planned now.`,
		"The tracker’s clocks that we compare with none (to respond), Time to <fix> (to finish)",
		"Release Train Date Notice, in days Dated by 27.1 major 16 Feb 2027 0 the policy 27.1.1 <beta> maintenance 23 Feb 2027 3 tickets",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the entry does not say %q:\n%s", want, text)
		}
	}
}
