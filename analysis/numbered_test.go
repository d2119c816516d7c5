package analysis

import (
	"slices"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
)

// A short report knows pages by their number only: beside the full one it tells nothing twice.
func TestAPageKnownByItsNumberIsTheOneOfThatNumber(t *testing.T) {
	page := func(id, number, triggered string) record.Page {
		return record.Page{Ref: record.Ref{Tracker: "pd", ID: id}, Number: number, Title: id, Service: "gw", Triggered: at(t, triggered)}
	}
	pages := []record.Page{
		page("P1", "1", "2026-02-10T10:00:05Z"), page("pagerduty-1", "1", "2026-02-10T10:00:00Z"), // the same
		page("pagerduty-2", "2", "2026-02-10T11:00:00Z"),                                       // told by the short report only
		page("P3", "3", "2026-02-10T12:00:00Z"), page("splunk-3", "3", "2026-02-10T15:00:00Z"), // of two tools
	}
	r := Run(Input{Policy: policyWith(t, "Europe/Berlin", standUpRota), AsOf: at(t, "2026-02-13T12:00:00Z"), Issues: slices.Values([]record.Issue(nil)), Pages: slices.Values(pages)})
	var got []string
	for _, w := range r.Weeks() {
		for _, p := range w.Pages {
			got = append(got, p.ID)
		}
	}
	if want := []string{"P1", "pagerduty-2", "P3", "splunk-3"}; !slices.Equal(got, want) {
		t.Errorf("pages %v; want %v", got, want)
	}
}
