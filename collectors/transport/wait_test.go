package transport

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-github/v60/github"
)

func limit(header ...string) answer {
	a := answer{status: 429, header: map[string]string{}}
	for i := 0; i < len(header); i += 2 {
		a.header[header[i]] = header[i+1]
	}
	return a
}

// empty is a good answer that was the last for d.
func empty(resource string, d time.Duration) answer {
	return answer{status: 200, body: "[]", header: map[string]string{
		"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(d), "X-RateLimit-Resource": resource}}
}

func TestAfterTheLastRequestTheNextOneWaitsForTheReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.answer = func(n int, r *http.Request) (answer, error) {
			if n == 1 {
				return empty("search", 5*time.Minute), nil
			}
			return fine, nil
		}
		tr := must(t, Options{Base: m})
		get(t, tr, "/search/issues")
		if _, waited := tr.Spent(); waited != 0 {
			t.Errorf("the good answer itself was kept back for %v", waited)
		}
		get(t, tr, "/repos/acme/orders/issues") // another limit's
		if at := m.times(); at[1] > time.Second {
			t.Errorf("a request of another resource waited %v", at[1])
		}
		get(t, tr, "/api/v3/search/issues")
		if at := m.times(); at[2] != 5*time.Minute+time.Second {
			t.Errorf("asked again after %v, want the reset and a second", at[2])
		}
		if _, waited := tr.Spent(); waited < 4*time.Minute || waited > 5*time.Minute+time.Second {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestAfterTheLastTokenTheNextRequestWaitsForOne(t *testing.T) {
	for after, want := range map[string]time.Duration{"7": 7 * time.Second, "0": time.Minute, "": time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{answer: then(answer{status: 200, header: map[string]string{
				"X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Seconds": "60", "X-RateLimit-FillRate": "10", "Retry-After": after}}, fine)}
			tr := must(t, Options{Base: m})
			get(t, tr, "/a")
			get(t, tr, "/a")
			if at := m.times(); at[1]-at[0] != want {
				t.Errorf("Retry-After %q: waited %v, want %v", after, at[1]-at[0], want)
			}
		})
	}
}

// go-github v60 keeps a limiter of its own. Having seen X-RateLimit-Remaining: 0 it asks no more until
// this machine's clock, here decades behind, has come to the reset.
func TestGoGithubNeverRefusesToAsk(t *testing.T) {
	for _, through := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{}
			m.answer = func(n int, r *http.Request) (answer, error) {
				switch n {
				case 1:
					return empty("core", 10*time.Minute), nil
				case 3:
					return answer{status: 403, body: secondaryBody, header: map[string]string{"Retry-After": "100"}}, nil
				case 5:
					return answer{status: 403, body: primaryBody, header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(20 * time.Minute)}}, nil
				}
				return answer{status: 200, body: "[]"}, nil
			}
			var rt http.RoundTripper = m
			if through {
				rt = must(t, Options{Base: m, Origin: "https://api.github.com"})
			}
			client := github.NewClient(&http.Client{Transport: rt})
			refused := 0
			for range 4 {
				_, resp, err := client.Issues.ListByRepo(t.Context(), "acme", "orders", nil)
				if err != nil {
					refused++
					continue
				}
				for _, name := range []string{"X-RateLimit-Remaining", "X-RateLimit-Reset"} {
					if v := resp.Header.Get(name); through && v != "" {
						t.Errorf("%s: %s was handed up", name, v)
					}
				}
			}
			if through && (refused != 0 || len(m.seen) != 6) {
				t.Errorf("%d calls refused, %d attempts", refused, len(m.seen))
			}
			if !through && (refused != 3 || len(m.seen) != 1) {
				t.Errorf("without the transport %d calls were refused after %d attempts; then this test proves nothing", refused, len(m.seen))
			}
		})
	}
}

