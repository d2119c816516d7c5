package collectortest

import (
	"fmt"
	"testing"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/record"
)

func TestTheScriptKeepsTheContract(t *testing.T) {
	var s Script
	for n := range 4 {
		at := record.Instant(1_700_000_000_000_000_000 + int64(n)*1e9)
		who := record.Person{Account: "ann"}
		is := record.Issue{Ref: record.Ref{Tracker: "t", ID: fmt.Sprint(n / 2)}, HistoryTo: at,
			Copies:  []record.Copy{{Parts: record.HasCore, Key: fmt.Sprint("K-", n), Updated: at}},
			Changes: []record.Change{{ID: fmt.Sprint(n), At: at, Field: record.FieldStatus, To: "Open", By: who}}}
		b := record.Batch{Issues: []record.Issue{is}, Horizon: at,
			Pages:   []record.Page{{Ref: is.Ref, Triggered: at}},
			Shifts:  []record.Shift{{Ref: is.Ref, Person: who, Role: "superhero", From: at, To: at + 1}},
			Doubts:  []record.Doubt{{Place: fmt.Sprintf("part %d:7", n), What: "odd"}},
			Tallies: []record.Tally{{Part: fmt.Sprintf("part %d", n), Kind: "script", Read: 3}}}
		s = append(s, Step{Batch: b})
	}
	Run(t, Harness{Source: func(testing.TB) collectors.Source { return s }})
}
