package analysis

// What came in, and what was changed of it afterwards.

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// created counts the items created in each period that are wanted, and says whether there are any. A
// whole period that the trackers cannot speak for is no data.
func (n *Night) created(ps []Period, want func(*Item) bool) ([]record.Number, bool) {
	wanted := createdBy(n, ps, want)
	if vs := wanted[true]; vs != nil {
		return vs, true
	}
	return n.asTold(ps, make([]int, len(ps))), false
}

// createdBy counts the items created in each period by a word for them; words that none has are missing.
func createdBy[K comparable](n *Night, ps []Period, word func(*Item) K) map[K][]record.Number {
	counts := map[K][]int{}
	for it := range n.during(ps...) {
		if i := find(ps, it.Created); i >= 0 {
			w := word(it)
			if counts[w] == nil {
				counts[w] = make([]int, len(ps))
			}
			counts[w][i]++
		}
	}
	numbers := make(map[K][]record.Number, len(counts))
	for w, c := range counts {
		numbers[w] = n.asTold(ps, c)
	}
	return numbers
}

// asTold are counts of what the trackers told, as far as they can speak.
func (n *Night) asTold(ps []Period, counts []int) []record.Number {
	return n.ofWeeks(ps, numbers(counts))
}

// tells says whether the trackers can speak for a period: it does not end before the first item came, which is not the
// same as a month without any, nor after what is known of the last, and is not empty, as [Night.lastMonth] may be.
func (n *Night) tells(p Period) bool {
	return p.From < p.To && p.To > n.first() && (p.Partial || p.To <= n.known)
}

// createdIn counts the items created in one period that are wanted.
func (n *Night) createdIn(p Period, want func(*Item) bool) Value {
	vs, _ := n.created([]Period{p}, want)
	return n.countedIn(p, vs)
}

// countedIn is the count of one period, nil for none.
func (n *Night) countedIn(p Period, counts []record.Number) Value {
	if counts == nil {
		counts = n.asTold([]Period{p}, []int{0})
	}
	return Value{Unit: Items, Number: counts[0], N: int(counts[0].Value), Period: p}
}

// change is the step of an item's timeline at which something about it was changed.
type change struct {
	at   record.Instant
	item *Item
	step int
}

// afterIntake are changes of items that were there already: the latest of them, and how many there are. Told
// of the newest items first it has little to sort.
type afterIntake struct {
	latest []change
	from   record.Instant // what was before is not to be listed
	count  int
}

// mostChanges is how many a table lists. Every item's own entry tells all of its own.
const mostChanges = 2000

func (cs *afterIntake) add(it *Item, step int, at record.Instant) {
	cs.count++
	if at < cs.from {
		return
	}
	if cs.latest = append(cs.latest, change{at, it, step}); len(cs.latest) == 4*mostChanges {
		cs.settle()
	}
}

// settle puts the latest first, and forgets what is not to be listed.
func (cs *afterIntake) settle() {
	slices.SortFunc(cs.latest, func(a, b change) int {
		return cmp.Or(cmp.Compare(b.at, a.at), a.item.Ref.Compare(b.item.Ref), cmp.Compare(a.step, b.step))
	})
	if len(cs.latest) >= mostChanges {
		cs.latest = cs.latest[:mostChanges]
		cs.from = cs.latest[mostChanges-1].at
	}
}

// table lists the changes, the latest first; none if there are none.
func (cs *afterIntake) table(title string, words func(change) (day, was, is string)) []Table {
	if cs.count == 0 {
		return nil
	}
	cs.settle()
	t := Table{Name: "changes", Title: title, Columns: []Column{{"item", "Item", Text}, {"day", "Day", Text}, {"was", "Was", Text}, {"is", "Became", Text}}}
	if cs.count > mostChanges {
		t.Title = fmt.Sprintf("%s, the latest %d of %d", title, mostChanges, cs.count)
	}
	for _, c := range cs.latest {
		day, was, is := words(c)
		t.Rows = append(t.Rows, []Cell{{Text: c.item.Key, Item: c.item}, {Text: day}, {Text: was}, {Text: is}})
	}
	return []Table{t}
}