func TestBeyondThePatienceIsAnErrorThatSaysUntilWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.answer = func(n int, _ *http.Request) (answer, error) {
			switch n {
			case 1:
				return limit("Retry-After", "720"), nil
			case 2:
				return fine, nil
			}
			return answer{status: 403, body: primaryBody, header: map[string]string{
				"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(64 * time.Minute), "X-RateLimit-Resource": "core"}}, nil
		}
		tr := must(t, Options{Base: m})
		if _, _, err := get(t, tr, "/a"); err != nil {
			t.Fatal(err)
		}
		_, _, err := get(t, tr, "/b")
		var e *Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		until := serviceNow().Truncate(time.Second).Add(64*time.Minute + time.Second)
		if !e.Until.Equal(until) || e.Until.Location() != time.UTC || e.Status != 403 || e.Attempts != 1 {
			t.Errorf("%+v, want until %v", e, until)
		}
		want := "tickets: GET https://tracker.example/b: answered 403 Forbidden: rate limit of core until 2026-03-26 16:46 UTC by the service's clock; " +
			"12 min were waited already, a run may wait 75 min in all (`patience:`). What was collected is saved; run again after that."
		if !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s\nwant %s", err, want)
		}
		// Nobody else bothers the service either, and all are told the same at once.
		before := time.Now()
		_, _, err = get(t, tr, "/c")
		if !errors.As(err, &e) || !e.Until.Equal(until) || e.Attempts != 0 || len(m.seen) != 3 || time.Since(before) > time.Second {
			t.Errorf("%v after %d attempts", err, len(m.seen))
		}
		if _, waited := tr.Spent(); waited != 12*time.Minute {
			t.Errorf("waited %v", waited)
		}
		// When the limit is over it is asked again.
		time.Sleep(65 * time.Minute)
		m.answer = then(fine)
		if _, _, err := get(t, tr, "/d"); err != nil {
			t.Error(err)
		}
	})
}

func TestAServiceThatLimitsForEverIsGivenUp(t *testing.T) {
	for _, a := range []answer{
		limit("Retry-After", "0"),
		limit("Retry-After", "1"),
		limit("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1"),
		limit(),
		{status: 503, header: map[string]string{"Retry-After": "2"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{answer: then(a)}
			tr := must(t, Options{Base: m})
			_, _, err := get(t, tr, "/a")
			var e *Error
			_, waited := tr.Spent()
			if !errors.As(err, &e) || e.Until.IsZero() || waited > 75*time.Minute || waited < 30*time.Minute || len(m.seen) > 14 {
				t.Errorf("%v: %v after %d attempts and %v", a.header, err, len(m.seen), waited)
			}
		})
	}
}

func TestWaitsAndPausesEndWithTheContext(t *testing.T) {
	for name, a := range map[string]answer{
		"wait":  limit("Retry-After", "600"),
		"pause": {status: 502},
		"pace":  fine,
	} {
		synctest.Test(t, func(t *testing.T) {
			m := &memory{answer: then(a)}
			o := Options{Base: m, Pause: 10 * time.Minute}
			if name == "pace" {
				o.Pace = 0.001
			}
			tr := must(t, o)
			if name == "pace" {
				get(t, tr, "/a")
			}
			for _, end := range []struct {
				err  error
				make func() (context.Context, context.CancelFunc)
			}{
				{context.Canceled, func() (context.Context, context.CancelFunc) {
					ctx, cancel := context.WithCancel(t.Context())
					time.AfterFunc(7*time.Second, cancel)
					return ctx, cancel
				}},
				{context.DeadlineExceeded, func() (context.Context, context.CancelFunc) { return context.WithTimeout(t.Context(), 7*time.Second) }},
			} {
				ctx, cancel := end.make()
				began := time.Now()
				req, _ := http.NewRequestWithContext(ctx, "GET", origin+"/a", nil)
				_, err := tr.RoundTrip(req)
				cancel()
				if err != end.err || time.Since(began) != 7*time.Second {
					t.Errorf("%s: %v after %v, want %v after 7 s", name, err, time.Since(began), end.err)
				}
			}
			if _, waited := tr.Spent(); name == "wait" && waited != 14*time.Second || name != "wait" && waited != 0 {
				t.Errorf("%s: waited %v; what was cut short counts as long as it was", name, waited)
			}
		})
	}
}

func TestAnAttemptThatTheContextEndsIsNoFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		m := &memory{answer: func(int, *http.Request) (answer, error) {
			cancel()
			return answer{}, errReset
		}}
		req, _ := http.NewRequestWithContext(ctx, "GET", origin+"/a", nil)
		if _, err := must(t, Options{Base: m, Attempts: 1}).RoundTrip(req); err != context.Canceled {
			t.Error(err)
		}
	})
}

func TestARefusalOfTheSearchKeepsNobodyElseWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.answer = func(n int, r *http.Request) (answer, error) {
			if n == 1 {
				a := empty("search", 5*time.Minute)
				a.status, a.body = 403, primaryBody
				return a, nil
			}
			return fine, nil
		}
		tr := must(t, Options{Base: m})
		var wg sync.WaitGroup
		wg.Go(func() { get(t, tr, "/search/issues") })
		time.Sleep(time.Minute)
		get(t, tr, "/repos/acme/orders/issues")
		if took := time.Since(bubbleEpoch); took != time.Minute {
			t.Errorf("a request of another resource waited until %v", took)
		}
		wg.Wait()
		if at := m.times(); len(at) != 3 || at[2] != 5*time.Minute+time.Second {
			t.Error(at)
		}
	})
}

