package paging

// A CSV or JSON of no tool that is known: which of its columns is what, by `columns:` of firebreak.yaml.

import "fmt"

// Mapping says what the columns of a CSV, or the members of JSON objects (a path with dots), mean.
type Mapping struct {
	Columns map[string]string // ours to theirs: id, title, service, triggered, acknowledged, resolved …
	Layout  string            // of times, in Go's notation, tried first; "" tries the known ones
}

func (m *Mapping) read(f *file) {}

// String is everything that a file was read under.
func (m *Mapping) String() string {
	if m == nil {
		return ""
	}
	return fmt.Sprint(m.Columns, " ", m.Layout) // in the order of the names
}
