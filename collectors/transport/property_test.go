package transport

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// Whatever a service answers, one after another: who asks gets a whole answer or an error that says why,
// with a bounded number of attempts, and all waits together keep within the patience.
func TestAnySequenceOfFaultsAndLimitsEndsWell(t *testing.T) {
	kinds := []string{"fine", "last", "forbidden", "500", "503", "reset", "after", "date", "primary", "secondary", "unavailable", "bucket", "absurd"}
	rapid.Check(t, func(rt *rapid.T) {
		type step struct {
			kind string
			n    int
		}
		script := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) step {
			return step{rapid.SampledFrom(kinds).Draw(rt, "kind"), rapid.IntRange(-600, 3000).Draw(rt, "n")}
		}), 1, 30).Draw(rt, "script")
		attempts := rapid.IntRange(1, 7).Draw(rt, "attempts")
		patience := time.Duration(rapid.IntRange(1, 5000).Draw(rt, "patience")) * time.Second
		requests := rapid.IntRange(1, 8).Draw(rt, "requests")

		// rapid fails by a panic, which must not happen within the bubble.
		wrong := func() (wrong error) {
			complain := func(format string, args ...any) {
				if wrong == nil {
					wrong = fmt.Errorf(format, args...)
				}
			}
			synctest.Test(t, func(t *testing.T) {
				var faults, limits int // of the request under way
				m := &memory{}
				m.answer = func(n int, _ *http.Request) (answer, error) {
					s := script[(n-1)%len(script)]
					d := time.Duration(s.n) * time.Second
					h := map[string]string{}
					a := answer{status: 403, header: h, body: "{}"}
					switch s.kind {
					case "fine":
						return fine, nil
					case "last":
						return answer{200, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": in(d)}, fine.body}, nil
					case "forbidden":
						return answer{status: 403, body: forbiddenBody}, nil
					case "500", "503":
						faults++
						a.status, _ = strconv.Atoi(s.kind)
						return a, nil
					case "reset":
						faults++
						return answer{}, errReset
					case "after":
						h["Retry-After"] = strconv.Itoa(max(s.n, 0))
					case "date":
						a.status, h["Retry-After"] = 429, serviceNow().Add(d).Format(http.TimeFormat)
					case "primary":
						h["X-RateLimit-Remaining"], h["X-RateLimit-Reset"], h["X-RateLimit-Resource"] = "0", in(d), "core"
					case "secondary":
						a.body = secondaryBody
					case "unavailable":
						a.status, h["Retry-After"] = 503, strconv.Itoa(max(s.n, 1))
					case "bucket":
						a.status, h["X-RateLimit-Remaining"], h["X-RateLimit-Interval-Seconds"] = 429, "0", strconv.Itoa(max(s.n, 0))
					case "absurd":
						a.status, h["X-RateLimit-Reset"] = 429, in(d*1e6)
					}
					limits++
					return a, nil
				}
				tr := must(t, Options{Base: m, Attempts: attempts, Patience: patience})
				for range requests {
					faults, limits = 0, 0
					before, _ := tr.Spent()
					began := time.Now()
					status, body, err := get(t, tr, "/a")
					took := time.Since(began)
					after, waited := tr.Spent()

					var e *Error
					switch {
					case err == nil && (status != 200 || body != fine.body) && (status != 403 || body != forbiddenBody):
						complain("a refusal was handed up: %d %q", status, body)
					case err != nil && !errors.As(err, &e):
						complain("not an *Error: %v", err)
					case e != nil && e.Until.IsZero() && faults != attempts:
						complain("given up after %d faults of %d: %v", faults, attempts, err)
					case e != nil && !e.Until.IsZero() && e.Until.Sub(serviceNow())+waited <= patience-2*time.Second:
						complain("%v of patience %v spent, and no wait until %v at %v", waited, patience, e.Until, serviceNow())
					case e != nil && e.Attempts != after-before:
						complain("the error says %d attempts of %d", e.Attempts, after-before)
					}
					if faults > attempts || limits > 15 || after-before > faults+limits+1 {
						complain("%d faults, %d limits, %d attempts", faults, limits, after-before)
					}
					if waited > patience {
						complain("waited %v of %v", waited, patience)
					}
					if most := patience + time.Duration(attempts)*90*time.Second + time.Duration(after-before+1)*100*time.Millisecond; took > most {
						complain("took %v, and %v is the most", took, most)
					}
				}
				at := m.times()
				for i := 1; i < len(at); i++ {
					if at[i] < at[i-1]+100*time.Millisecond-time.Microsecond {
						complain("attempt %d came %v after the one before", i+1, at[i]-at[i-1])
					}
				}
				if n, _ := tr.Spent(); n != len(at) {
					complain("%d attempts counted, %d made", n, len(at))
				}
			})
			return wrong
		}()
		if wrong != nil {
			rt.Fatal(wrong)
		}
	})
}
