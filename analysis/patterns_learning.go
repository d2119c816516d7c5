package analysis

// The detectors of the radar that look at what the team agreed on, and at what it does with what it learned.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/collectors/record"
)

func (n *Night) noMetrics(p *Pattern) Finding {
	pol := n.Policy
	var clues []Clue
	lacks := func(what, why string) { clues = append(clues, Clue{What: what, Why: why}) }
	var mute []string
	support := 0
	limited := pol.Limit.At(n.AsOf) > 0
	for i := range pol.Classes {
		c := &pol.Classes[i]
		limited = limited || c.Limit.At(n.AsOf) > 0
		if !c.Kind.Support() {
			continue
		}
		if support++; c.Respond.At(n.AsOf).Kind == NoTarget && c.Resolve.At(n.AsOf).Kind == NoTarget {
			mute = append(mute, c.Name)
		}
	}
	for _, s := range n.stages() {
		limited = limited || s.Limit.At(n.AsOf) > 0
	}
	if support == 0 {
		lacks("classes: in the policy", "no class of support work is defined")
	} else if len(mute) > 0 {
		lacks("respond: and resolve: in the policy", "nothing is promised of "+strings.Join(mute, ", "))
	}
	if !limited {
		lacks("limit: in the policy", "no limit on work in progress is in force")
	}
	if pol.Targets == (Goals{}) {
		lacks("goals: in the policy", "no goal is stated")
	}
	if len(pol.Review) == 0 {
		lacks("review: in the policy", "no meeting looks at the figures")
	}
	said := fmt.Sprintf("Of promises, limits, goals and a review, the policy has %d of 4.", 4-len(clues))
	return found(float64(len(clues)) >= p.at("lacking"), said, clues)
}

func (n *Night) noTriageTraining(p *Pattern) Finding {
	if len(n.Items) == 0 {
		return cannot(noIssues)
	}
	t90 := n.trailing(90)
	of, coarse := 0, 0
	var clues []Clue
	for it := range n.during(t90) {
		if !t90.holds(it.Created) || !it.Kind().Support() {
			continue
		}
		if it.Coarse != "" {
			coarse++
			continue
		}
		if it.Responded == 0 {
			continue
		}
		of++
		why := ""
		for k := 1; k < len(it.Classes); k++ {
			if was, is := it.Classes[k-1].Is, it.Classes[k].Is; it.Classes[k].At > it.Responded && was != nil && is != nil {
				why = fmt.Sprintf("%s became %s on %s", was.Name, is.Name, n.date(it.Classes[k].At))
			}
		}
		for k := 1; why == "" && k < len(it.Severities); k++ {
			if was, is := it.Severities[k-1].Is, it.Severities[k].Is; it.Severities[k].At > it.Responded && was > 0 && is > 0 {
				why = fmt.Sprintf("severity %d became %d on %s", was, is, n.date(it.Severities[k].At))
			}
		}
		if why != "" {
			clues = append(clues, Clue{Item: it, Why: why})
		}
	}
	if of < Enough && coarse > of {
		return cannot("Of %s of the %s the history was not read; it takes an export with changelogs.", counted(coarse, "support item", "support items"), t90.Label)
	}
	if of < Enough {
		return few(of, "support items that somebody of the team has looked at", t90)
	}
	slices.SortStableFunc(clues, func(a, b Clue) int { return cmp.Compare(b.Item.Created, a.Item.Created) })
	return found(more(len(clues), of, p.at("changed")), fmt.Sprintf("Of the support items of the %s, %s were judged anew after the first look.", t90.Label, ofAll(len(clues), of)), clues)
}

