package analysis

// Stages, severities and classes at an instant (METRICS.md, sections 1 and 2). A hundred thousand
// items with ten changes each ask three questions a change, and there are few different answers. So
// every question remembers its answers under the facts that its rules look at, and nothing else.

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/firebreak/firebreak/collectors/record"
)

// classifier answers the policy's rules. It is cheap to make and for one goroutine: it keeps scratch
// space and remembers answers. The stages and classes it gives are the policy's own, or, for statuses
// that no stage gathers, its own and the same ones for the same status.
type classifier struct {
	policy *Policy

	stages     []*memory[*Stage] // by version of the flow
	severities []epoch[int]
	classes    []epoch[*Class]
	channels   *memory[string]
	served     *memory[[]*Service]
	streaks    []*memory[bool]

	fallbacks    *fallbacks
	serviceIndex map[string][]int // by folded name and alias: indexes of the policy's services
	lacks        []string         // what the item before lacks
	customers    customerSource
	discards     map[string]bool // folded resolutions

	weighs factSet // what severities and classes are found from
	places factSet // what stages are found from

	machine ruleMachine
	key     []byte
}

// epoch is a stretch of creation dates for which one set of rules holds.
type epoch[V any] struct {
	from  record.Instant
	rules []*Rule // in the policy's order; a nil one never holds
	*memory[V]
}

type fallback struct {
	kind StageKind
	name string
}

// fallbacks are the stages of statuses that no stage gathers. Classifiers of one night share them, so
// that a status has one stage whoever judged the item.
type fallbacks struct {
	sync.Mutex
	stages map[fallback]*Stage
}

func newFallbacks() *fallbacks { return &fallbacks{stages: map[fallback]*Stage{}} }

func newClassifier(p *Policy) *classifier {
	c := &classifier{
		policy: p, customers: readCustomerSource(p.Customer),
		fallbacks: newFallbacks(), serviceIndex: map[string][]int{}, discards: map[string]bool{},
	}
	for _, r := range p.Discarded {
		c.discards[fold(r)] = true
	}
	for i, s := range p.Services {
		for _, name := range append([]string{s.ID, s.Name}, s.Aliases...) {
			if k := fold(name); !slices.Contains(c.serviceIndex[k], i) {
				c.serviceIndex[k] = append(c.serviceIndex[k], i)
			}
		}
	}
	var asks asked
	for _, ch := range p.Channels {
		asks = asks.and(ch.When.asked())
	}
	c.channels = newMemory[string](c, asks)
	c.served = newMemory[[]*Service](c, asked{facts: factService})

	for _, v := range p.Flow {
		var asks asked
		for i := range v.Is {
			asks = asks.and(v.Is[i].When.asked())
			if len(v.Is[i].Labels) > 0 {
				asks.facts |= factLabels
			}
		}
		c.stages = append(c.stages, newMemory[*Stage](c, asks))
	}
	var rules []Versions[*Rule]
	for _, s := range p.Severities {
		rules = append(rules, s.When)
	}
	c.severities = epochs[int](c, rules)
	rules = nil
	for _, k := range p.Classes {
		rules = append(rules, k.When)
	}
	c.classes = epochs[*Class](c, rules)
	for i := range c.severities {
		c.weighs |= c.severities[i].asks.all()
	}
	for i := range c.classes {
		c.weighs |= c.classes[i].asks.all()
	}
	c.places = factStatus | factCategory
	for _, m := range c.stages {
		c.places |= m.asks.all()
	}
	for _, s := range p.Streaks {
		c.streaks = append(c.streaks, newMemory[bool](c, s.When.asked()))
	}
	return c
}

// epochs cuts time at the beginning of every later version of every rule.
func epochs[V any](c *classifier, rules []Versions[*Rule]) []epoch[V] {
	cuts := []record.Instant{0}
	for _, vs := range rules {
		for _, v := range vs[min(1, len(vs)):] {
			cuts = append(cuts, v.From)
		}
	}
	slices.Sort(cuts)
	var es []epoch[V]
	for _, from := range slices.Compact(cuts) {
		e := epoch[V]{from: from}
		var asks asked
		for _, vs := range rules {
			r := vs.At(from)
			e.rules = append(e.rules, r)
			asks = asks.and(r.asked())
		}
		e.memory = newMemory[V](c, asks)
		es = append(es, e)
	}
	return es
}

func epochAt[V any](es []epoch[V], t record.Instant) *epoch[V] {
	i := len(es) - 1
	for i > 0 && es[i].from > t {
		i--
	}
	return &es[i]
}

// severityAt is the severity of an item that was created then; 0 is none.
func (c *classifier) severityAt(f *Facts, created record.Instant) int {
	e := epochAt(c.severities, created)
	c.key = e.asks.key(c.key[:0], f)
	return recall(c, e.memory, func() int {
		if i := c.first(e.rules, e.named, f); i >= 0 {
			return c.policy.Severities[i].Level
		}
		return 0
	})
}

