package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// TestAReporterIsNobodysCustomerByName: where the policy takes the reporter for the customer, no file says who it is.
func TestAReporterIsNobodysCustomerByName(t *testing.T) {
	for _, c := range []struct {
		customer string
		told     bool
	}{{"reporter", false}, {"component", true}} {
		is := issue(t, "SUP-1", "Request", "Minor", "A receipt is missing", "2026-10-26T15:00:00Z")
		is.Copies[0].Reporter, is.Copies[0].Components = record.Person{Account: "ada.byron"}, []string{"ada.byron"}
		in := input(t, 1)
		in.Report = night(t, []record.Issue{is}, nil, func(in *analysis.Input) { in.Policy.Customer = c.customer })
		if in.Report.Items[0].Customer != "ada.byron" {
			t.Fatalf("the customer is %q", in.Report.Items[0].Customer)
		}
		tree := build(t, in)
		for _, f := range []string{"items/tickets/SUP-1/index.html", "data/items.csv", "data/support-share/items.csv"} {
			if !slices.Contains(names(tree, f), f) {
				continue
			}
			if told := strings.Contains(read(t, tree, f), "ada.byron"); told != c.told {
				t.Errorf("customers: %s: that %s names the customer is %v", c.customer, f, told)
			}
		}
		if c.told {
			continue
		}
		for _, f := range tree.Files {
			if !strings.HasPrefix(f.Path, "static/") && strings.Contains(read(t, tree, f.Path), "ada.byron") {
				t.Errorf("%s names the reporter", f.Path)
			}
		}
	}
}

// TestWhoWasAwayIsToldWhileItCanBeMended: of a gap in cover that is to come, and not of one that is over.
func TestWhoWasAwayIsToldWhileItCanBeMended(t *testing.T) {
	in := input(t, 1)
	in.Report = night(t, nil, nil, func(in *analysis.Input) {
		for i := range in.Policy.Team.Members {
			m := &in.Policy.Team.Members[i]
			m.Absent = []analysis.Span{{From: instant(t, "2026-10-01T00:00:00Z"), To: instant(t, "2026-12-01T00:00:00Z")}}
		}
		past := turnOf(t, "pager", "Feed", "superhero", "tokafor", 2)
		past.From, past.To = instant(t, "2026-10-19T10:00:00Z"), instant(t, "2026-10-26T10:00:00Z")
		in.Shifts = slices.Values([]record.Shift{past, turnOf(t, "pager", "Feed", "superhero", "mlindqvist", 9)})
	})
	tree := build(t, in)
	page := read(t, tree, onCallPlace)
	_, gaps, _ := strings.Cut(page, `id="gaps"`)
	if !strings.Contains(gaps, "whoever was on shift was away") || strings.Contains(gaps, "Tomas Okafor") || !strings.Contains(gaps, "Maya Lindqvist is on shift, and away") {
		t.Errorf("the gaps are told as\n%s", gaps)
	}
	if report := read(t, tree, reportPlace); strings.Contains(report, `"absent":"tomas"`) || !strings.Contains(report, `"absent":"maya"`) {
		t.Error("report.json tells who was away in a gap that is over, or not who will be")
	}
}
