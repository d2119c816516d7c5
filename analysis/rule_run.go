package analysis

// Asking a rule. What goes wrong while asking is counted, and told once a rule.

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// ruleMachine runs rules. It is for one goroutine.
type ruleMachine struct {
	vm       vm.VM
	env      ruleEnv
	faults   map[*Rule]*ruleFault
	failures int
}

// ruleFault is a rule that could not be answered for some items.
type ruleFault struct {
	rule  *Rule
	what  string // of the item
	item  string // the least of their keys
	count int
}

func (f *ruleFault) String() string {
	return fmt.Sprintf("%s: this rule could not be answered %s, and was taken not to hold: %s (for %s)", f.rule.Place, counted(f.count, "time", "times"), f.what, f.item)
}

// holds asks the rule of the facts in m.env. No rule never holds.
func (m *ruleMachine) holds(r *Rule) bool {
	switch {
	case r == nil || r.constant == "false":
		return false
	case r.constant == "true":
		return true
	}
	m.vm.MemoryBudget = ruleMemory
	out, err := m.vm.Run(r.program, &m.env)
	if err != nil {
		m.failed(r, err)
		return false
	}
	return out == true
}

// and adds what another machine saw of the same rule.
func (f *ruleFault) and(other *ruleFault) {
	f.count += other.count
	if other.item < f.item {
		f.item, f.what = other.item, other.what
	}
}

func (m *ruleMachine) failed(r *Rule, err error) {
	m.failures++
	f := m.faults[r]
	if f == nil {
		f = &ruleFault{rule: r}
		if m.faults == nil {
			m.faults = map[*Rule]*ruleFault{}
		}
		m.faults[r] = f
	}
	if f.count++; f.count == 1 || m.env.Key < f.item {
		f.item, f.what = m.env.Key, err.Error()
		if e, ok := errors.AsType[*file.Error](err); ok {
			f.what = e.Message // without the excerpt of the rule
		}
	}
}
