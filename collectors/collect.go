// Collecting: all sources side by side into one ledger.

package collectors

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
)

// ahead is how many batches a source may be ahead of the ledger: enough that reading one and saving
// another go on at once, few enough that memory holds only a handful.
const ahead = 2

// doubtsLogged is how many doubts of a source go to the log. All are in the ledger, and on the wiki's
// Sources entry.
const doubtsLogged = 10

// agree is how far apart the clocks of a service and of this machine may be: no figure is finer.
const agree = 5 * time.Minute

// fast is how far ahead of this machine's clock that of a service is believed. How far a source speaks for
// only ever rises: one answer that was dated 2099 would make the wiki speak for 2099 from then on.
const fast = 7 * 24 * time.Hour

// Collect runs all sources side by side and saves what they yield, each from the cursor that the
// ledger knows, or from the beginning where [Named.Full] asks for it. It returns what this run could not
// bring, in the order of the sources, and keeps the same gaps in the ledger; a source that fails, panics
// or is interrupted stops no other. What a run of a [Metered] source has cost is kept with the run. The
// clock dates the runs and the gaps. Progress, which may be nil, is told after each batch and at the end
// of each source, never by two goroutines at once.
func Collect(ctx context.Context, log *slog.Logger, l *ledger.Ledger, clock func() time.Time, sources []Named, progress func(Progress)) []record.Gap {
	var told sync.Mutex
	tell := func(p Progress) {
		if progress != nil {
			told.Lock()
			defer told.Unlock()
			progress(p)
		}
	}
	gaps := make([][]record.Gap, len(sources))
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() {
			v := visit{source: s, ledger: l, clock: clock, log: log.With("source", s.Name), tell: tell}
			gaps[i] = v.run(ctx)
		})
	}
	wg.Wait()
	var all []record.Gap
	for _, g := range gaps {
		all = append(all, g...)
	}
	return all
}

// visit is one run of one source.
type visit struct {
	source Named
	ledger *ledger.Ledger
	clock  func() time.Time
	log    *slog.Logger
	tell   func(Progress)

	progress Progress
	changes  int
	before   record.Spent // by the source, when the run began
	gaps     []record.Gap
	doubts   int
	saved    bool // at least one batch
}

func (v *visit) run(ctx context.Context) []record.Gap {
	v.progress.Source = v.source.Name
	started := v.now()
	v.before = v.spent()
	err := v.ledger.StartRun(ctx, v.source.Name, started)
	if err == nil {
		err = v.fetch(ctx)
		v.end(ctx, err)
	} else {
		v.miss("everything", interrupted(ctx, err))
	}
	v.progress.Ended = true
	v.tell(v.progress)
	said := []any{"records", v.progress.Records, "changes", v.changes, "gaps", len(v.gaps), "doubts", v.doubts, "took", v.now().Sub(started)}
	if cost := v.cost(); cost != (record.Spent{}) {
		said = append(said, "requests", cost.Requests, "waited", cost.Waited)
	}
	v.log.Info("collected", said...)
	return v.gaps
}

// cost is what the run has cost.
func (v *visit) cost() record.Spent {
	s := v.spent()
	return record.Spent{Requests: s.Requests - v.before.Requests, Waited: s.Waited - v.before.Waited}
}

func (v *visit) spent() record.Spent {
	if m, ok := v.source.Source.(Metered); ok {
		return m.Spent()
	}
	return record.Spent{}
}

// end notes in the ledger how the run ended. An interrupt must not keep it from being noted.
func (v *visit) end(ctx context.Context, err error) {
	outcome, missing := ledger.Complete, []record.Gap(nil)
	if err != nil {
		outcome = ledger.Failed
		what := "everything new"
		if v.saved {
			what = "what it had after the last batch that was saved"
		}
		missing = []record.Gap{v.miss(what, interrupted(ctx, err))}
	}
	if t, ok := v.source.Source.(Timed); ok {
		if ahead, known := t.Skew(); known && ahead.Abs() > agree {
			side := "ahead of"
			if ahead < 0 {
				side = "behind"
			}
			missing = append(missing, v.miss(WrongTime, fmt.Errorf("the service's clock is %s %s this machine's; nothing is lost by it, but what the wiki says of hours is the service's word; set the clock that is wrong",
				ahead.Abs().Round(time.Second), side)))
		}
	}
	if err := v.ledger.EndRun(context.WithoutCancel(ctx), v.source.Name, v.now(), outcome, v.cost(), missing...); err != nil {
		v.miss("the note of how the run ended", err)
	}
}

