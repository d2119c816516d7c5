package analysis

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/analysis/calendar"
)

// TestAQueueIsWhatCameLessWhatLeft holds for each queue and week, and the queues together hold everything.
func TestAQueueIsWhatCameLessWhatLeft(t *testing.T) {
	p := lawfulPolicy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := lawNight(p, drawIssues(t), lawStart.Add(61*24*time.Hour)).Night
		weeks := n.weeks(52)
		qs := n.queues(weeks)
		open := n.endOfDay(weeks, func(state) (string, bool) { return "", true }).of("")
		progress := n.endOfDay(weeks, inProgress).of("team")
		for w := range weeks {
			came, left, moved, stand, going := 0, 0, 0, 0, 0
			for i := range qs {
				q := &qs[i]
				if w > 0 && q.open[w] != q.open[w-1]+q.came[w]-q.left[w]+q.moved[w] {
					t.Fatalf("%s in %s: %d and %d − %d and %d moved are not %d", queueNames[i], weeks[w].Label, q.open[w-1], q.came[w], q.left[w], q.moved[w], q.open[w])
				}
				if (q.oldest[w] == 0) != (q.open[w] == 0) {
					t.Fatalf("%s in %s: %d open, the oldest of %s", queueNames[i], weeks[w].Label, q.open[w], q.oldest[w])
				}
				came, left, moved, stand, going = came+q.came[w], left+q.left[w], moved+q.moved[w], stand+q.open[w], going+q.progress[w]
			}
			for _, it := range n.Items {
				came -= one(weeks[w].holds(it.Created))
				for _, at := range it.Reopened {
					came -= one(weeks[w].holds(at))
				}
				for _, at := range it.Done {
					left -= one(weeks[w].holds(at))
				}
			}
			if came != 0 || left != 0 || moved != 0 || stand != open[w] || going != progress[w] {
				t.Fatalf("%s: %d more came, %d more left and %d more moved than did; %d of %d open, %d of %d in progress", weeks[w].Label, came, left, moved, stand, open[w], going, progress[w])
			}
		}
	})
}

// steady are two quarters of two queues: so many came and left each week in the one and in the other.
func steady(before, now [2][2]int) []queue {
	qs := make([]queue, queueCount)
	for i := range qs {
		qs[i].moved = make([]int, 2*queueWindow)
		open := 100
		for w := range 2 * queueWindow {
			var week [2]int
			if i != unclassifiedQueue {
				if week = before[i]; w >= queueWindow {
					week = now[i]
				}
			}
			open += week[0] - week[1]
			qs[i].came, qs[i].left, qs[i].open = append(qs[i].came, week[0]), append(qs[i].left, week[1]), append(qs[i].open, open)
		}
	}
	return qs
}

func TestOneQueueGrowsAtTheOthersCostOnlyIfTheNumbersSaySo(t *testing.T) {
	n := &Night{Zone: time.UTC, AsOf: lawStart}
	weeks := n.periods(calendar.Weeks(), lawStart.Add(-26*7*24*time.Hour), lawStart)[1:]
	weeks = append(weeks, n.periods(calendar.Weeks(), lawStart, lawStart+1)...)[:26]
	for _, c := range []struct {
		name        string
		before, now [2][2]int // support and features: came, left
		want        string
	}{
		// 65 of 156 and 104 of 156 items that left were support: 42 % and 67 %.
		{"support is served first", [2][2]int{{5, 5}, {7, 7}}, [2][2]int{{8, 8}, {7, 4}}, "The feature queue grows at the cost of being served after support: 67 % of what left was support, up from 42 % in the 13 weeks before (a difference of 25 points, 95 % interval 14 to 35), and 4 instead of 7 a week left the feature queue."},
		{"features are served first", [2][2]int{{7, 7}, {5, 5}}, [2][2]int{{7, 4}, {8, 8}}, "The support queue grows at the cost of being served after features"},
		{"the queue that gave way shrank all the same", [2][2]int{{5, 5}, {7, 7}}, [2][2]int{{8, 8}, {3, 4}}, "The numbers do not say that one grows at the other's cost."},
		{"more of both left", [2][2]int{{2, 2}, {5, 5}}, [2][2]int{{8, 8}, {9, 6}}, "The numbers do not say that one grows at the other's cost."},
		{"the difference may be chance", [2][2]int{{5, 5}, {5, 5}}, [2][2]int{{5, 5}, {5, 4}}, "The numbers do not say that one grows at the other's cost."},
		{"both grow", [2][2]int{{6, 5}, {6, 5}}, [2][2]int{{6, 5}, {6, 5}}, "Both grow: more comes in than the team finishes"},
		{"nothing left", [2][2]int{{1, 0}, {1, 0}}, [2][2]int{{1, 0}, {1, 0}}, "Too few left them"},
	} {
		if got := n.whichPays(steady(c.before, c.now), weeks); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if got := n.whichPays(steady([2][2]int{}, [2][2]int{}), weeks[:14]); !strings.Contains(got, "too early to tell") {
		t.Error("14 weeks:", got)
	}
}

// TestTheIntervalOfADifferenceIsNewcombes holds it to the examples of his table II: 56 of 70 against 48 of 80,
// 9 of 10 against 3 of 10, 10 of 10 against 0 of 20.
func TestTheIntervalOfADifferenceIsNewcombes(t *testing.T) {
	for _, c := range []struct {
		k1, n1, k2, n2 int
		low, high      float64
	}{{56, 70, 48, 80, 0.0524, 0.3339}, {9, 10, 3, 10, 0.1705, 0.8090}, {10, 10, 0, 20, 0.6791, 1}} {
		low, high := newcombe(c.k1, c.n1, c.k2, c.n2)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d against %d of %d: %.4f to %.4f, not %.4f to %.4f", c.k1, c.n1, c.k2, c.n2, low, high, c.low, c.high)
		}
	}
}
