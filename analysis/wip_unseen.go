package analysis

// What was in progress on days of which no history tells. From its creation until it was closed an item is open,
// history or none, and so the backlog of the past is known; whether somebody had begun it, and in which stage it
// lay, is not.

import (
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// noHistory is why an item is coarse of which nothing is known but what it was when it was read.
const noHistory = "its export carries no history"

// unseenStage is the id of the stage of a status of [beforeHistory].
const unseenStage = "unmapped-before-its-history"

// seen is when the item's stage is known from. Of one without a history it is when its source was read; of all
// others their creation, or else they say themselves that they are before their history.
func (it *Item) seen() record.Instant {
	if it.Coarse == noHistory {
		return it.Until
	}
	return it.Created
}

// unseen says whether the stage is that of a time that no record speaks of.
func (s *Stage) unseen() bool { return s.Fallback && s.Name == beforeHistory }

// place is the id of the stage it stands in, as far as that is known.
func (s state) place() string {
	if s.unseen {
		return unseenStage
	}
	return s.stage.ID
}

// unseen counts, for the end of each day, the open items of which nobody can tell whether they were in progress,
// and those of which somebody can.
type unseen struct{ items, told []int }

// unseenOf is that of the states that are wanted; nil for all.
func (n *Night) unseenOf(days []Period, want func(state) bool) unseen {
	t := n.endOfDay(days, func(s state) (string, bool) {
		if s.unseen {
			return "unseen", want == nil || want(s)
		}
		return "told", want == nil || want(s)
	})
	return unseen{t.of("unseen"), t.of("told")}
}

// days is how many of the days there is an item of which it is not known.
func (u unseen) days() (k int) {
	for _, items := range u.items {
		k += one(items > 0)
	}
	return k
}

// blank takes the counts away of days on which the history of nothing that was open is known: they would be 0, and
// that is not known.
func (u unseen) blank(ss []Series) []Series {
	for _, s := range ss {
		for i := range s.Values {
			if u.items[i] > 0 && u.told[i] == 0 {
				s.Values[i] = record.Number{}
			}
		}
	}
	return ss
}

// beside adds what is not known to what is, and the limits of it. Where nothing is known of any day there is no
// picture: the open items would be taken for those in progress.
func (u unseen) beside(ss []Series, limits ...Series) []Series {
	if u.days() == 0 {
		return append(ss, limits...)
	}
	known := func(v record.Number) bool { return v.Known }
	ss = slices.DeleteFunc(u.blank(ss), func(s Series) bool { return !slices.ContainsFunc(s.Values, known) })
	if len(ss) == 0 {
		return nil
	}
	return append(append(ss, limits...), Series{Name: unseenStage, Title: "Open, history not known", Kind: Line, Role: "stage", Values: numbers(u.items)})
}

// note is what the reader of such a picture has to be told.
func (u unseen) note() string {
	if u.days() == 0 {
		return ""
	}
	return " Of what the line “Open, history not known” counts, nobody can tell whether it was in progress."
}

// doubt says how much of it there is.
func (u unseen) doubt() []string {
	k, most := u.days(), 0
	for _, items := range u.items {
		most = max(most, items)
	}
	if k == 0 {
		return nil
	}
	return []string{fmt.Sprintf("At the end of %d of the last %s no history tells of some open items, %d at most, whether they were in progress. They are in no count of those days, and days of which it tells nothing have none.",
		k, counted(len(u.items), "day", "days"), most)}
}

// above says whether a count of what is known lies above the limit, and whether that is known: however many of the
// unseen were in progress besides, it has to be the same.
func above(count, unseen, limit int) (over, known bool) {
	return count > limit, count > limit || count+unseen <= limit
}
