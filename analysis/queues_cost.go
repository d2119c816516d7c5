package analysis

// Whether one queue grows at the other's cost.

import (
	"fmt"
	"math"
	"strings"
)

// whichPays says how the queues changed in the last quarter, and whether one of them grew at the other's cost.
func (n *Night) whichPays(qs []queue, weeks []Period) string {
	k := len(weeks)
	if k < queueWindow {
		return fmt.Sprintf("How they change is too early to tell: that takes %d whole weeks, and there %s.", queueWindow, isOrAre(k))
	}
	// window is what a queue did in the weeks [from, to).
	type window struct{ left, net int }
	in := func(q, from, to int) window {
		left := total(qs[q].left[from:to])
		return window{left, total(qs[q].came[from:to]) + total(qs[q].moved[from:to]) - left}
	}
	change := func(q int) string {
		net, now := in(q, k-queueWindow, k).net, qs[q].open[k-1]
		switch {
		case net > 0:
			return fmt.Sprintf("grew from %d to %d", now-net, now)
		case net < 0:
			return fmt.Sprintf("shrank from %d to %d", now-net, now)
		}
		return fmt.Sprintf("stayed at %d", now)
	}
	s := fmt.Sprintf("In the last %d whole weeks the support queue %s and the feature queue %s. ", queueWindow, change(supportQueue), change(featureQueue))
	if k < 2*queueWindow {
		return s + fmt.Sprintf("Whether one grows at the other's cost is too early to tell: that takes %d whole weeks, and there %s.", 2*queueWindow, isOrAre(k))
	}
	var now, before [2]window
	for q := range now {
		now[q], before[q] = in(q, k-queueWindow, k), in(q, k-2*queueWindow, k-queueWindow)
	}
	all, allBefore := now[0].left+now[1].left, before[0].left+before[1].left
	if all < Enough || allBefore < Enough {
		return s + fmt.Sprintf("Too few left them to say whether one grows at the other's cost: %d, and %d in the %d weeks before.", all, allBefore, queueWindow)
	}
	for pays := range now {
		gains := 1 - pays
		low, high := newcombe(now[gains].left, all, before[gains].left, allBefore)
		if low <= 0 || now[pays].left >= before[pays].left || now[pays].net <= 0 {
			continue
		}
		weekly := func(left int) string { return decimal(float64(left)/queueWindow, 1) }
		title, other := [...]string{"support", "feature"}[pays], [...]string{"support", "features"}[gains]
		return s + fmt.Sprintf("The %s queue grows at the cost of being served after %s: %s of what left was %s, up from %s in the %d weeks before (a difference of %.0f points, 95 %% interval %.0f to %.0f), and %s instead of %s a week left the %s queue.",
			title, other, Share.Format(shareOf(now[gains].left, all, Period{}).Number), other, Share.Format(shareOf(before[gains].left, allBefore, Period{}).Number), queueWindow,
			100*(float64(now[gains].left)/float64(all)-float64(before[gains].left)/float64(allBefore)), 100*low, 100*high, weekly(now[pays].left), weekly(before[pays].left), title)
	}
	if now[supportQueue].net > 0 && now[featureQueue].net > 0 {
		return s + "Both grow: more comes in than the team finishes, and the numbers do not say that one is served at the other's cost."
	}
	return strings.TrimSpace(s) + " The numbers do not say that one grows at the other's cost."
}

func isOrAre(k int) string {
	if k == 1 {
		return "is one"
	}
	return fmt.Sprintf("are %d", k)
}

// newcombe is the 95 % interval of the difference k1/n1 − k2/n2 of two independent shares: the hybrid of their
// two score intervals (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10).
func newcombe(k1, n1, k2, n2 int) (low, high float64) {
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, u1 := Wilson(k1, n1)
	l2, u2 := Wilson(k2, n2)
	d := p1 - p2
	return d - math.Hypot(p1-l1, u2-p2), d + math.Hypot(u1-p1, p2-l2)
}