func (v *visit) miss(what string, err error) record.Gap {
	g := record.Gap{Source: v.source.Name, At: v.now(), What: what, Why: v.scrub(err.Error())}
	v.log.Error("not collected", "what", g.What, "why", g.Why)
	v.gaps = append(v.gaps, g)
	return g
}

// scrub is a text of the source's without the secrets it knows.
func (v *visit) scrub(text string) string {
	if d, ok := v.source.Source.(Discreet); ok {
		return d.Scrub(text)
	}
	return text
}

func (v *visit) now() record.Instant { return record.At(v.clock()) }

// fetch saves what the source yields until it ends. The source works on the next batch while one is
// being saved.
func (v *visit) fetch(ctx context.Context) error {
	since, err := v.ledger.Cursor(ctx, v.source.Name)
	if err != nil {
		return err
	}
	if v.source.Full {
		since = ""
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan record.Batch, ahead)
	ended := make(chan error, 1)
	go func() {
		defer close(batches)
		ended <- v.pull(ctx, since, batches)
	}()
	for b := range batches {
		if err == nil {
			// What was brought is saved, even if somebody stops the program now: it was paid for.
			if err = v.save(context.WithoutCancel(ctx), b); err != nil {
				stop() // and drain what is under way
			}
		}
	}
	// Of two errors the first to happen is the cause of the other.
	if end := <-ended; err == nil {
		err = end
	}
	return err
}

// pull sends what the source yields. A panic is the source's failure, like any other.
func (v *visit) pull(ctx context.Context, since record.Cursor, batches chan<- record.Batch) (err error) {
	defer func() {
		if p := recover(); p != nil {
			v.log.Error("the source panicked", "panic", v.scrub(fmt.Sprint(p)), "stack", v.scrub(string(debug.Stack())))
			err = fmt.Errorf("the program made a mistake in this source (%v); what it had not yet delivered is missing; please report it with the log", p)
		}
	}()
	for b, err := range v.source.Fetch(ctx, since) {
		if err != nil {
			return err
		}
		select {
		case batches <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err() // the walk may have been cut short without saying so
}

// interrupted puts the end of ctx into words that say what to do.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return err
	}
	return fmt.Errorf("it was interrupted (%w); run again to go on from there", err)
}

func (v *visit) save(ctx context.Context, b record.Batch) error {
	b.Gaps = slices.Clone(b.Gaps)
	for i := range b.Gaps {
		g := &b.Gaps[i]
		g.Source, g.What, g.Why = v.source.Name, v.scrub(g.What), v.scrub(g.Why)
	}
	b.Doubts = slices.Clone(b.Doubts)
	for i := range b.Doubts {
		d := &b.Doubts[i]
		d.Place, d.What = v.scrub(d.Place), v.scrub(d.What)
	}
	if _, timed := v.source.Source.(Timed); timed && b.Horizon > v.now().Add(fast) {
		b.Gaps = append(b.Gaps, record.Gap{Source: v.source.Name, At: v.now(), What: WrongTime,
			Why: fmt.Sprintf("the service's clock said %s, which has not come yet by this machine's; the wiki speaks up to this machine's time instead; set the clock that is wrong", b.Horizon)})
		b.Horizon = v.now()
	}
	if err := v.ledger.Save(ctx, v.source.Name, b); err != nil {
		return err
	}
	v.saved = true
	for _, g := range b.Gaps {
		v.log.Error("not collected", "what", g.What, "why", g.Why)
	}
	for _, d := range b.Doubts {
		if v.doubts < doubtsLogged {
			v.log.Warn(d.What, "place", d.Place)
		}
		v.doubts++
	}
	v.gaps = append(v.gaps, b.Gaps...)
	v.progress.Records += len(b.Issues) + len(b.Pages) + len(b.Shifts)
	for i := range b.Issues {
		v.changes += len(b.Issues[i].Changes)
	}
	v.progress.Done, v.progress.Total = b.Done, b.Total
	v.tell(v.progress)
	return nil
}
