package analysis

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestItemsAreFoundByTheirKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom([]string{"", "A-1", "a-1", "A-2", "B-1", "b-12", "o/r#1", "O/R#1", "ß-1", "SS-1"})
		var items []*Item
		plain, once := map[string]*Item{}, map[string]*Item{}
		for range rapid.IntRange(0, 40).Draw(t, "items") {
			it := &Item{Key: key.Draw(t, "key"), Rest: &Rest{Aliases: rapid.SliceOfN(key, 0, 2).Draw(t, "aliases")}}
			items = append(items, it)
			plain[strings.ToUpper(it.Key)] = it
			for _, a := range it.Aliases {
				if once[strings.ToUpper(a)] == nil {
					once[strings.ToUpper(a)] = it
				}
			}
		}
		x := newKeyIndex(items)
		for _, k := range []string{"", "A-1", "a-1", "A-2", "B-1", "B-12", "o/R#1", "ß-1", "ss-1", "C-1"} {
			want := plain[strings.ToUpper(k)]
			if want == nil {
				want = once[strings.ToUpper(k)]
			}
			if got := x.find(k); got != want {
				t.Fatalf("%q finds %+v; want %+v", k, got, want)
			}
		}
	})
}

func TestEveryKeyOfManyIsFound(t *testing.T) {
	items := make([]*Item, 100_000)
	for i := range items {
		items[i] = &Item{Key: fmt.Sprintf("SUP-%d", i), Rest: &Rest{}}
	}
	x := newKeyIndex(items)
	for _, it := range items {
		if x.find(strings.ToLower(it.Key)) != it {
			t.Fatalf("%s is not found", it.Key)
		}
	}
}
