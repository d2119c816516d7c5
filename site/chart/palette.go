package chart

// Colours by role. The slots are names; the theme gives each of them a light and a dark colour.

import (
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/analysis"
)

// Palette gives every class, stage and severity its slot.
type Palette struct {
	slots map[string]string
}

// Slots is how many classes, stages of one kind and severities the theme has colours for; beyond it
// they begin again.
const Slots = 8

// NewPalette gives slots in the order of the policy: class-1 …, sev-1 …, and stages within their kind
// (waiting-1, active-1 …), so that a queue looks like a queue.
func NewPalette(p *analysis.Policy) *Palette {
	pal := &Palette{slots: map[string]string{}}
	if p == nil {
		return pal
	}
	for i := range p.Classes {
		pal.slots["class/"+p.Classes[i].ID] = slot("class", i)
	}
	var seen [4]int
	for _, v := range p.Flow {
		for _, s := range v.Is {
			key := "stage/" + s.ID
			if _, ok := pal.slots[key]; ok || int(s.Kind) >= len(seen) {
				continue
			}
			pal.slots[key] = slot(s.Kind.String(), seen[s.Kind])
			seen[s.Kind]++
		}
	}
	return pal
}

func slot(group string, i int) string { return group + "-" + strconv.Itoa(i%Slots+1) }

// Slot is the colour of the i-th series of a chart, called name, in that role.
func (p *Palette) Slot(role, name string, i int) string {
	if name == "unclassified" {
		return name
	}
	switch role {
	case "class":
		if s, ok := p.slots["class/"+name]; ok {
			return s
		}
	case "stage":
		if s, ok := p.slots["stage/"+name]; ok {
			return s
		}
		return "unclassified"
	case "severity":
		if n, err := strconv.Atoi(strings.TrimPrefix(name, "sev-")); err == nil && n > 0 {
			return slot("sev", n-1)
		}
		return "unclassified"
	case "kind":
		switch analysis.Kind(name) {
		case analysis.Incident, analysis.Problem, analysis.Request, analysis.Feature:
			return "kind-" + name
		}
		return "unclassified"
	case "limit", "goal", "centre":
		return role
	}
	return slot("plain", i)
}

// Class is the slot of a class; nil is unclassified.
func (p *Palette) Class(c *analysis.Class) string { return p.Slot("class", c.ClassID(), 0) }

// Stage is the slot of a stage. One that the policy does not name has no place among the others.
func (p *Palette) Stage(s *analysis.Stage) string {
	if s == nil {
		return "unclassified"
	}
	return p.Slot("stage", s.ID, 0)
}
