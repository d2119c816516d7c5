package analysis

import (
	"slices"
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

func TestStrangersAreWhomThePolicyDoesNotName(t *testing.T) {
	policy := &Policy{
		Services: []Service{{ID: "gateway", Name: "Order gateway", Aliases: []string{"orders-gw"}}},
		Team:     Team{Members: []Member{{ID: "ada", Name: "Ada", Accounts: []string{"PADA"}}}, Bots: []string{"Pager bot"}},
	}
	asOf := record.Instant(1_800_000_000e9)
	old := asOf.Add(-91 * 24 * time.Hour)
	n := &Night{Policy: policy, AsOf: asOf,
		Pages: []*Page{{Service: "given up", Triggered: old}, {Service: "fax", Triggered: asOf - 2}, {Service: "fax", Triggered: asOf - 1}, {Triggered: asOf - 1},
			{Service: "ORDERS-GW", Of: &policy.Services[0], Triggered: asOf - 1}},
		Shifts: []record.Shift{{Person: record.Person{Name: "Left Long Ago"}, From: old - 1, To: old}, {Person: record.Person{Account: "PADA", Name: "A. L."}, To: asOf},
			{Person: record.Person{Account: "PZOE", Name: "Zoe"}, To: asOf + 1}, {Person: record.Person{Account: "PBOB"}, To: asOf + 1}, {Person: record.Person{Name: "Pager bot"}, To: asOf + 1}},
	}
	services, people := n.Strangers()
	if !slices.Equal(services, []string{"fax"}) || !slices.Equal(people, []string{"PBOB", "Zoe"}) {
		t.Errorf("%q, %q", services, people)
	}
	n.Policy = new(Policy) // which goes by the pager's names
	if services, people = n.Strangers(); len(services)+len(people) > 0 {
		t.Errorf("%q, %q", services, people)
	}
}
