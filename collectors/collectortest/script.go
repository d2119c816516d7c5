// A source that does as it is told.

package collectortest

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"github.com/firebreak/firebreak/collectors/record"
)

// Script is a source that goes through its steps. Its cursor is the number of steps done, which it
// writes into batches that have none, and a Fetch goes on after it.
type Script []Step

// Step is one thing that a [Script] does: it runs Do, if there is one, and then yields Batch, or the
// error of Do.
type Step struct {
	Batch record.Batch
	Do    func(context.Context) error
}

// Fetch goes through the steps after since.
func (s Script) Fetch(ctx context.Context, since record.Cursor) iter.Seq2[record.Batch, error] {
	return func(yield func(record.Batch, error) bool) {
		var done int
		if since != "" {
			var err error
			if done, err = strconv.Atoi(string(since)); err != nil || done < 0 || done > len(s) {
				yield(record.Batch{}, fmt.Errorf("cursor %q is not one of this script", since))
				return
			}
		}
		for n, step := range s[done:] {
			err := ctx.Err()
			if err == nil && step.Do != nil {
				err = step.Do(ctx)
			}
			if err != nil {
				yield(record.Batch{}, err)
				return
			}
			b := step.Batch
			if b.Cursor == "" {
				b.Cursor = record.Cursor(strconv.Itoa(done + n + 1))
			}
			b.Done, b.Total = done+n+1, len(s)
			if !yield(b, nil) {
				return
			}
		}
	}
}
