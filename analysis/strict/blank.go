package strict

// Blank says whether the key is there and waits for its value, as in a form that is still being filled
// in. It makes the key known; a caller for whom a blank is a mistake asks with [Map.Get].
func (m *Map) Blank(key string) bool {
	v := m.value[key]
	if v == nil || !isNull(v) {
		return false
	}
	m.ask(key)
	return true
}
