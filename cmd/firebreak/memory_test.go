package main

import (
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"
)

// Collecting keeps to little memory, and what follows it is not held to it: items and texts of a large
// wiki are alive all at once.
func TestCollectingKeepsToLittleMemoryAndTheRestDoesNot(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // collecting sets it for the life of the process
	const roomy, tight = 1 << 40, 64 << 20
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(roomy))
	for before, want := range map[int64]int64{roomy: modest, tight: tight} { // GOMEMLIMIT may want less still
		debug.SetMemoryLimit(before)
		cfg, _ := parseConfig(filepath.Join(t.TempDir(), "firebreak.yaml"), []byte("sources: {}\n"))
		var during int64
		env := environment{out: t.Output(), err: t.Output(), clock: func() time.Time {
			during = debug.SetMemoryLimit(-1)
			return time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
		}}
		n := &night{env: env, config: cfg, steps: newSteps(env, true), log: logger(env, false)}
		if err := n.collect(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := n.closeLedger(); err != nil {
			t.Fatal(err)
		}
		if after := debug.SetMemoryLimit(-1); during != want || after != before {
			t.Errorf("a limit of %d bytes is %d while collecting, want %d, and %d after it", before, during, want, after)
		}
	}
}