func TestAContextThatHasEndedAsksNothing(t *testing.T) {
	m := &memory{answer: then(fine)}
	tr := must(t, Options{Base: m})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", origin+"/a", nil)
	if _, err := tr.RoundTrip(req); err != context.Canceled || len(m.seen) != 0 {
		t.Errorf("%v after %d attempts", err, len(m.seen))
	}
}

func TestManyWhoWaitTogetherSpendTheTimeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.answer = func(n int, _ *http.Request) (answer, error) {
			if n == 1 {
				return empty("core", 50*time.Minute), nil
			}
			return fine, nil
		}
		tr := must(t, Options{Base: m})
		get(t, tr, "/a")
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if _, _, err := get(t, tr, "/a"); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(20 * time.Minute)
		if _, waited := tr.Spent(); waited > 20*time.Minute || waited < 19*time.Minute {
			t.Errorf("%v waited after 20 min", waited)
		}
		wg.Wait()
		if n, waited := tr.Spent(); n != 21 || waited > 50*time.Minute+time.Second || waited < 50*time.Minute-3*time.Second {
			t.Errorf("%d attempts, %v waited", n, waited)
		}
		if tr.waits.waiting != 0 {
			t.Error("somebody is still counted as waiting")
		}
	})
}

func TestTheAttemptsOfAllKeepThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.answer = func(n int, _ *http.Request) (answer, error) { // repeated ones, too
			if n%3 == 0 {
				return answer{status: 500}, nil
			}
			return fine, nil
		}
		tr := must(t, Options{Base: m, Pace: 4})
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() { get(t, tr, "/a") })
		}
		wg.Wait()
		at := m.times()
		slices.Sort(at)
		if len(at) < 40 {
			t.Fatalf("%d attempts", len(at))
		}
		for i := 1; i < len(at); i++ {
			if at[i]-at[i-1] < 250*time.Millisecond-time.Microsecond {
				t.Errorf("%v between attempts %d and %d", at[i]-at[i-1], i, i+1)
			}
		}
	})
}

func TestTheServicesClockIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{answer: then(fine,
			answer{status: 407, header: map[string]string{"Date": "Sat, 01 Jan 2033 00:00:00 GMT"}},
			answer{status: 200, header: map[string]string{"Date": "yesterday"}},
			answer{status: 404, header: map[string]string{"Date": "Thu, 26 Mar 2026 18:00:00 GMT", "Age": "60"}})}
		tr := must(t, Options{Base: m, Attempts: 1})
		if skew, ok := tr.Skew(); ok || skew != 0 || !tr.Served().IsZero() {
			t.Error("a clock is told before the first answer")
		}
		for i, want := range []time.Time{serviceEpoch, serviceEpoch, serviceEpoch, time.Date(2026, 3, 26, 18, 1, 0, 0, time.UTC)} {
			get(t, tr, "/a")
			skew, ok := tr.Skew()
			if !ok || !tr.Served().Equal(want) || (want.Sub(time.Now())-skew).Abs() > time.Second {
				t.Errorf("answer %d: served %v, skew %v; want %v", i+1, tr.Served(), skew, want)
			}
		}
	})
}

// A proxy may take the Date away, and what was read is read up to some instant all the same.
func TestOfAServiceThatTellsNoTimeItIsThisMachines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := map[string]string{"Date": ""}
		m := &memory{answer: then(answer{status: 407, header: silent}, answer{status: 200, header: silent}, answer{status: 404, header: silent}, fine)}
		tr := must(t, Options{Base: m, Attempts: 1})
		get(t, tr, "/a")
		if !tr.Served().IsZero() {
			t.Errorf("a proxy's refusal tells %v", tr.Served())
		}
		for range 2 {
			time.Sleep(90*time.Second + time.Millisecond)
			get(t, tr, "/a")
			if _, known := tr.Skew(); known || !tr.Served().Equal(time.Now().Truncate(time.Second)) || tr.Served().Location() != time.UTC {
				t.Errorf("it is %v by this machine's clock; served %v, skew known: %v", time.Now(), tr.Served(), known)
			}
		}
		get(t, tr, "/a") // the first that does tell
		if _, known := tr.Skew(); !known || !tr.Served().Equal(serviceNow().Truncate(time.Second)) {
			t.Errorf("served %v, skew known: %v", tr.Served(), known)
		}
	})
}
