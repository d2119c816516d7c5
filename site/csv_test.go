package site

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
)

// A column of numbers must read as one: the dash that tells people that there is none is no value of it.
func TestWhatPeopleSeeADashInIsEmptyForPrograms(t *testing.T) {
	table := &analysis.Table{Name: "t",
		Columns: []analysis.Column{{Name: "what", Unit: analysis.Text}, {Name: "at", Unit: analysis.Moment}, {Name: "before", Unit: analysis.Items}},
		Rows: [][]analysis.Cell{
			{{Text: "too early — to tell"}, {Num: record.Num(1e9)}, {Text: "—"}},
			{{Text: "—"}, {}, {Num: record.Num(2)}},
		}}
	var out strings.Builder
	if err := writeTable(&out, table); err != nil {
		t.Fatal(err)
	}
	if want := "what,at (UTC),before\ntoo early — to tell,1970-01-01T00:00:01Z,\n,,2\n"; strings.ReplaceAll(out.String(), "\r", "") != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	text, err := json.Marshal(tableOf(table).Rows)
	if want := `[["too early — to tell","1970-01-01T00:00:01Z",null],[null,null,2]]`; err != nil || string(text) != want {
		t.Errorf("%s %v, want %s", text, err, want)
	}
}
