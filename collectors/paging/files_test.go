package paging

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/firebreak/firebreak/collectors/exports"
)

// Tools that number their pages from 1 may lie in one folder: their pages are not one.
func TestNumbersOfTwoToolsAreTwoPages(t *testing.T) {
	files := fstest.MapFS{
		"splunk.json": {Data: []byte(`{"incidents": [{"incidentNumber": "1", "startTime": "2026-03-02T08:00:00Z", "service": "s", "transitions": []}]}`)},
		"short.csv":   {Data: []byte("#,Service,Opened On,Resolved On,Resolve By,#Escalations,Duration\n1,s,2026-03-02T09:00:00Z,,,0,\n")},
		"alerts.csv":  {Data: []byte("tinyId,message,createdAt,status,closedAt,acknowledgedAt\n1,m,2026-03-02T10:00:00Z,open,,\n")},
	}
	b := collect(t, Files{Tracker: "pager", Set: exports.Set{Source: "pager", FS: files, Patterns: []string{"*"}}})
	var ids []string
	for _, p := range b.Pages {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	if got := strings.Join(ids, " "); got != "opsgenie-1 pagerduty-1 splunk-1" {
		t.Errorf("pages %s", got)
	}
}

func TestTextsOfAPageAreCut(t *testing.T) {
	long := strings.Repeat("é", textLimit)
	data := `[{"id": 1, "at": "2026-03-02T08:00:00Z", "s": "` + long + `", "u": "https://x/` + long + `"}, {"id": "` + long + `", "at": "2026-03-02T08:00:00Z", "s": "x", "u": ""}]`
	m := &Mapping{Columns: map[string]string{"id": "id", "triggered": "at", "service": "s", "url": "u"}}
	b := collect(t, Files{Tracker: "pager", Mapping: m, Set: oneFile("a.json", data)})
	if len(b.Pages) != 1 || b.Pages[0].Service != long[:textLimit]+"…" || b.Pages[0].URL != "" || len(b.Doubts) != 1 || b.Doubts[0].What != "left out: its id is 2000 bytes long" {
		t.Error(dump(b))
	}
}