// classAt is the class of service of an item that was created then; nil is Unclassified. The facts
// must carry the severity.
func (c *classifier) classAt(f *Facts, created record.Instant) *Class {
	e := epochAt(c.classes, created)
	c.key = e.asks.key(c.key[:0], f)
	return recall(c, e.memory, func() *Class {
		if i := c.first(e.rules, e.named, f); i >= 0 {
			return &c.policy.Classes[i]
		}
		return nil
	})
}

// stageAt is the stage that gathers the facts, with the status s, at t.
//
// A done stage comes first: what the tracker calls done is done, whatever labels are left on it. Then
// labels and rules, from left to right, since they say more than the status: an open GitHub issue with
// the label "needs-info" waits for its reporter. Then the statuses, from left to right. What nothing
// gathers falls back to the tracker's own category.
func (c *classifier) stageAt(f *Facts, s record.Status, t record.Instant) *Stage {
	i := c.version(t)
	if i < 0 {
		return c.fallback(s)
	}
	m := c.stages[i]
	c.key = appendText(appendText(appendText(c.key[:0], s.Name), s.ID), s.Category)
	c.key = m.asks.key(c.key, f)
	return recall(c, m, func() *Stage { return c.gather(c.policy.Flow[i].Is, m.named, f, s) })
}

// version is the index of the stages in force at t; -1 where there are none at all.
func (c *classifier) version(t record.Instant) int {
	i := len(c.stages) - 1
	for i > 0 && c.policy.Flow[i].From > t {
		i--
	}
	return i
}

func (c *classifier) gather(flow []Stage, named asked, f *Facts, s record.Status) *Stage {
	var byStatus *Stage
	for i := range flow {
		st := &flow[i]
		if !st.names(s) {
			continue
		}
		if st.Kind == Done {
			return st
		}
		if byStatus == nil {
			byStatus = st
		}
	}
	c.prepare(f, named)
	c.machine.env.Status, c.machine.env.Category = s.Name, s.Category
	done := byStatus == nil && s.Category == record.Done
	for i := range flow {
		st := &flow[i]
		if done && st.Kind != Done {
			continue
		}
		if st.marks(f.Labels) || c.machine.holds(st.When) {
			return st
		}
	}
	if byStatus != nil {
		return byStatus
	}
	return c.fallback(s)
}

// names says whether the stage lists the status, by name or id.
func (st *Stage) names(s record.Status) bool {
	for _, x := range st.Statuses {
		if (s.Name != "" && fold(x) == fold(s.Name)) || (s.ID != "" && x == s.ID) {
			return true
		}
	}
	return false
}

// marks says whether the stage lists one of the labels.
func (st *Stage) marks(labels []string) bool {
	for _, x := range st.Labels {
		for _, l := range labels {
			if fold(x) == fold(l) {
				return true
			}
		}
	}
	return false
}

// noStatus is what stands where a tracker's word for the status is empty.
const noStatus = "(no status)"

func (c *classifier) fallback(s record.Status) *Stage {
	kind := Waiting
	switch s.Category {
	case record.Doing:
		kind = Active
	case record.Done:
		kind = Done
	}
	k := fallback{kind, s.Name}
	c.fallbacks.Lock()
	defer c.fallbacks.Unlock()
	st := c.fallbacks.stages[k]
	if st == nil {
		name := cmp.Or(s.Name, noStatus)
		st = &Stage{ID: "unmapped-" + slug(name), Name: name, Kind: kind, Fallback: true}
		c.fallbacks.stages[k] = st
	}
	return st
}

// streak says whether an item of that class is an event of the policy's i-th streak.
func (c *classifier) streak(i int, f *Facts, class *Class) bool {
	m := c.streaks[i]
	c.key = m.asks.key(appendText(c.key[:0], class.ClassID()), f)
	return recall(c, m, func() bool {
		c.prepare(f, m.named)
		c.machine.env.Class, c.machine.env.Kind = class.ClassID(), string(class.kind())
		return c.machine.holds(c.policy.Streaks[i].When)
	})
}

// doubts are the rules that could not be answered for some items.
func (c *classifier) doubts() []string {
	return ruleDoubts(slices.Collect(maps.Values(c.machine.faults)))
}

func ruleDoubts(faults []*ruleFault) []string {
	slices.SortFunc(faults, func(a, b *ruleFault) int { return strings.Compare(a.rule.Place, b.rule.Place) })
	var all []string
	for _, f := range faults {
		all = append(all, f.String())
	}
	return all
}

// first is the index of the first rule that holds; -1 if none does.
func (c *classifier) first(rules []*Rule, named asked, f *Facts) int {
	c.prepare(f, named)
	return slices.IndexFunc(rules, c.machine.holds)
}

// prepare puts the facts before the machine, with those of the named ones that have to be found first.
func (c *classifier) prepare(f *Facts, named asked) {
	channel := ""
	if named.facts&factChannel != 0 {
		channel = c.channel(f) // before the rest, because it uses the machine itself
	}
	e := &c.machine.env
	e.fill(f, named.fields)
	e.Channel = channel
	if named.facts&factService != 0 {
		for _, s := range c.services(f) {
			e.Service = append(e.Service, s.ID)
		}
	}
	if named.facts&factCustomer != 0 {
		e.Customer = c.customer(f)
	}
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
