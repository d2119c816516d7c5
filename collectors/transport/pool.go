package transport

// What those share who ask one service as the same person.

import (
	"crypto/sha256"
	"strings"
	"sync"

	"golang.org/x/time/rate"
)

// Pool is for those who may be asking the same service side by side, such as two sources of one Jira. A
// service limits a person, however many sources that person has; so those of a pool who ask the same
// origin with the same authorisation ask one at a time (GitHub: "Make requests serially instead of
// concurrently", docs.github.com, Best practices for using the REST API), in one pace, the slowest that
// any of them wants, and wait before the same gates. Patience, attempts and what was spent remain each
// one's own. The zero Pool is empty and ready; it is safe for concurrent use.
type Pool struct {
	mu    sync.Mutex
	desks map[asker]*desk
}

// asker is one person at one service. The authorisation itself is not kept, nor is it ever printed.
type asker struct {
	origin string
	sum    [sha256.Size]byte
}

// desk is where a service is asked.
type desk struct {
	pace *rate.Limiter
	turn chan struct{} // holds the one who is asking; nil lets as many ask at a time as come

	mu   sync.Mutex
	shut map[string]gate
}

// desk is the one of those who ask origin with the same secrets. In no pool everybody has their own, at
// which any number may ask at a time.
func (p *Pool) desk(origin string, secrets []string, limit rate.Limit) *desk {
	d := &desk{pace: rate.NewLimiter(limit, 1), shut: map[string]gate{}}
	if p == nil {
		return d
	}
	d.turn = make(chan struct{}, 1)
	who := asker{origin, sha256.Sum256([]byte(strings.Join(secrets, "\x00")))}
	p.mu.Lock()
	defer p.mu.Unlock()
	if there := p.desks[who]; there != nil {
		there.pace.SetLimit(min(there.pace.Limit(), limit))
		return there
	}
	if p.desks == nil {
		p.desks = map[asker]*desk{}
	}
	p.desks[who] = d
	return d
}

// close shuts a gate, and says whether that is news. A gate that is shut for longer stays so.
func (d *desk) close(name string, to gate) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !to.until.After(d.shut[name].until) {
		return false
	}
	d.shut[name] = to
	return true
}

// before is the gate that keeps a request out the longest; its until is past where none does.
func (d *desk) before(names ...string) gate {
	d.mu.Lock()
	defer d.mu.Unlock()
	var last gate
	for _, name := range names {
		if s, ok := d.shut[name]; ok && s.until.After(last.until) {
			last = s
		}
	}
	return last
}
