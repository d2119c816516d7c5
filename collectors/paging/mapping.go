package paging

// A CSV or JSON of no tool that is known: which of its columns is what, by `columns:` of firebreak.yaml.

// Mapping says what the columns of a CSV, or the members of JSON objects (a path with dots), mean.
type Mapping struct {
	Columns map[string]string // ours to theirs: id, title, service, triggered, acknowledged, resolved …
	Layout  string            // of times, in Go's notation, tried first; "" tries the known ones
}
