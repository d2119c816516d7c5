package main

// What a night takes from the ledger: the records as the analysis reads them, and what is known of the sources.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/ledger"
)

// openLedger opens the ledger to save to it, and makes its folder.
func (n *night) openLedger(ctx context.Context) error {
	p := n.config.path(n.config.Ledger)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		return fmt.Errorf("the ledger's folder: %w", err)
	}
	return n.opened(ledger.Open(ctx, p))
}

// openToRead opens the ledger that there is.
func (n *night) openToRead(ctx context.Context) error {
	p := n.config.path(n.config.Ledger)
	err := n.opened(ledger.OpenToRead(ctx, p))
	if errors.Is(err, fs.ErrNotExist) {
		return exit{unpublished, fmt.Errorf("there is no ledger %s yet; `firebreak nightly` makes it", p)}
	}
	return err
}

// opened takes an opened ledger, and tells where that had to bring it up to date.
func (n *night) opened(l *ledger.Ledger, err error) error {
	if err != nil {
		return err
	}
	n.ledger = l
	if from, to, did := l.BroughtUp(); did {
		n.steps.say("the ledger %s was brought up to date, from version %d of its schema to %d; an older firebreak does not open it any more", n.config.Ledger, from, to)
	}
	return nil
}

func (n *night) closeLedger() error {
	if n.ledger == nil {
		return nil
	}
	return n.ledger.Close()
}

// judge judges what the ledger holds.
func (n *night) judge(ctx context.Context, in analysis.Input) (*analysis.Report, error) {
	var failed error
	in.Issues = until(&failed, n.ledger.Issues(ctx))
	in.Pages = until(&failed, n.ledger.Pages(ctx))
	in.Shifts = until(&failed, n.ledger.Shifts(ctx))
	return analysis.Run(in), failed
}

// until passes on a sequence up to its first error, which it keeps.
func until[T any](failed *error, seq iter.Seq2[T, error]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v, err := range seq {
			if err != nil {
				*failed = errors.Join(*failed, err)
				return
			}
			if !yield(v) {
				return
			}
		}
	}
}

// sources joins what the ledger remembers of each source with how it is configured.
func (n *night) sources(ctx context.Context) ([]analysis.SourceState, error) {
	kept, err := n.ledger.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var states []analysis.SourceState
	for _, c := range n.config.Sources {
		s := analysis.SourceState{Name: c.Name, Tracker: c.Tracker, Kind: c.Kind, Live: c.Live != nil}
		if s.Live && (c.Kind == "pagerduty" || c.Kind == "opsgenie") {
			s.Pager, s.Since = true, c.Live.Since
		}
		if i := slices.IndexFunc(kept, func(k ledger.Source) bool { return k.Name == c.Name }); i >= 0 {
			s.Horizon, s.Tallies, s.Doubts, s.Gaps = kept[i].Horizon, kept[i].Tallies, kept[i].Doubts, kept[i].Gaps
			if s.Live {
				r := kept[i].Last
				s.Good, s.Last = kept[i].Good, analysis.SourceRun{Started: r.Started, Ended: r.Ended, Outcome: string(r.Outcome),
					Records: r.Records, Changes: r.Changes, Requests: r.Requests, Waited: r.Waited}
			}
		}
		states = append(states, s)
	}
	return states, nil
}

func (n *night) statuses(ctx context.Context) (all []analysis.TrackerStatus, err error) {
	kept, err := n.ledger.Statuses(ctx)
	for _, s := range kept {
		all = append(all, analysis.TrackerStatus(s))
	}
	return all, err
}
