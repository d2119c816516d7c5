package github

// Labels in a timeline, and how they are spelled.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// label is what the last event that spoke of a label said.
type label struct {
	name    string
	carried bool
}

func (p *replay) label(e *event) {
	name := cmp.Or(text(member(e.label, "name")), text(e.label))
	if name == "" {
		p.empty(e)
		return
	}
	given := e.what == "labeled"
	if given {
		p.change(e, "", record.FieldLabel, "", name)
	} else {
		p.change(e, "", record.FieldLabel, name, "")
	}
	for i := range p.labels {
		if strings.EqualFold(p.labels[i].name, name) {
			p.labels[i] = label{name, given}
			return
		}
	}
	p.labels = append(p.labels, label{name, given})
}

// settleLabels spells labels as the repository spells them now. Their names are unique without regard
// to case, and an event keeps the spelling of its day.
func (p *replay) settleLabels() {
	for i := range p.labels {
		l := &p.labels[i]
		at := slices.IndexFunc(p.now.Labels, func(s string) bool { return strings.EqualFold(s, l.name) })
		if at >= 0 {
			l.name = p.now.Labels[at]
		}
		if l.carried && at < 0 && !p.moving && p.now.Parts&record.HasLabels != 0 {
			p.doubt("issue %s: the label %q was given and never taken away, and is not there now; it was probably renamed or deleted", p.now.Key, l.name)
		}
	}
	for i := range p.is.Changes {
		c := &p.is.Changes[i]
		if c.Field != record.FieldLabel {
			continue
		}
		for _, l := range p.labels {
			if strings.EqualFold(l.name, c.From+c.To) {
				if c.To != "" {
					c.To = l.name
				} else {
					c.From = l.name
				}
			}
		}
	}
}
