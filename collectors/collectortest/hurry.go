package collectortest

import "testing"

// Hurried says that trials are dear: with -short, or under the race detector, which makes each of them
// take ten times as long. Then there are fewer of each kind, and of every kind some: enough for the
// detector, while `go test` without it holds a source to all of them.
func Hurried() bool { return testing.Short() || race }
