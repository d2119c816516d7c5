package jira

// Who asks, and in which zone: JQL compares dates in the zone of the account's profile, to the minute.

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// caller is who asks.
type caller struct {
	name  string
	spelt string         // its zone as Jira spells it
	zone  *time.Location // nil where that is not known
}

// whom says what headers tell of who asks. A search whose token is not accepted answers as to anybody, with
// fewer issues and no error; nobody is the header that says so, and named whether one names the account.
// (X-Seraph-LoginReason has several words where a request went through several filters, and OK among them
// if one of them knew the account. From public recordings, as is X-AACCOUNTID; unconfirmed.)
func whom(h http.Header) (nobody string, named bool) {
	if user := h.Get("X-AUSERNAME"); strings.EqualFold(user, "anonymous") {
		return "X-AUSERNAME: " + user, false
	} else if user != "" {
		named = true
	}
	reasons := strings.Join(h.Values("X-Seraph-LoginReason"), ", ")
	ok := false
	for r := range strings.SplitSeq(reasons, ",") {
		ok = ok || strings.TrimSpace(r) == "OK"
	}
	if reasons != "" && !ok {
		return "X-Seraph-LoginReason: " + reasons, false
	}
	return "", named || ok || h.Get("X-AACCOUNTID") != ""
}

// confirm sees before a list is taken for complete that it was still answered to us: a token may expire
// while a long one is read. Where the answers themselves say to whom they are, nothing is asked.
func (s *session) confirm(ctx context.Context) error {
	if s.named {
		return nil
	}
	v, err := s.ask(ctx, "GET", "myself", nil, nil)
	var r *refusal
	if errors.As(err, &r) {
		return advised(err, strings.TrimPrefix(r.advice+"; the token was good when the run began, and part of what came since may have been answered as to anybody: once the token is good again, run `firebreak collect --full`", "; "))
	}
	if err != nil {
		return err
	}
	if _, ok := readCaller(&s.dec, v); !ok {
		return s.other("GET", "myself", v, "an account")
	}
	return nil
}

// introduce asks who we are. It proves the token, too: see [whom].
func (s *session) introduce(ctx context.Context) error {
	v, err := s.ask(ctx, "GET", "myself", nil, nil)
	if err != nil {
		return err
	}
	a, ok := readCaller(&s.dec, v)
	if !ok {
		return s.other("GET", "myself", v, "an account")
	}
	s.caller = a
	if a.zone == nil {
		s.doubt("myself", "the account's time zone %q is not known here, so that each search begins up to a day too early; set the zone of the account's profile to one like Europe/Berlin", a.spelt)
	}
	return nil
}

func readCaller(d *decoder, v jsontext.Value) (a caller, ok bool) {
	s := &d.s
	s.reset(v)
	if !s.enter('{') {
		return a, false
	}
	var name, id string
	for s.member() {
		switch string(s.name) {
		case "displayName":
			a.name = d.str()
		case "name":
			name = d.str()
		case "accountId", "key": // of which Cloud and Server have the other empty
			id = cmp.Or(d.str(), id)
		case "timeZone":
			a.spelt = d.str()
		default:
			s.skip()
		}
	}
	a.name = cmp.Or(a.name, name, id)
	a.zone = zoneOf(a.spelt)
	return a, a.name != "" && (id != "" || name != "")
}

// zoneOf is the zone of a name as Java has them: those of the IANA, and "GMT+02:00". Nil if there is none.
func zoneOf(name string) *time.Location {
	if offset, ok := strings.CutPrefix(name, "GMT"); ok && offset != "" {
		if seconds, ok := zone([]byte(offset)); ok {
			return time.FixedZone(name, seconds)
		}
	}
	if name == "" || name == "Local" { // which would be this machine's
		return nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return z
}

// beginning is before anything that any Jira holds. Cloud refuses a search without any bound.
const beginning = "1970-01-02 00:00"

// jqlTime is a date in JQL that is not after the instant, whichever way the service reads it: floored to
// the minute, in the account's zone. An hour that comes twice, when summer time ends, may be read as the
// second: the first is stepped over backwards. In a zone unknown it is the date that is early enough in any.
func (c caller) jqlTime(at record.Instant) string {
	if at < record.Instant(72*time.Hour) {
		return beginning
	}
	const layout = "2006-01-02 15:04"
	t := at.Time()
	if c.zone == nil {
		return t.Add(-12 * time.Hour).Format(layout) // read in UTC-12, the westernmost, it is t itself
	}
	t = t.In(c.zone)
	_, offset := t.Zone()
	_, end := t.ZoneBounds()
	if !end.IsZero() {
		_, next := end.Zone()
		if again := end.Add(time.Duration(next-offset) * time.Second); next < offset && !t.Before(again) { // the first of the two
			t = again.Add(-time.Minute)
		}
	}
	return t.Format(layout)
}

// clause is the user's JQL, of issues whose date is not before an instant.
func (s *session) clause(date string, since record.Instant) string {
	c := date + ` >= "` + s.caller.jqlTime(since) + `"`
	if jql := strings.TrimSpace(s.l.JQL); jql != "" {
		return "(" + jql + ") AND " + c
	}
	return c
}

// query is the same, in the order of that date. The key breaks ties, so that pages do not lose issues of
// equal dates.
func (s *session) query(date string, since record.Instant) string {
	return s.clause(date, since) + " ORDER BY " + date + " ASC, key ASC"
}
