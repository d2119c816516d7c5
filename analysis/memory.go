package analysis

// Remembered answers. What is remembered is bounded, so that a rule over titles, of which there are as
// many as items, costs time and not memory.

// memoryLimit is how many bytes of keys one question remembers before it starts afresh. A key is some
// forty bytes where rules look at types, priorities and labels: room for every combination there is.
const memoryLimit = 4 << 20

// memory is what one question has answered so far.
type memory[V any] struct {
	named asked // what its rules name
	asks  asked // what that comes down to: facts that an item has by itself
	seen  map[string]V
	size  int
}

func newMemory[V any](c *classifier, named asked) *memory[V] {
	return &memory[V]{named: named, asks: c.whole(named), seen: map[string]V{}}
}

// whole replaces the facts that are found from others by those others.
func (c *classifier) whole(a asked) asked {
	if a.facts&factChannel != 0 {
		a = a.and(c.channels.asks)
	}
	if a.facts&factService != 0 {
		a.facts |= factLabels | factComponents | factPagers
	}
	if a.facts&factCustomer != 0 {
		a = a.and(c.customers.asks)
	}
	a.facts &^= factChannel | factService | factCustomer
	return a
}

// recall gives the answer kept under c.key, or asks for it and keeps it. An answer that a rule failed
// to contribute to is not kept, so that failures are counted the same however items are dealt out.
func recall[V any](c *classifier, m *memory[V], answer func() V) V {
	if v, ok := m.seen[string(c.key)]; ok {
		return v
	}
	key, failures := string(c.key), c.machine.failures
	v := answer()
	if c.machine.failures != failures {
		return v
	}
	if m.size += len(key); m.size > memoryLimit {
		clear(m.seen)
		m.size = len(key)
	}
	m.seen[key] = v
	return v
}
