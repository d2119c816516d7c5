package analysis

// Why an item is where it is. What a night keeps of an item is its timelines and verdicts; what the rules
// saw is not kept, so the one issue that somebody asks about is judged once more, by the same judge, with
// an eye on it (explain_rules.go). How its promises add up is in explain_clock.go.

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Explanation is why one item is where it is, as of the night it was asked of. People are named nowhere in
// it: who acted is "a person of the team" ("a person" where the policy names no members), "a machine", "somebody
// outside the team" or "nobody knows who".
type Explanation struct {
	Item    *Item
	AsOf    record.Instant
	Horizon record.Instant // how far its tracker's sources can speak; 0 where none does any more

	Judged  []Judgement // class and severity: at creation, and wherever one of them changed
	Stays   []Stay
	Deeds   []Deed // created, responded, started, finished, reopened; by time
	Passed  []Deed // what came before the first answer and is none: the first of them
	Respond Account
	Resolve Account
	Ties    []Tie
}

// Stay is one stretch in one stage.
type Stay struct {
	From    record.Instant
	To      record.Instant // 0: it is there still
	Stage   *Stage
	Elapsed time.Duration // up to To, or to where the item is judged to, each to its whole second; of the stage done it is in, 0
	Work    time.Duration // of Elapsed, the team's working time
	Waits   string        // who waits for whom
	How, By string        // what brought it there, and whose act that was
}

// Deed is something that was done to the item.
type Deed struct {
	At   record.Instant
	What string // created, responded, started, finished, reopened; or why it does not count
	How  string // by which kind of act
	By   string // by which kind of person or machine; "" where nobody did it
}

// Tie is another issue that this one is linked to.
type Tie struct {
	Kind string // the tracker's word
	To   string // its key
	Says string // who waits for whom, where the tracker's word tells
	Item *Item  // nil where it is not known here
}

// mostPassed is how many acts that are no answer are told.
const mostPassed = 10

// Explain tells why an item of the night is where it is. It asks [Input.Again] for the issue; where nobody can
// give it, the explanation lacks what the rules saw, by which acts things were done, and the links.
func (n *Night) Explain(it *Item) Explanation {
	x := Explanation{Item: it, AsOf: n.AsOf, Horizon: n.horizons[it.Tracker]}
	x.Respond, x.Resolve = account(n.Policy, it, respond), account(n.Policy, it, resolve)
	is, ok := record.Issue{}, false
	if n.again != nil {
		is, ok = n.again(it.Ref)
	}
	if !ok {
		x.Stays = n.stays(it, nil)
		x.Deeds = n.deeds(it, x.Stays, "", "")
		return x
	}
	c := is.Facts()
	j := newJudge(n, nil, categories(n.statuses), newFallbacks())
	j.eye = &eye{}
	j.look, j.rest = Look{Machine: it.Machine}, Rest{Pages: it.Pages}
	j.live(&is, &c, &Item{Ref: it.Ref, Key: it.Key, Created: it.Created, Until: it.Until, Reporter: it.Reporter, Look: &j.look, Rest: &j.rest})
	x.Judged = j.eye.judgements
	x.Stays = n.stays(it, j.eye.entries)
	x.Deeds = n.deeds(it, x.Stays, j.eye.answer, j.whose(c.Reporter))
	x.Passed = j.passed(&is, &c, it, x.Stays)
	for _, l := range c.Links {
		if strings.Contains(l.To, "://") || l.To == "" {
			continue
		}
		x.Ties = append(x.Ties, Tie{Kind: l.Kind, To: l.To, Says: waitsBy(l.Kind), Item: n.Find(l.To)})
	}
	return x
}

// stays are the stretches of an item's life in its stages.
func (n *Night) stays(it *Item, entries []entry) []Stay {
	all := make([]Stay, len(it.Stages))
	for i, s := range it.Stages {
		y := Stay{From: s.At, Stage: s.Is, Waits: s.Is.waits()}
		end := it.Until
		if i+1 < len(it.Stages) {
			y.To = it.Stages[i+1].At
			end = y.To
		}
		if y.To != 0 || s.Is.Kind != Done {
			from, end := shown(s.At), shown(end)
			y.Elapsed, y.Work = end.Sub(from), n.Policy.Working.Between(from, end)
		}
		if i < len(entries) {
			y.How, y.By = entries[i].how, entries[i].by
		}
		all[i] = y
	}
	return all
}

// waits says who waits for whom while an item is in the stage.
func (s *Stage) waits() string {
	switch {
	case s.Kind == Waiting:
		return "the requester waits for us"
	case s.Kind == Active:
		return "we work on it"
	case s.Kind == Paused && s.SentBack:
		return "we wait for the requester"
	case s.Kind == Paused:
		return "we wait for the requester or a supplier"
	}
	return ""
}

// waitsBy says who waits for whom by a link of a kind; "" where its word does not tell.
func waitsBy(kind string) string {
	k := strings.ToLower(kind)
	switch {
	case strings.Contains(k, "blocked by"), strings.Contains(k, "depends on"), strings.HasPrefix(k, "block") && strings.HasSuffix(k, "(inward)"):
		return "this one waits for it"
	case strings.Contains(k, "block"), strings.Contains(k, "is depended"):
		return "it waits for this one"
	case k == "parent":
		return "this one is part of it"
	}
	return ""
}

// deeds are the turns of an item's life, by time.
func (n *Night) deeds(it *Item, stays []Stay, answer, reporter string) []Deed {
	ds := []Deed{{At: it.Created, What: "created", By: reporter}}
	add := func(at record.Instant, what string, into func(StageKind) bool) {
		d := Deed{At: at, What: what}
		if i := slices.IndexFunc(stays, func(s Stay) bool { return s.From == at && into(s.Stage.Kind) }); i >= 0 {
			d.How, d.By = stays[i].How, stays[i].By
		}
		ds = append(ds, d)
	}
	isDone := func(k StageKind) bool { return k == Done }
	if it.Responded != 0 {
		ds = append(ds, Deed{At: it.Responded, What: "responded", How: answer, By: n.team.people()})
	}
	if it.Started != 0 {
		add(it.Started, "started", func(k StageKind) bool { return k == Active })
	}
	for _, at := range it.Done {
		add(at, "finished", isDone)
	}
	for _, at := range it.Reopened {
		add(at, "reopened", func(k StageKind) bool { return k != Done })
	}
	slices.SortStableFunc(ds, func(a, b Deed) int { return cmp.Compare(a.At, b.At) })
	return ds
}
