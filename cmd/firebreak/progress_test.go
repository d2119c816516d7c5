package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/transport"
)

// walk is steps with a clock that a test moves.
func walk(tty bool, sources ...source) (*steps, *bytes.Buffer, func(time.Duration)) {
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	s := &steps{w: &out, tty: tty, width: 80, clock: func() time.Time { return now }}
	s.follow(sources)
	s.begin("collect")
	return s, &out, func(d time.Duration) { now = now.Add(d) }
}

var (
	liveSource = source{Name: "tickets", Live: &service{}}
	fileSource = source{Name: "pager"}
)

func TestAFirstCollectionSaysHowMuchIsLeft(t *testing.T) {
	s, out, pass := walk(true, liveSource, fileSource)
	pass(5 * time.Second)
	s.collected(collectors.Progress{Source: "pager", Done: 1 << 20, Total: 1 << 20, Records: 900, Ended: true})
	s.collected(collectors.Progress{Source: "tickets", Done: 500, Total: 100_000, Records: 500})
	pass(295 * time.Second)
	s.collected(collectors.Progress{Source: "tickets", Done: 50_000, Total: 100_000, Records: 50_000})
	lines := strings.Split(out.String(), "\r\x1b[K")
	if first := lines[2]; !strings.HasSuffix(first, " 900 records; nothing from tickets yet") {
		t.Errorf("after five seconds nothing is guessed: %q", first)
	}
	last := lines[len(lines)-1]
	if !strings.HasSuffix(last, " tickets: 50,000 of 100,000 issues, about 5 min left") {
		t.Errorf("%q", last)
	}
	if n := strings.Count(last, "█"); n != 9 || strings.Count(last, "░") != 9 {
		t.Errorf("half of it is done, and the bar shows %d of 18", n)
	}
	if n := len([]rune(last)); n >= 80 {
		t.Errorf("%d characters on a line of 80", n)
	}
}

func TestALogGetsALineEveryHalfMinute(t *testing.T) {
	s, out, pass := walk(false, liveSource)
	for i := range 100 {
		pass(time.Second)
		s.collected(collectors.Progress{Source: "tickets", Done: 10 * (i + 1), Total: 2_000, Records: 10 * (i + 1)})
	}
	want := "collect  300 of 2,000 issues, about 3 min left\ncollect  600 of 2,000 issues, about 2 min left\ncollect  900 of 2,000 issues, about 2 min left\n"
	if out.String() != want {
		t.Errorf("%s", out)
	}
	s, out, pass = walk(false, liveSource)
	pass(29 * time.Second)
	s.collected(collectors.Progress{Source: "tickets", Done: 1, Total: 2})
	s.collected(collectors.Progress{Source: "tickets", Done: 2, Total: 2, Ended: true})
	if out.Len() > 0 {
		t.Errorf("a short collection writes nothing: %q", out)
	}
}

func TestAQuietNightShowsNoProgress(t *testing.T) {
	s, out, pass := walk(false, liveSource)
	s.quiet = true
	pass(time.Hour)
	s.collected(collectors.Progress{Source: "tickets", Done: 1, Total: 2})
	s.asksToWait("tickets", "rate limit", time.Minute, s.clock())
	if out.Len() > 0 {
		t.Errorf("%q", out)
	}
}

func TestAServiceThatAsksToWaitIsShownWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		s := &steps{w: &out, width: 80, clock: time.Now}
		s.follow([]source{liveSource})
		s.begin("collect")
		asked := 0
		tr, err := transport.New(transport.Options{
			Service: "tickets", Origin: "https://acme.atlassian.net", Auth: transport.Bearer("not-a-real-token"),
			Log: slog.New(waitTap{slog.DiscardHandler, s.asksToWait}),
			Base: roundTrip(func(r *http.Request) (*http.Response, error) {
				asked++
				code, header := 200, http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}
				if asked == 1 {
					code = 429
					header.Set("Retry-After", "600")
				}
				return &http.Response{StatusCode: code, Header: header, Body: io.NopCloser(strings.NewReader("{}")), Request: r, ContentLength: 2, ProtoMajor: 1, ProtoMinor: 1}, nil
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		req, _ := http.NewRequestWithContext(context.Background(), "GET", "https://acme.atlassian.net/rest/api/3/myself", nil)
		resp, err := tr.RoundTrip(req)
		if err != nil || resp.StatusCode != 200 {
			t.Fatal(resp, err)
		}
		if got := out.String(); !strings.HasPrefix(got, "collect  waiting for tickets until 00:10:0") || strings.Count(got, "\n") != 1 {
			t.Errorf("%q", got)
		}
		time.Sleep(30 * time.Second)
		s.collected(collectors.Progress{Source: "tickets", Done: 50, Total: 100, Records: 50})
		if got := out.String(); !strings.Contains(got, "\ncollect  50 of 100 issues, about") {
			t.Errorf("after the wait: %q", got)
		}
	})
}