func (n *Night) poorCommunication(p *Pattern) Finding {
	t90 := n.trailing(90)
	of := 0
	type late struct {
		item *Item
		by   time.Duration
	}
	var lates []late
	for _, it := range n.Items {
		v := &it.Respond
		if !t90.holds(v.Decided) || v.Outcome != Met && v.Outcome != Missed || !it.Kind().Support() {
			continue
		}
		if of++; v.Outcome == Missed {
			lates = append(lates, late{it, v.Late})
		}
	}
	slices.SortStableFunc(lates, func(a, b late) int { return cmp.Compare(b.by, a.by) })
	var clues []Clue
	for _, l := range lates {
		clues = append(clues, Clue{Item: l.item, Why: "the first answer was late by " + Work.Format(record.Num(l.by.Seconds())) + ", or still is"})
	}
	said := fmt.Sprintf("Of the first answers that fell due in the %s, %s were late.", t90.Label, ofAll(len(clues), of))
	switch paths := len(n.Policy.Paths); {
	case of >= Enough && more(len(clues), of, p.at("late")):
		return found(true, said, clues)
	case of == 0:
		return cannot("No first answer fell due in the %s; it takes a respond: of the policy's classes, and %d items to judge.", t90.Label, Enough)
	case of < Enough:
		return few(of, "first answers that fell due", t90)
	case paths == 0:
		return cannot("%s Who is told what during an incident the policy does not say; it takes communication:.", said)
	}
	return found(false, said, nil)
}

func (n *Night) noRiskFollowUp(p *Pattern) Finding {
	year := n.trailing(365)
	published := map[string]*postmortem.Postmortem{}
	recent, silent := 0, 0
	var mute []Clue
	for _, post := range n.Postmortems {
		if post.At == 0 || post.At > n.AsOf {
			continue
		}
		published[post.ID] = post
		if !year.holds(post.At) {
			continue
		}
		if recent++; !slices.ContainsFunc(post.Improvements, func(im postmortem.Improvement) bool { return im.Question == postmortem.Other }) {
			silent++
			mute = append(mute, Clue{Postmortem: post.ID, What: post.Title, Why: "decides nothing about other areas of risk"})
		}
	}
	if len(published) == 0 {
		return cannot("No postmortem is published; it takes postmortems with a section “Other areas of risk” and its improvements.")
	}
	grace := time.Duration(p.at("overdue")) * time.Second
	var clues []Clue
	decided, open := 0, 0
	for _, im := range n.backlog() {
		post := published[im.Postmortem]
		if post == nil || im.Question != postmortem.Other || im.State == postmortem.Declined {
			continue
		}
		decided++
		if !im.State.Open() {
			continue
		}
		open++
		c := Clue{Item: n.Find(im.Issue), Postmortem: im.Postmortem, What: im.What}
		switch {
		case im.DueAt != 0 && n.AsOf.Sub(im.DueAt) > grace:
			c.Why = "was due " + string(im.Due)
		case (im.Owner == "" || im.DueAt == 0) && n.AsOf.Sub(post.At) > grace:
			c.Why = "open without an owner or a date since " + string(post.Published)
		default:
			continue
		}
		if c.Item != nil {
			c.Why = "“" + im.What + "” " + c.Why
		}
		clues = append(clues, c)
	}
	forgotten := len(clues)
	said := fmt.Sprintf("Of %s for other areas of risk %s open, %d of them overdue by more than %s or without owner and date for so long.",
		counted(decided, "improvement", "improvements"), counted(open, "is", "are"), forgotten, span(p.at("overdue")))
	seen := float64(forgotten) >= p.at("kept")
	if recent >= Enough {
		said += fmt.Sprintf(" Of the postmortems of the %s, %s decide nothing there.", year.Label, ofAll(silent, recent))
		if more(silent, recent, p.at("silent")) {
			seen, clues = true, append(clues, mute...)
		}
	}
	if !seen && decided == 0 && recent < Enough {
		return cannot("%s so far, and none of them decides anything about other areas of risk; it takes %d to judge.", counted(len(published), "postmortem is published", "postmortems are published"), Enough)
	}
	return found(seen, said, clues)
}
