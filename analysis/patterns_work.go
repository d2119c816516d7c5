package analysis

// The detectors of the radar that look at how work comes in and what it does to other work.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

func (n *Night) severalIntakes(p *Pattern) Finding {
	t90 := n.trailing(90)
	switch {
	case len(n.Items) == 0:
		return cannot(noIssues)
	case len(n.Policy.Channels) == 0:
		return cannot("No source names channels; it takes channels: in the policy, with a rule for each way in.")
	}
	ways := n.ways()
	latest := make([]*Item, len(ways))
	all := 0
	for it := range n.during(t90) {
		if k := it.Kind(); !t90.holds(it.Created) || k != Problem && k != Request {
			continue
		}
		w := n.wayOf(it, ways)
		all++
		if ways[w].n++; latest[w] == nil || it.Created >= latest[w].Created {
			latest[w] = it
		}
	}
	if all < Enough {
		return few(all, "problems and requests", t90)
	}
	var clues []Clue
	var said []string
	untold := ways[len(ways)-1].n
	for i, w := range ways[:len(ways)-1] {
		if w.n > 0 && float64(w.n) >= p.at("way")*float64(all) {
			said = append(said, w.title+" "+ofAll(w.n, all))
			clues = append(clues, Clue{Item: latest[i], Why: fmt.Sprintf("the latest of %d that came by %s", w.n, w.title)})
		}
	}
	rest := strings.Join(said, ", ")
	if untold > 0 {
		rest = strings.TrimPrefix(rest+fmt.Sprintf("; of %s no rule knows the way", ofAll(untold, all)), "; ")
	}
	seen := float64(len(clues)) > p.at("ways")
	if !seen && (len(clues) == 0 || float64(untold) >= p.at("way")*float64(all)) {
		return cannot("Of the problems and requests of the %s: %s. It takes rules for the ways that are missing in channels:.", t90.Label, cmp.Or(rest, "no way in has enough of them"))
	}
	return found(seen, fmt.Sprintf("Problems and requests of the %s came by %s: %s.", t90.Label, plural(fmt.Sprint(len(clues)), "way"), rest), clues)
}

// asksSteps says whether a field is the one that tells how to see a problem.
func asksSteps(need string) bool {
	need = fold(need)
	return strings.Contains(need, "step") || strings.Contains(need, "repro")
}

func (n *Night) noSteps(p *Pattern) Finding {
	asked := map[string]bool{} // classes whose problems have to bring them
	for _, r := range n.Policy.Ready {
		if !slices.ContainsFunc(r.Needs, asksSteps) {
			continue
		}
		for _, c := range n.Policy.Classes {
			if c.Kind == Problem && (len(r.Classes) == 0 || slices.Contains(r.Classes, c.ID)) {
				asked[c.ID] = true
			}
		}
	}
	switch {
	case len(n.Items) == 0:
		return cannot(noIssues)
	case len(asked) == 0:
		return cannot("The definition of ready asks no problem for its steps; it takes a field for them, and ready: in the policy that needs it.")
	}
	t90 := n.trailing(90)
	of := 0
	var clues []Clue
	for it := range n.during(t90) {
		if it.Discarded || !t90.holds(it.Created) || !asked[it.Class().ClassID()] {
			continue
		}
		of++
		if slices.ContainsFunc(it.Missing, asksSteps) {
			clues = append(clues, Clue{Item: it, Why: "created " + n.date(it.Created) + ", and says no steps"})
		}
	}
	if of < Enough {
		return few(of, "problems that have to bring steps", t90)
	}
	slices.SortStableFunc(clues, func(a, b Clue) int { return cmp.Compare(b.Item.Created, a.Item.Created) })
	return found(more(len(clues), of, p.at("missing")), fmt.Sprintf("Of the problems of the %s, %s say no steps.", t90.Label, ofAll(len(clues), of)), clues)
}

func (n *Night) upsetPredictability(p *Pattern) Finding {
	if len(n.Items) == 0 {
		return cannot(noIssues)
	}
	weeks := n.spoken(n.weeks(26))
	came, built := make([]float64, len(weeks)), make([]float64, len(weeks))
	all, features := 0, 0
	for it := range n.during(weeks...) {
		if !it.Kind().Support() {
			if w := find(weeks, it.Finished); w >= 0 && !it.Discarded {
				built[w]++
				features++
			}
			continue
		}
		if w := find(weeks, it.Created); w >= 0 {
			came[w]++
			all++
		}
		for _, t := range it.Reopened {
			if w := find(weeks, t); w >= 0 {
				came[w]++
				all++
			}
		}
	}
	if float64(len(weeks)) < p.at("weeks") {
		return cannot("There are %s to look at; it takes %d.", plural(fmt.Sprint(len(weeks)), "whole week"), int(p.at("weeks")))
	}
	period := Period{Label: lastWeeks(len(weeks))}
	if features < Enough {
		return few(features, "items of feature work finished", period)
	}
	if all < Enough {
		return few(all, "support items that came in", period)
	}
	order := make([]int, len(weeks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(came[b], came[a]), cmp.Compare(b, a)) })
	half := len(order) / 2
	of := func(ws []int) (vs []float64) {
		for _, w := range ws {
			vs = append(vs, built[w])
		}
		return vs
	}
	heavy, light := Percentile(of(order[:half]), 0.5), Percentile(of(order[len(order)-half:]), 0.5)
	z := kendall(came, built)
	var clues []Clue
	for _, w := range order[:half] {
		clues = append(clues, Clue{What: "week " + weeks[w].Label, Why: fmt.Sprintf("%s in, %s finished", counted(int(came[w]), "support item came", "support items came"), counted(int(built[w]), "feature was", "features were"))})
	}
	said := fmt.Sprintf("In the %s, %s a week got finished in the heavier half (median), %s in the lighter one", period.Label, plural(decimal(heavy, 0), "feature"), decimal(light, 0))
	if z <= -kendallLevel {
		said += ", and the more support came in the fewer did."
	} else {
		said += "; that more support goes with fewer is not more than chance would give."
	}
	return found(z <= -kendallLevel && heavy < p.at("drop")*light, said, clues)
}

