package main

// What the records and the team's texts call by names that the other does not know.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
)

// unknownIncidents complains about postmortems of incidents that no tracker told of: they count for
// nothing until they do.
func (n *night) unknownIncidents() []strict.Complaint {
	var cs []strict.Complaint
	for _, p := range n.report.Postmortems {
		for _, key := range p.Incidents {
			if n.report.Find(key) == nil {
				cs = append(cs, strict.Complaint{File: p.File, Warning: true,
					What: fmt.Sprintf("the incident %s is in no tracker that was collected, so this postmortem counts for none; is the key right?", key)})
			}
		}
	}
	return cs
}

// undated complains about trains that take their dates from a tracker that no source is of: what is promised
// with such a train has no date.
func (c *config) undated(policy *analysis.Policy) []strict.Complaint {
	var cs []strict.Complaint
	var trackers []string
	for _, s := range c.Sources {
		trackers = append(trackers, s.Tracker)
	}
	for _, version := range policy.Releases {
		for _, t := range version.Is.Trains {
			if !slices.Contains(trackers, t.Tracker) {
				cs = append(cs, strict.Complaint{File: c.shown("policy.yaml"), Line: t.Line, Col: t.Col, Warning: true,
					What: fmt.Sprintf("no source in %s is of the tracker %s, so the %s train takes no dates from it%s", c.File, plain(t.Tracker), t.Train, strict.DidYouMean(t.Tracker, trackers...))})
			}
		}
	}
	return cs
}

// abandoned complains about trackers that no source is of any more. A source that is renamed reads
// everything again under its new name, and what it read under the old one would count beside it for ever.
func (n *night) abandoned() []strict.Complaint {
	items := map[string]int{}
	for _, it := range n.report.Items {
		items[it.Tracker]++
	}
	for _, s := range n.config.Sources {
		delete(items, s.Tracker)
	}
	var cs []strict.Complaint
	for _, tracker := range slices.Sorted(maps.Keys(items)) {
		cs = append(cs, strict.Complaint{File: n.config.File, Warning: true,
			What: fmt.Sprintf("no source is of the tracker %[1]s any more, and its %[2]s still count, as they last were; if the source was renamed, write `tracker: %[1]s` in it", tracker, count(items[tracker], "item"))})
	}
	return cs
}

// strangers complains about names of the pager's that the policy does not know: the pages of such a
// service count for none of the team's, and such a shift for nobody of the team.
func (n *night) strangers() []strict.Complaint {
	var cs []strict.Complaint
	complain := func(names []string, one, several, remedy string) {
		what := "1 " + one
		if len(names) > 1 {
			what = fmt.Sprintf("%d %s", len(names), several)
		}
		const most = 10
		more := ""
		if rest := len(names) - most; rest > 0 {
			names, more = names[:most], fmt.Sprintf(" and %d more", rest)
		}
		if len(names) > 0 {
			cs = append(cs, strict.Complaint{File: n.config.shown("policy.yaml"), Warning: true,
				What: fmt.Sprintf("%s: %s%s; %s", what, plain(strings.Join(names, ", ")), more, remedy)})
		}
	}
	services, people := n.report.Strangers()
	complain(services, "service of the pager is none of the policy's", "services of the pager are none of the policy's", "add the name to `aliases:` of a service, or the service")
	complain(people, "person on call is no member of the team", "people on call are no members of the team", "add the name to `accounts:` of a member, or the member")
	return cs
}
