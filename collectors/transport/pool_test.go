package transport

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// side asks n times through each of the transports, all side by side.
func side(t *testing.T, n int, transports ...*Transport) {
	t.Helper()
	var wg sync.WaitGroup
	for i, tr := range transports {
		wg.Go(func() {
			for range n {
				if _, _, err := get(t, tr, fmt.Sprint("/", i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestThoseWhoAskAsTheSamePersonAskOneAtATimeInOnePace(t *testing.T) {
	for _, c := range []struct {
		name   string
		second Options // the first asks as Bearer(token)
		most   int64   // at a time
		took   time.Duration
	}{
		{"the same person", Options{Auth: Bearer(token)}, 1, 28*time.Second + 500*time.Millisecond},
		{"the same person, the path aside", Options{Auth: Bearer(token), Origin: origin + ":443/jira"}, 1, 28*time.Second + 500*time.Millisecond},
		{"the same person in a slower pace", Options{Auth: Bearer(token), Pace: .5}, 1, 38 * time.Second},
		{"another person", Options{Auth: Bearer("another")}, 2, 13*time.Second + 500*time.Millisecond},
		{"nobody", Options{}, 2, 13*time.Second + 500*time.Millisecond},
		{"the same person elsewhere", Options{Auth: Bearer(token), Origin: "https://other.example"}, 2, 13*time.Second + 500*time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var here, most atomic.Int64
				m := &memory{answer: func(int, *http.Request) (answer, error) {
					most.Store(max(most.Load(), here.Add(1)))
					time.Sleep(1500 * time.Millisecond)
					here.Add(-1)
					return fine, nil
				}}
				var pool Pool
				first := must(t, Options{Auth: Bearer(token), Base: m, Pace: 1, Pool: &pool})
				c.second.Base, c.second.Pool = m, &pool
				if c.second.Pace == 0 {
					c.second.Pace = 1
				}
				second := must(t, c.second)
				began := time.Now()
				side(t, 10, first, second)
				// The last is asked when 19, or of two who do not share 9, have had their answers.
				if took := time.Since(began) - 1500*time.Millisecond; most.Load() != c.most || (took-c.took).Abs() > time.Second {
					t.Errorf("%d at a time, within %v; want %d within %v", most.Load(), took, c.most, c.took)
				}
				for _, tr := range []*Transport{first, second} {
					if n, _ := tr.Spent(); n != 10 {
						t.Errorf("%d attempts are counted, want each one's own 10", n)
					}
				}
			})
		})
	}
}

// One meets a limit: the other waits, too, and says so; and each has its own patience.
func TestALimitThatOneOfAPoolMeetsIsEverybodys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{answer: then(limit("Retry-After", "600"), fine)}
		var pool Pool
		var log, others bytes.Buffer
		logger := func(b *bytes.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }
		met := must(t, Options{Service: "met", Auth: Bearer(token), Base: m, Pool: &pool, Log: logger(&log)})
		waits := must(t, Options{Service: "waits", Auth: Bearer(token), Base: m, Pool: &pool, Log: logger(&others)})
		hasty := must(t, Options{Service: "hasty", Auth: Bearer(token), Base: m, Pool: &pool, Patience: time.Minute})
		stranger := must(t, Options{Service: "stranger", Auth: Bearer("another"), Base: m, Pool: &pool})

		done := make(chan error)
		go func() { _, _, err := get(t, met, "/a"); done <- err }()
		synctest.Wait()
		began := time.Now()
		if _, _, err := get(t, stranger, "/a"); err != nil || time.Since(began) > time.Second {
			t.Errorf("another person waited %v: %v", time.Since(began), err)
		}
		_, _, err := get(t, hasty, "/a")
		var e *Error
		if !errors.As(err, &e) || e.Until.IsZero() || e.Attempts != 0 || !strings.Contains(err.Error(), "hasty: ") {
			t.Errorf("one with a patience of a minute: %v", err)
		}
		if _, _, err := get(t, waits, "/a"); err != nil || time.Since(began) < 9*time.Minute {
			t.Errorf("the other one waited %v: %v", time.Since(began), err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		for _, tr := range []*Transport{met, waits} {
			if _, waited := tr.Spent(); (waited - 10*time.Minute).Abs() > time.Second {
				t.Errorf("%s waited %v, want 10 min", tr.service, waited)
			}
		}
		for _, b := range []*bytes.Buffer{&log, &others} {
			if strings.Count(b.String(), "the service asks to wait") != 1 {
				t.Errorf("the log says %q", b.String())
			}
		}
		if !strings.Contains(others.String(), "service=waits") {
			t.Errorf("it waits, and says of another %q", others.String())
		}
	})
}

// Whoever waits before a gate, pauses, fails or gives up keeps nobody else from asking.
func TestATurnEndsWithTheAttempt(t *testing.T) {
	for name, bad := range map[string]func(r *http.Request) (answer, error){
		"limited": func(*http.Request) (answer, error) { return empty("search", time.Hour), nil },
		"pausing": func(*http.Request) (answer, error) { return answer{status: 502}, nil },
		"failing": func(*http.Request) (answer, error) { return answer{}, errReset },
		"refused": func(*http.Request) (answer, error) { return answer{status: 407}, nil },
		"led away": func(*http.Request) (answer, error) {
			return answer{status: 302, header: map[string]string{"Location": ":// no"}}, nil
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{answer: func(_ int, r *http.Request) (answer, error) {
				if strings.HasPrefix(r.URL.Path, "/search/") {
					return bad(r)
				}
				return fine, nil
			}}
			var pool Pool
			o := Options{Auth: Bearer(token), Base: m, Pool: &pool, Attempts: 2, Pause: 10 * time.Minute}
			one, other := must(t, o), must(t, o)
			done := make(chan bool)
			go func() {
				get(t, one, "/search/issues")
				get(t, one, "/search/issues")
				close(done)
			}()
			synctest.Wait()
			began := time.Now()
			for range 3 {
				if _, _, err := get(t, other, "/a"); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			if d := time.Since(began); d > time.Second {
				t.Errorf("%s: the other waited %v", name, d)
			}
			<-done
		})
	}
}

// Whoever has the turn only to find the gate shut leaves it to those who are after something else.
func TestAGateThatIsShutMeanwhileKeepsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.answer = func(n int, r *http.Request) (answer, error) {
			time.Sleep(time.Second)
			if n == 1 {
				return empty("search", time.Hour), nil
			}
			return fine, nil
		}
		var pool Pool
		o := Options{Auth: Bearer(token), Base: m, Pool: &pool}
		var wg sync.WaitGroup
		for i, path := range []string{"/search/issues", "/search/issues", "/a"} {
			tr := must(t, o)
			wg.Go(func() {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond) // they come in this order
				if _, _, err := get(t, tr, path); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if at := m.times(); len(at) != 3 || at[1] > 2*time.Second || at[2] < time.Hour {
			t.Errorf("asked at %v", at)
		}
	})
}

func TestAPoolPrintsNoSecret(t *testing.T) {
	var pool Pool
	o := Options{Auth: Bearer(token), Base: carrier{}, Pool: &pool}
	printed := fmt.Sprintf("%v %+v %#v %#v %+v", &pool, &pool, &pool, pool.desks, must(t, o))
	if strings.Contains(printed, token) || len(pool.desks) != 1 {
		t.Error(printed)
	}
}