// kendallLevel is the one-sided 5 % point of the normal distribution.
const kendallLevel = 1.645

// kendall is the z of Kendall's rank correlation of pairs, with the variance corrected for ties and for continuity
// (M. G. Kendall, Rank Correlation Methods, 4th ed. 1970, ch. 4); 0 where one of the two never differs.
func kendall(xs, ys []float64) float64 {
	s, n := 0.0, float64(len(xs))
	for i := range xs {
		for j := range i {
			s += float64(cmp.Compare(xs[i], xs[j]) * cmp.Compare(ys[i], ys[j]))
		}
	}
	ties := func(vs []float64) (a, b, c float64) {
		count := map[float64]float64{}
		for _, v := range vs {
			count[v]++
		}
		for _, t := range count { // whole numbers: their sum does not depend on the order
			a, b, c = a+t*(t-1)*(2*t+5), b+t*(t-1), c+t*(t-1)*(t-2)
		}
		return a, b, c
	}
	if n < 3 {
		return 0
	}
	xa, xb, xc := ties(xs)
	ya, yb, yc := ties(ys)
	v := (n*(n-1)*(2*n+5)-xa-ya)/18 + xb*yb/(2*n*(n-1)) + xc*yc/(9*n*(n-1)*(n-2))
	if v <= 0 || s == 0 {
		return 0
	}
	return (s - math.Copysign(1, s)) / math.Sqrt(v)
}

func (n *Night) hiddenSupport(p *Pattern) Finding {
	if len(n.Items) == 0 {
		return cannot(noIssues)
	}
	t90 := n.trailing(90)
	written := map[*Page]bool{} // by a postmortem alone
	for _, f := range n.Fires {
		if len(f.Items) == 0 {
			for _, pg := range f.Pages {
				written[pg] = true
			}
		}
	}
	var pages, items []Clue
	answered, finished, everActive := 0, 0, false
	for _, pg := range slices.Backward(n.rang(t90)) {
		if !pg.Breaks || !pg.answered() {
			continue
		}
		if answered++; len(pg.Items) == 0 && !written[pg] {
			pages = append(pages, Clue{Page: pg, Why: "a person answered it on " + n.hm(pg.Triggered) + ", and no issue tells of it"})
		}
	}
	for it := range n.during(t90) {
		if it.Open() || it.Discarded || it.Coarse != "" || !t90.holds(it.Finished) {
			continue
		}
		everActive = everActive || it.Started != 0
		if !it.Kind().Support() {
			continue
		}
		if finished++; it.Started == 0 {
			items = append(items, Clue{Item: it, Why: "finished " + n.date(it.Finished) + ", and never seen in work"})
		}
	}
	if !everActive { // a tracker that knows open and closed alone hides everything alike
		finished = 0
	}
	if answered < Enough && finished < Enough {
		return cannot("%s a person answered and %s whose work could have been seen are too few in the %s; it takes %d of either.",
			counted(answered, "interruption that", "interruptions that"), counted(finished, "support item", "support items"), t90.Label, Enough)
	}
	var said []string
	var clues []Clue
	if answered >= Enough {
		said = append(said, fmt.Sprintf("of the interruptions that a person answered, %s are written down in no issue", ofAll(len(pages), answered)))
		if more(len(pages), answered, p.at("pages")) {
			clues = append(clues, pages...)
		}
	}
	if finished >= Enough {
		slices.SortStableFunc(items, func(a, b Clue) int { return cmp.Compare(b.Item.Finished, a.Item.Finished) })
		said = append(said, fmt.Sprintf("of the support items finished, %s were never seen in work", ofAll(len(items), finished)))
		if more(len(items), finished, p.at("items")) {
			clues = slices.Concat(items[:min(len(items), mostClues/2)], clues, items[min(len(items), mostClues/2):])
		}
	}
	return found(len(clues) > 0, "In the "+t90.Label+", "+strings.Join(said, "; ")+".", clues)
}
