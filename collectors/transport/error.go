package transport

// What a failure says, and what it never says: errors and the log without secrets.

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Error is a request that came to nothing: no whole answer, a fault of the service that lasted, or a
// limit beyond the patience. It says all there is to say. An http.Client wraps it in a *url.Error, which
// says the whole address once more: show what errors.As finds, not what is around it.
type Error struct {
	Service  string        // Options.Service
	Request  string        // "GET https://acme.atlassian.net/rest/api/3/field", without secrets, cut where it is long
	Status   int           // of the last answer, 0 where there was none that was whole
	Attempts int           // on the wire, for this request
	Over     time.Duration // from the request to giving up
	Until    time.Time     // of a limit: when it ends, by the service's clock, UTC; else zero
	Err      error         // what happened
	Remedy   string        // what to do about it, in sentences; may be empty
}

func (e *Error) Error() string {
	var b strings.Builder
	for _, s := range []string{e.Service, e.Request} {
		if s != "" {
			b.WriteString(s + ": ")
		}
	}
	b.WriteString(e.Err.Error())
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "; tried %d times in %s", e.Attempts, spell(e.Over))
	}
	if e.Remedy != "" {
		b.WriteString(". " + e.Remedy)
	}
	return b.String()
}

// Unwrap is what happened.
func (e *Error) Unwrap() error { return e.Err }

// fail is the error that a call ends with.
func (c *call) fail(err error, remedy string) *Error {
	e := &Error{
		Service:  c.t.service,
		Request:  c.asked.Method + " " + show(c.asked.URL),
		Status:   c.status,
		Attempts: c.attempts,
		Over:     time.Since(c.began),
		Err:      c.clean(bare(err)),
		Remedy:   remedy,
	}
	return e
}

// clean is err, or where its text repeats the authorisation, as a service that quotes what it was sent
// makes it, that text without it.
func (c *call) clean(err error) error {
	text := err.Error()
	if s := c.t.Scrub(text); s != text {
		return errors.New(s)
	}
	return err
}

// attrs are a request's line in the log.
func (c *call) attrs(code, size int, took time.Duration, err error) []slog.Attr {
	attrs := []slog.Attr{
		slog.String("service", c.t.service),
		slog.String("request", c.asked.Method+" "+show(c.asked.URL)),
		slog.Int("attempt", c.attempts),
		slog.Int("status", code),
		slog.Int("bytes", size),
		slog.Duration("took", took),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", c.t.Scrub(bare(err).Error())))
	}
	return attrs
}

// show is an address without user, password and fragment; what looks secret in its query is replaced,
// and a long query is cut.
func show(u *url.URL) string {
	if u == nil {
		return ""
	}
	s := u.EscapedPath()
	if u.Host != "" {
		s = u.Scheme + "://" + u.Host + s
	}
	if u.RawQuery == "" {
		return s
	}
	parts := strings.Split(u.RawQuery, "&")
	for i, part := range parts {
		name, value, ok := strings.Cut(part, "=")
		if ok && value != "" && secretive(name) {
			parts[i] = name + "=(secret)"
		}
	}
	return s + "?" + cut(strings.Join(parts, "&"), 200)
}

// secretive says whether a query's value is better not shown, by its name.
func secretive(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
	switch name {
	case "key", "apikey", "code", "sig", "auth", "pwd":
		return true
	}
	for _, part := range [...]string{"token", "secret", "passw", "jwt", "signature", "credential"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// cut is the first n bytes of s, to the last whole character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// said is what a service's own error says, as far as it can be told in a line: `: "message"`.
func (c *call) said() string {
	var answer struct {
		Message  string   `json:"message"`
		Messages []string `json:"errorMessages"`
	}
	if json.Unmarshal(c.body, &answer) != nil {
		return ""
	}
	text := cmp.Or(answer.Message, strings.Join(answer.Messages, " "))
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if text == "" {
		return ""
	}
	return fmt.Sprintf(": %q", cut(c.t.Scrub(text), 200)) // in this order: half a secret is one still
}

// status is a status as people say it: "503 Service Unavailable".
func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// minute is an instant to show. Whoever comes a few seconds early is made to wait for them.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// spell is a duration as people say it.
func spell(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int64(d.Round(time.Second)/time.Second))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int64(d.Round(time.Minute)/time.Minute))
	}
	return fmt.Sprintf("%d h %d min", int64(d.Round(time.Minute)/time.Hour), int64(d.Round(time.Minute)%time.Hour/time.Minute))
}
