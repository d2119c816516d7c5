package paging

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
)

// byColumns reads a file by a mapping, in a zone, and gives what came of it.
func byColumns(t *testing.T, zone *time.Location, m Mapping, name, text string) record.Batch {
	t.Helper()
	fsys := fstest.MapFS{name: {Data: []byte(text), ModTime: time.Unix(1, 0)}}
	s := Files{Tracker: "pager", Zone: zone, Mapping: &m, Set: exports.Set{Source: "pager", FS: fsys, Patterns: []string{name}}}
	var all record.Batch
	for b, err := range s.Fetch(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		all.Pages = append(all.Pages, b.Pages...)
		all.Doubts, all.Gaps, all.Tallies = append(all.Doubts, b.Doubts...), append(all.Gaps, b.Gaps...), append(all.Tallies, b.Tallies...)
	}
	return all
}

func where(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func retold(b record.Batch) string {
	var s strings.Builder
	when := func(at record.Instant) string {
		if at == 0 {
			return "never"
		}
		return at.String()
	}
	for _, p := range b.Pages {
		fmt.Fprintf(&s, "%s %q %s triggered %s acked %s %v resolved %s by %s auto %t issues %v events %d\n", p.ID, p.Title, p.Service, p.Triggered, when(p.Acked), p.AckedBy, when(p.Resolved), p.ResolvedBy.Name, p.AutoClosed, p.Issues, len(p.Events))
	}
	for _, d := range b.Doubts {
		fmt.Fprintf(&s, "doubt %s: %s\n", d.Place, d.What)
	}
	for _, g := range b.Gaps {
		fmt.Fprintf(&s, "gap %s: %s\n", g.What, g.Why)
	}
	return s.String()
}

func TestAnyTableIsReadByItsColumns(t *testing.T) {
	berlin := where(t, "Europe/Berlin")
	spreadsheet := Mapping{Columns: map[string]string{"id": "Nr", "title": "Was", "service": "System", "triggered": "Beginn", "acknowledged": "Angenommen",
		"acknowledged_by": "Von", "resolved": "Ende", "auto_resolved": "Von selbst", "issue": "Ticket"}, Layout: "02.01.2006 15:04"}
	for _, c := range []struct {
		name string
		m    Mapping
		file string
		text string
		want string
	}{
		{"a spreadsheet, semicolons, the day first", spreadsheet, "a.csv",
			"Nr;Was;System;Beginn;Angenommen;Von;Ende;Von selbst;Ticket;Rest\n1;Fax; fax ;29.03.2026 01:30;29.03.2026 03:05;Ann, Bob;29.03.2026 04:00;no;SUP-1;x\n2;Fax;fax;01.11.2026 09:00;;;01.11.2026 09:02;yes;;\n",
			`1 "Fax" fax triggered 2026-03-29T00:30:00Z acked 2026-03-29T01:05:00Z [{ Ann false} { Bob false}] resolved 2026-03-29T02:00:00Z by  auto false issues [SUP-1] events 0
2 "Fax" fax triggered 2026-11-01T08:00:00Z acked never [] resolved 2026-11-01T08:02:00Z by  auto true issues [] events 0
`},
		{"what cannot be is doubted, and what can be is read", spreadsheet, "a.csv",
			"Nr;Was;System;Beginn;Angenommen;Von;Ende;Von selbst;Ticket\n1;a;s;soon;;;;;\n2;b;s;01.11.2026 09:00;;;01.11.2026 08:00;;\n3;c;s;01.11.2026 09:00;yesterday;Ann;0001-01-01T00:00:00Z;;\n",
			`2 "b" s triggered 2026-11-01T08:00:00Z acked never [] resolved never by  auto false issues [] events 0
3 "c" s triggered 2026-11-01T08:00:00Z acked never [] resolved never by  auto false issues [] events 0
doubt a.csv:2: triggered is "soon", not a time such as 2026-03-31T14:05:00Z, nor one in the layout "02.01.2006 15:04" of firebreak.yaml; read as none
doubt a.csv:2: left out: page 1 does not say when it was triggered
doubt a.csv:3: page 2 was resolved at 2026-11-01T07:00:00Z, before it was triggered at 2026-11-01T08:00:00Z; read as open
doubt a.csv:4: acknowledged is "yesterday", not a time such as 2026-03-31T14:05:00Z, nor one in the layout "02.01.2006 15:04" of firebreak.yaml; read as none
`},
		{"where no row can be read, all of the file is missing", Mapping{Columns: map[string]string{"id": "Nr", "triggered": "Beginn"}}, "a.csv", "Nr;Beginn\n1;01.11.2026 09:00\n2;02.11.2026 09:00\n",
			`doubt a.csv:2: triggered is "01.11.2026 09:00", not a time such as 2026-03-31T14:05:00Z, and ` + "`layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04" + `; read as none
doubt a.csv:2: left out: page 1 does not say when it was triggered
doubt a.csv:3: triggered is "02.11.2026 09:00", not a time such as 2026-03-31T14:05:00Z, and ` + "`layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04" + `; read as none
doubt a.csv:3: left out: page 2 does not say when it was triggered
gap all 2 records in a.csv: none could be read; what is wrong with each is among the source's doubts
`},
		{"columns that are not there are named", spreadsheet, "a.csv", "Nr;Was;Start;Dienst\n1;a;01.11.2026 09:00;fax\n",
			"gap pages in a.csv: `columns:` of firebreak.yaml names service: \"System\", triggered: \"Beginn\", acknowledged: \"Angenommen\", acknowledged_by: \"Von\", resolved: \"Ende\", auto_resolved: \"Von selbst\", issue: \"Ticket\", and the file's columns are Nr, Was, Start, Dienst\n"},
		{"lines of JSON, by paths", Mapping{Columns: map[string]string{"id": "alarm.id", "title": "text", "service": "alarm.host", "triggered": "on", "resolved": "off"}}, "a.jsonl",
			`{"alarm":{"id":7,"host":"db"},"text":"disk \"full\"","on":1772355600,"off":"2026-03-01T09:30:00Z"}` + "\n" + `{"alarm":{"id":8,"host":"db"},"text":"x","on":null}` + "\n",
			`7 "disk \"full\"" db triggered 2026-03-01T09:00:00Z acked never [] resolved 2026-03-01T09:30:00Z by  auto false issues [] events 0
doubt a.jsonl:2: left out: page 8 does not say when it was triggered
`},
		{"without ids", Mapping{Columns: map[string]string{"title": "t", "triggered": "at"}}, "a.csv", "t,at,x\na,2026-03-01T09:00:00Z,\na,2026-03-01T09:00:00Z,\nb,2026-03-01T09:00:00Z,\n",
			`d2996a5843f8c344 "a"  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
d2996d5843f8c85d "b"  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
doubt a.csv:2: no column is named as id; pages go by when they began, their service and title, and one whose title is mended counts twice
`},
		{"an id that is empty", Mapping{Columns: map[string]string{"id": "i", "title": "t", "triggered": "at"}}, "a.csv", "i,t,at\n,a,2026-03-01T09:00:00Z\n",
			`d2996a5843f8c344 "a"  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
doubt a.csv:2: it has no id; it goes by when it began, its service and title, and counts twice where its title is mended
`},
		{"rows with a cell too few or too many", Mapping{Columns: map[string]string{"id": "i", "title": "t", "triggered": "at", "resolved": "end"}}, "a.csv",
			"i;t;at;end\n1;a;2026-03-01T09:00:00Z\n2;a;b;2026-03-01T09:00:00Z;\n3;a;2026-03-01T09:00:00Z;;;\n4;a;b;2026-03-01T09:00:00Z;2026-03-01T10:00:00Z\n",
			`3 "a"  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
doubt a.csv:2: left out: the row has 3 cells and the header 4
doubt a.csv:3: triggered is "b", not a time such as 2026-03-31T14:05:00Z, and ` + "`layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04" + `; read as none
doubt a.csv:3: left out: page 2 does not say when it was triggered
doubt a.csv:5: left out: the row has 5 cells and the header 4
`},
		{"members of JSON that no record has are named", Mapping{Columns: map[string]string{"id": "id", "triggered": "at", "acknowledged": "acked", "resolved": "end.at", "title": "t"}}, "a.json",
			`[{"id": 1, "at": "2026-03-01T09:00:00Z", "ack": "2026-03-01T09:01:00Z", "end": null}, {"id": 2, "at": "2026-03-01T09:00:00Z", "t": null}]`,
			`1 ""  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
2 ""  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
gap members of its records in a.json: ` + "`columns:` of firebreak.yaml names acknowledged: \"acked\", resolved: \"end.at\", which none of them has; the first has ack, at, end, id" + `
`},
		{"members of updates that none has are named", Mapping{Columns: map[string]string{"id": "id", "updates": "up", "updates.at": "when", "updates.title": "t"}}, "a.csv",
			"id,up\n,\"[{\"\"at\"\": \"\"2026-03-01T09:00:00Z\"\", \"\"t\"\": \"\"Resolved\"\"}]\"\n",
			`doubt a.csv:2: left out: a page without an id does not say when it was triggered
gap members of its updates in a.csv: ` + "`columns:` of firebreak.yaml names updates.at: \"when\", which none of them has; the first has at, t" + `
`},
		{"numbers that are no instants", Mapping{Columns: map[string]string{"id": "i", "triggered": "at", "resolved": "end"}}, "a.csv",
			"i,at,end\n1,202611020930,\n2,1772355600,20261102093000\n3,1772355600000,inf\n",
			`2 ""  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
3 ""  triggered 2026-03-01T09:00:00Z acked never [] resolved never by  auto false issues [] events 0
doubt a.csv:2: triggered is "202611020930", not a time such as 2026-03-31T14:05:00Z, and ` + "`layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04" + `; read as none
doubt a.csv:2: left out: page 1 does not say when it was triggered
doubt a.csv:3: resolved is "20261102093000", not a time such as 2026-03-31T14:05:00Z, and ` + "`layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04" + `; read as none
doubt a.csv:4: resolved is "inf", not a time such as 2026-03-31T14:05:00Z, and ` + "`layout:` in firebreak.yaml can say how to read it, such as layout: 02.01.2006 15:04" + `; read as none
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := retold(byColumns(t, berlin, c.m, c.file, c.text)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestAnAbbreviationNeedsAZoneThatHasIt(t *testing.T) {
	m := Mapping{Columns: map[string]string{"id": "id", "title": "title", "triggered": "at"}, Layout: "Jan 2, 2006 - 15:04 MST"}
	const text = "id,title,at\n1,a,\"Posted 2 years ago. May 31, 2024 - 18:05 PDT\"\n2,b,\"Jan 31, 2024 - 18:05 PST\"\n"
	got := byColumns(t, where(t, "America/Los_Angeles"), m, "a.csv", text)
	if len(got.Pages) != 2 || got.Pages[0].Triggered.String() != "2024-06-01T01:05:00Z" || got.Pages[1].Triggered.String() != "2024-02-01T02:05:00Z" {
		t.Errorf("got %s", retold(got))
	}
	got = byColumns(t, where(t, "Europe/Berlin"), m, "a.csv", text)
	if len(got.Pages) != 0 || !strings.Contains(retold(got), "what PDT is depends on where; say `zone:`") {
		t.Errorf("got %s", retold(got))
	}
}

func TestStatusPagesAreReadByTheirUpdates(t *testing.T) {
	root := os.Getenv("FIREBREAK_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	files, _ := filepath.Glob(filepath.Join(root, "data", "incidents", "llm-status-pages", "*.csv"))
	if len(files) == 0 {
		t.Skip("skipped: the real exports are not here; FIREBREAK_SHARED may name their folder")
	}
	m := Mapping{Columns: map[string]string{"id": "Incident_Link", "url": "Incident_Link", "title": "Incident_Title", "service": "Service", "urgency": "Incident_Impact",
		"updates": "Updates", "updates.at": "Update_Timestamp", "updates.title": "Update_Title"}, Layout: "Jan 2, 2006 - 15:04 MST"}
	pages, open, events := 0, 0, 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b := byColumns(t, where(t, "America/Los_Angeles"), m, filepath.Base(f), string(text))
		for _, p := range b.Pages {
			pages++
			events += len(p.Events)
			if p.Resolved == 0 {
				open++
			}
		}
		t.Logf("%s: %d pages, left out %v", filepath.Base(f), len(b.Pages), b.Tallies[0].Left)
		if len(b.Gaps) > 0 || len(b.Doubts) > 0 {
			t.Errorf("%s: %s", filepath.Base(f), retold(b))
		}
	}
	if len(files) != 15 || pages != 365 || open != 0 || events != 1240 {
		t.Errorf("%d files, %d pages, of them %d open, %d updates", len(files), pages, open, events)
	}
}

func FuzzMapping(f *testing.F) {
	f.Add("id,at,up\n1,2026-03-01,\"[{\"\"t\"\":\"\"2026-03-01T09:00:00Z\"\"}]\"\n", "2006-01-02")
	f.Add(`[{"id":{"id":1},"at":1e300,"up":[1,{"t":[]}]}]`, "Jan 2, 2006 - 15:04 MST")
	f.Fuzz(func(t *testing.T, text, layout string) {
		m := Mapping{Columns: map[string]string{"id": "id", "triggered": "at", "updates": "up", "updates.at": "t"}, Layout: layout}
		for _, p := range byColumns(t, time.UTC, m, "a.csv", text).Pages {
			if p.ID == "" || p.Triggered == 0 || p.Resolved != 0 && p.Resolved < p.Triggered {
				t.Errorf("%+v", p)
			}
		}
	})
}
