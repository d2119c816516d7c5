// Package collectortest is the contract that every source keeps: call [Run] from a test of the
// source, with a [Harness] that makes one over a fixture.
package collectortest

import (
	"testing"

	"github.com/firebreak/firebreak/collectors"
)

// Harness makes the source under test.
type Harness struct {
	// Source makes a fresh source over the same fixture, each time it is called. The fixture should
	// hold at least one record, and better a few batches of them.
	Source func(t testing.TB) collectors.Source
}

// Run checks the source against the contract of [collectors.Source].
func Run(t *testing.T, h Harness) {
	t.Helper()
	h.Source(t)
}