func TestAWaitLeavesRoomForTheOthers(t *testing.T) {
	code, docs := source{Name: "code", Live: &service{}}, source{Name: "documentation", Live: &service{}}
	for _, c := range []struct {
		sources []source
		want    string
	}{
		{[]source{code, liveSource}, "░ waiting for code until 03:01:30 UTC; 550 records"},
		{[]source{code, docs, liveSource}, "░ waiting for 2 sources until 03:01:30 UTC; 550 records"},
	} {
		s, out, pass := walk(true, c.sources...)
		s.collected(collectors.Progress{Source: "tickets", Done: 90, Total: 100, Records: 550})
		pass(time.Second)
		for _, src := range c.sources {
			if src.Name != "tickets" {
				s.asksToWait(src.Name, "secondary rate limit of the whole of the service", 89*time.Second, s.clock().Add(89*time.Second))
			}
		}
		last := out.String()[strings.LastIndex(out.String(), "\x1b[K")+3:]
		if !strings.HasSuffix(last, c.want) {
			t.Errorf("%q, want %q", last, c.want)
		}
		if n := len([]rune(last)); n >= 80 {
			t.Errorf("%d characters on a line of 80", n)
		}
	}
	s, out, pass := walk(false, code, liveSource)
	pass(20 * time.Second)
	s.collected(collectors.Progress{Source: "tickets", Done: 50, Total: 100, Records: 50})
	s.collected(collectors.Progress{Source: "code", Done: 1, Total: 1000, Records: 1})
	s.asksToWait("code", "secondary rate limit", time.Minute, s.clock().Add(time.Minute))
	if want := "collect  waiting for code until 03:01:20 UTC (secondary rate limit); tickets: 50 of 100 issues, less than a minute left\n"; out.String() != want {
		t.Errorf("a log has room for all of it: %q, want %q", out, want)
	}
}

func TestAWaitBeyondThePatienceIsNotWaited(t *testing.T) {
	s, out, pass := walk(false, source{Name: "code", Live: &service{Patience: 30 * time.Minute}}, liveSource)
	s.asksToWait("code", "rate limit", 31*time.Minute, s.clock().Add(31*time.Minute))
	s.asksToWait("tickets", "rate limit", 76*time.Minute, s.clock().Add(76*time.Minute)) // where nothing is said it is 75
	if out.Len() > 0 {
		t.Errorf("%q", out)
	}
	s.asksToWait("code", "rate limit", 20*time.Minute, s.clock().Add(20*time.Minute))
	s.asksToWait("code", "rate limit", 20*time.Minute, s.clock().Add(20*time.Minute)) // the same wait
	if n := strings.Count(out.String(), "waiting for code until 03:20:00 UTC"); n != 2 {
		t.Errorf("%q", out)
	}
	out.Reset()
	pass(20 * time.Minute)
	s.asksToWait("code", "rate limit", 11*time.Minute, s.clock().Add(11*time.Minute))
	if out.Len() > 0 {
		t.Errorf("20 minutes were waited, and 11 more are beyond the 30: %q", out)
	}
	s.asksToWait("code", "rate limit", 10*time.Minute, s.clock().Add(10*time.Minute))
	if !strings.Contains(out.String(), "waiting for code until 03:30:00 UTC") {
		t.Errorf("%q", out)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestNumbersAndTimesAreWrittenForPeople(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 123456789: "123,456,789", -4200: "-4,200", -420: "-420"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for d, want := range map[time.Duration]string{
		5 * time.Second: "less than a minute", 61 * time.Second: "about 1 min", 12*time.Minute + 20*time.Second: "about 12 min",
		59*time.Minute + 40*time.Second: "about 1 h", 130 * time.Minute: "about 2 h 10 min",
	} {
		if got := about(d); got != want {
			t.Errorf("%v: %s", d, got)
		}
	}
}
