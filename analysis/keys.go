package analysis

// Finding an item by its key.

import (
	"hash/maphash"
	"strings"
)

// keyIndex finds items by the keys that they have, and by those that they once had. It holds places in the list
// of items instead of keys and pointers: a map of a million takes five times the memory, through all of which
// the garbage collector goes every time.
type keyIndex struct {
	items []*Item
	seed  maphash.Seed
	slots []uint32         // 1 + the item's place, 0 where there is none; from the slot of the key's hash on
	once  map[string]*Item // by keys that they once had, folded
}

func newKeyIndex(items []*Item) *keyIndex {
	room := 16
	for room < 2*len(items) {
		room *= 2
	}
	x := &keyIndex{items: items, seed: maphash.MakeSeed(), slots: make([]uint32, room), once: map[string]*Item{}}
	for i, it := range items {
		x.slots[x.slot(strings.ToUpper(it.Key))] = uint32(1 + i)
		for _, a := range it.Aliases {
			if a = strings.ToUpper(a); x.once[a] == nil {
				x.once[a] = it
			}
		}
	}
	return x
}

// slot is where the item with a folded key is, or would be.
func (x *keyIndex) slot(key string) int {
	i := int(maphash.String(x.seed, key) & uint64(len(x.slots)-1))
	for x.slots[i] != 0 && strings.ToUpper(x.items[x.slots[i]-1].Key) != key {
		i = (i + 1) & (len(x.slots) - 1)
	}
	return i
}

// find is the item that has the key, else the first one that once had it; nil if there is none.
func (x *keyIndex) find(key string) *Item {
	if x == nil {
		return nil
	}
	key = strings.ToUpper(key)
	if k := x.slots[x.slot(key)]; k != 0 {
		return x.items[k-1]
	}
	return x.once[key]
}
