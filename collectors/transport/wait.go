package transport

// Waiting: the gates that a limit shuts before everybody who asks, the patience that all waits share, and
// the pace.

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
}

// gates are those of one service, and the time spent before them.
type gates struct {
	mu       sync.Mutex
	patience time.Duration
	shut     map[string]gate
	spent    time.Duration // up to since
	since    time.Time     // when the first of the present waiters came
	waiting  int
}

// waited is how long somebody was waiting: not a sum over the waiters, since a night that waits for ten
// minutes with four requests is ten minutes longer and not forty.
func (g *gates) waited(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sofar(now)
}

func (g *gates) sofar(now time.Time) time.Duration {
	if g.waiting > 0 {
		return g.spent + now.Sub(g.since)
	}
	return g.spent
}

func (g *gates) come(now time.Time) {
	if g.waiting == 0 {
		g.since = now
	}
	g.waiting++
}

func (g *gates) leave(now time.Time) {
	if g.waiting--; g.waiting == 0 {
		g.spent += now.Sub(g.since)
	}
}

// close shuts a gate, and says whether that is news. A gate that is shut for longer stays so.
func (g *gates) close(name string, to gate) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut == nil {
		g.shut = map[string]gate{}
	}
	if !to.until.After(g.shut[name].until) {
		return false
	}
	g.shut[name] = to
	return true
}

// before is the gate that keeps a request out the longest; its until is past where none does.
func (g *gates) before(names ...string) gate {
	var last gate
	for _, name := range names {
		if s, ok := g.shut[name]; ok && s.until.After(last.until) {
			last = s
		}
	}
	return last
}

// shut closes a gate for so long from now, which the service calls served, and tells the log.
func (t *Transport) shut(name string, d time.Duration, now, served time.Time, why string) {
	if d <= 0 {
		return
	}
	to := gate{until: now.Add(d), served: served.Add(d), why: why}
	if t.gates.close(name, to) {
		t.log.Info("the service asks to wait", slog.String("service", t.service), slog.String("why", why),
			slog.Duration("wait", d), slog.Time("until", to.served))
	}
}

// admit lets a request through when no gate is shut before it and the pace allows it. Where that would
// take more than is left of the patience it is an *Error at once, and nothing is asked.
func (t *Transport) admit(ctx context.Context, c *call) error {
	if err := t.open(ctx, c); err != nil {
		return err
	}
	turn := t.pace.Reserve()
	if err := sleep(ctx, turn.Delay()); err != nil {
		turn.Cancel()
		return err
	}
	return t.open(ctx, c) // it may have been shut in the meantime
}

func (t *Transport) open(ctx context.Context, c *call) error {
	for {
		g := &t.gates
		g.mu.Lock()
		now := time.Now()
		shut := g.before("", resourceOf(c.asked), c.resource)
		d := shut.until.Sub(now)
		if d <= 0 {
			g.mu.Unlock()
			return ctx.Err()
		}
		if spent := g.sofar(now); spent+d > g.patience {
			g.mu.Unlock()
			answered, already := "", ""
			if c.status != 0 {
				answered = "answered " + status(c.status) + ": "
			}
			if spent > 0 {
				already = spell(spent) + " were waited already, "
			}
			e := c.fail(fmt.Errorf("%s%s until %s by the service's clock; %sa run may wait %s in all (`patience:`)",
				answered, shut.why, minute(shut.served), already, spell(g.patience)),
				"What was collected is saved; run again after that.")
			e.Until = shut.served.UTC()
			return e
		}
		g.come(now)
		g.mu.Unlock()
		err := sleep(ctx, d)
		g.mu.Lock()
		g.leave(time.Now())
		g.mu.Unlock()
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
