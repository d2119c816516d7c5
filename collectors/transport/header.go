package transport

// What the headers say of time: the Date, Retry-After, and a reset in the spellings of different services.

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// day is the longest that a header is believed. A Retry-After beyond it is taken for a day, which nobody
// has the patience for; a reset beyond it is an instant in another unit or of a broken clock, and is
// taken for none.
const day = 24 * time.Hour

// dated is the instant at which an answer was given, by the clock of the one who gave it. An answer from a
// cache says how old it is.
func dated(h http.Header) (time.Time, bool) {
	t, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}, false
	}
	if age, ok := seconds(h.Get("Age")); ok {
		t = t.Add(age)
	}
	return t.UTC(), true
}

// retryAfter is how long Retry-After asks to wait, 0 to a day: seconds, or an HTTP date (RFC 9110, 10.2.3).
func retryAfter(h http.Header, served time.Time) (time.Duration, bool) {
	v := h.Get("Retry-After")
	if d, ok := seconds(v); ok {
		return d, true
	}
	if t, ok := instant(v); ok {
		return min(max(t.Sub(served), 0), day), true
	}
	return 0, false
}

// resetIn is how long it is until X-RateLimit-Reset, 0 to a day. A second is added: the reset and the
// Date are both cut to the second, and to ask a moment early is to be refused once more.
func resetIn(h http.Header, served time.Time) (time.Duration, bool) {
	v := strings.TrimSpace(h.Get("X-Ratelimit-Reset"))
	t, ok := instant(v)
	if n, isNumber := number(v); isNumber {
		const year1973, year5138 = 1e8, 1e11
		if n < year1973 { // no instant of our time, so how long it is from now
			t = served.Add(time.Duration(min(n, 2*day.Seconds()) * float64(time.Second)))
		} else {
			for i := 0; i < 3 && n >= year5138; i++ { // milliseconds, microseconds, nanoseconds
				n /= 1000
			}
			t = time.Unix(int64(min(n, year5138)), 0)
		}
		ok = true
	}
	if !ok {
		return 0, false
	}
	d := t.Sub(served)
	switch {
	case d > day:
		return 0, false
	case d <= 0:
		return 0, true
	}
	return min(d+time.Second, day), true
}

// instant reads an HTTP date or ISO 8601, with or without seconds and with a zone: Jira Cloud writes
// 2026-03-26T16:00Z.
func instant(v string) (time.Time, bool) {
	v = strings.TrimSpace(v)
	if t, err := http.ParseTime(v); err == nil {
		return t, true
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// seconds reads a number of seconds, as 0 to a day.
func seconds(v string) (time.Duration, bool) {
	n, ok := number(v)
	if !ok {
		return 0, false
	}
	return min(time.Duration(min(n, day.Seconds())*float64(time.Second)), day), true
}

// number reads plain digits, with a fraction or without; whatever is too long for a number is large.
func number(v string) (float64, bool) {
	v = strings.TrimSpace(v)
	if v == "" || strings.Trim(v, "0123456789.") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(v, 64)
	if err != nil && n == 0 { // not a number; one out of range is infinite
		return 0, false
	}
	return n, true
}

// word is a header's value if it is fit for a message, else nothing.
func word(v string) string {
	v = strings.TrimSpace(v)
	if len(v) > 40 || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return v
}
