package transport

// Waiting: for the gates that a limit shuts before everybody who asks, as long as the patience lasts that
// all waits of one share, for one's turn, and for the pace.

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// A gate is shut until an instant. Each resource that a service limits apart has one (GitHub: core,
// search, graphql …); the one of the name "" is everybody's.
type gate struct {
	until  time.Time // by this machine's clock, which the timers follow
	served time.Time // the same by the service's clock, which is the one to show
	why    string    // "rate limit of search"
	by     *Transport
}

// waits are the time that one has spent before gates.
type waits struct {
	mu       sync.Mutex
	patience time.Duration
	spent    time.Duration // up to since
	since    time.Time     // when the first of the present waiters came
	waiting  int
}

// waited is how long somebody was waiting: not a sum over the waiters, since a night that waits for ten
// minutes with four requests is ten minutes longer and not forty.
func (w *waits) waited(now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sofar(now)
}

func (w *waits) sofar(now time.Time) time.Duration {
	if w.waiting > 0 {
		return w.spent + now.Sub(w.since)
	}
	return w.spent
}

func (w *waits) come(now time.Time) {
	if w.waiting == 0 {
		w.since = now
	}
	w.waiting++
}

func (w *waits) leave(now time.Time) {
	if w.waiting--; w.waiting == 0 {
		w.spent += now.Sub(w.since)
	}
}

// shut closes a gate for so long from now, which the service calls served.
func (t *Transport) shut(name string, d time.Duration, now, served time.Time, why string) {
	if d <= 0 {
		return
	}
	to := gate{until: now.Add(d), served: served.Add(d), why: why, by: t}
	if t.desk.close(name, to) {
		t.announce(to, d)
	}
}

// announce tells the log of a wait.
func (t *Transport) announce(g gate, d time.Duration) {
	t.log.Info("the service asks to wait", slog.String("service", t.service), slog.String("why", g.why),
		slog.Duration("wait", d), slog.Time("until", g.served))
}

// admit lets a request through when no gate is shut before it, it is its turn and the pace allows it. The
// turn is its own until it leaves. Where a wait would take more than is left of the patience it is an
// *Error at once, and nothing is asked.
func (t *Transport) admit(ctx context.Context, c *call) error {
	for {
		if err := t.open(ctx, c); err != nil {
			return err
		}
		if err := c.take(ctx); err != nil {
			return err
		}
		pace := t.desk.pace.Reserve()
		if err := sleep(ctx, pace.Delay()); err != nil {
			pace.Cancel()
			return err
		}
		// A gate may have been shut in the meantime; who waits before it leaves the turn to those who
		// are after something else.
		if !t.desk.before(c.gates()...).until.After(time.Now()) {
			return nil
		}
		c.leave()
	}
}

// take waits for the turn.
func (c *call) take(ctx context.Context) error {
	if c.t.desk.turn == nil {
		return nil
	}
	select {
	case c.t.desk.turn <- struct{}{}:
		c.turn = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave gives up the turn, if the call has it.
func (c *call) leave() {
	if c.turn {
		c.turn = false
		<-c.t.desk.turn
	}
}

// gates are the names of those that a request has to pass.
func (c *call) gates() []string { return []string{"", resourceOf(c.asked), c.resource} }

// open waits until no gate is shut before a request.
func (t *Transport) open(ctx context.Context, c *call) error {
	for {
		now := time.Now()
		shut := t.desk.before(c.gates()...)
		d := shut.until.Sub(now)
		if d <= 0 {
			return ctx.Err()
		}
		w := &t.waits
		w.mu.Lock()
		if spent := w.sofar(now); spent+d > w.patience {
			w.mu.Unlock()
			answered, already := "", ""
			if c.status != 0 {
				answered = "answered " + status(c.status) + ": "
			}
			if spent > 0 {
				already = spell(spent) + " were waited already, "
			}
			e := c.fail(fmt.Errorf("%s%s until %s by the service's clock; %sa run may wait %s in all (`patience:`)",
				answered, shut.why, minute(shut.served), already, spell(w.patience)),
				"What was collected is saved; run again after that.")
			e.Until = shut.served.UTC()
			return e
		}
		w.come(now)
		w.mu.Unlock()
		if shut.by != t { // the other met the limit, and told its own log
			t.announce(shut, d)
		}
		err := sleep(ctx, d)
		w.mu.Lock()
		w.leave(time.Now())
		w.mu.Unlock()
		if err != nil {
			return err
		}
	}
}

// sleep ends with the context, and then with its error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
