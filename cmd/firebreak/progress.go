package main

// Progress on a terminal is a bar on one line of stderr; elsewhere it is plain lines, few enough for a
// CI log.

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors"
)

// When the bar moves, when a log gets another line, and from when on a guess of what is left is worth
// something.
const (
	drawEvery  = 80 * time.Millisecond
	logEvery   = 30 * time.Second
	guessAfter = 10 * time.Second
)

// steps reports the five steps of a night and how far each is.
type steps struct {
	w     io.Writer
	tty   bool
	width int // of the terminal
	quiet bool
	clock func() time.Time

	mu     sync.Mutex
	name   string
	begun  time.Time
	drawn  time.Time
	source map[string]collectors.Progress
	waits  map[string]wait

	sources  int                      // how many are collected from
	issues   map[string]bool          // those that count issues, and not bytes
	patience map[string]time.Duration // of those, how long they wait at most, all in all
	waited   map[string]time.Duration // of those, how long they were asked to wait so far
}

// usualPatience is what a transport has where firebreak.yaml says nothing.
const usualPatience = 75 * time.Minute

// wait is what a service has asked for.
type wait struct {
	until time.Time // by this machine's clock
	shown time.Time // by the service's, which may differ
	why   string
}

// follow says which sources are going to be collected from.
func (s *steps) follow(sources []source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources, s.issues = len(sources), map[string]bool{}
	s.patience, s.waited = map[string]time.Duration{}, map[string]time.Duration{}
	for _, src := range sources {
		if s.issues[src.Name] = src.Live != nil; src.Live != nil {
			s.patience[src.Name] = cmp.Or(src.Live.Patience, usualPatience)
		}
	}
}

// begin starts a step.
func (s *steps) begin(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name, s.begun, s.source, s.waits = name, s.clock(), map[string]collectors.Progress{}, map[string]wait{}
	s.drawn = s.begun
	if s.tty {
		s.drawn = time.Time{}
	}
	if s.tty && !s.quiet {
		fmt.Fprintf(s.w, "\r\x1b[K%-8s …", name)
	}
}

// say tells something beside the steps, to whoever wants none of these as well: it is what happens once and
// is not undone.
func (s *steps) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tty {
		fmt.Fprint(s.w, "\r\x1b[K")
	}
	fmt.Fprintf(s.w, format+"\n", args...)
}

// end finishes the step with what came of it.
func (s *steps) end(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quiet {
		return
	}
	clear := ""
	if s.tty {
		clear = "\r\x1b[K"
	}
	fmt.Fprintf(s.w, "%s%-8s %s (%s)\n", clear, s.name, fmt.Sprintf(format, args...), s.clock().Sub(s.begun).Round(time.Millisecond))
}

// collected shows how far the collection is: all sources together, and after a while only the live one
// that will take the longest, for which everybody waits.
func (s *steps) collected(p collectors.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.source[p.Source] = p
	now := s.clock()
	if p.Ended || !s.waits[p.Source].until.After(now) {
		delete(s.waits, p.Source)
	}
	if s.due(now) {
		s.show(now)
	}
}

// due says whether it is time to show something again, and notes that it was shown.
func (s *steps) due(now time.Time) bool {
	every := logEvery
	if s.tty {
		every = drawEvery
	}
	if s.quiet || now.Sub(s.drawn) < every {
		return false
	}
	s.drawn = now
	return true
}

// show shows the state of the collection.
func (s *steps) show(now time.Time) {
	done, total, records := 0.0, float64(s.sources), 0
	slowest, longest := "", time.Duration(-1)
	waits := s.waiting(now)
	for _, name := range s.names() {
		p := s.source[name]
		records += p.Records
		switch {
		case p.Ended:
			done++
		case p.Total > 0:
			done += float64(p.Done) / float64(p.Total)
			if left, ok := s.left(p, now); ok && s.issues[name] && !slices.Contains(waits, name) && left > longest {
				slowest, longest = name, left
			}
		}
	}
	what, share := thousands(records)+" records", done/max(total, 1)
	if mute := s.unheard(waits); len(mute) == 1 {
		what += "; nothing from " + mute[0] + " yet"
	} else if len(mute) > 1 {
		what += fmt.Sprintf("; nothing from %d trackers yet", len(mute))
	}
	if p, ok := s.source[slowest]; ok && now.Sub(s.begun) >= guessAfter {
		share = float64(p.Done) / float64(p.Total)
		what = fmt.Sprintf("%s of %s issues, %s left", thousands(p.Done), thousands(p.Total), about(longest))
		if s.sources > 1 {
			what = slowest + ": " + what
		}
	}
	if len(waits) > 0 {
		what = s.fitting(s.waitWords(waits, what))
	}
	if !s.tty {
		fmt.Fprintf(s.w, "%-8s %s\n", s.name, what)
		return
	}
	s.bar(share, what)
}

// names are the sources that have told something, in a fixed order.
func (s *steps) names() []string {
	var all []string
	for name := range s.source {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// unheard are the live sources that have brought nothing so far and are not waited for: a first answer may
// take long.
func (s *steps) unheard(waits []string) []string {
	var all []string
	for name, live := range s.issues {
		if p := s.source[name]; live && p.Done == 0 && p.Records == 0 && !p.Ended && !slices.Contains(waits, name) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// left is how long a source will still take at the pace of this run, waits included.
func (s *steps) left(p collectors.Progress, now time.Time) (time.Duration, bool) {
	if p.Done <= 0 || p.Done >= p.Total {
		return 0, false
	}
	each := now.Sub(s.begun) / time.Duration(p.Done)
	return each * time.Duration(p.Total-p.Done), true
}

// waiting are the sources whose services have asked to wait, the one that is waited for longest first.
func (s *steps) waiting(now time.Time) []string {
	var all []string
	for name, w := range s.waits {
		if w.until.After(now) {
			all = append(all, name)
		}
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(s.waits[b].until.Compare(s.waits[a].until), cmp.Compare(a, b))
	})
	return all
}

// waitWords say what is waited for and how far the others are, from much to little.
func (s *steps) waitWords(names []string, others string) []string {
	until := func(name string) string { return s.waits[name].shown.UTC().Format("15:04:05 MST") }
	var full, brief []string
	for _, name := range names {
		full = append(full, fmt.Sprintf("waiting for %s until %s (%s)", name, until(name), s.waits[name].why))
		brief = append(brief, fmt.Sprintf("waiting for %s until %s", name, until(name)))
	}
	last := brief[0]
	if n := len(names); n > 1 {
		last = fmt.Sprintf("waiting for %d sources until %s", n, until(names[0]))
	}
	return []string{strings.Join(full, ", ") + "; " + others, strings.Join(brief, ", ") + "; " + others, last + "; " + others, last}
}

// fitting is the first of the texts that fits the line with a bar before it, or the last; a log has lines
// of any length.
func (s *steps) fitting(texts []string) string {
	for _, t := range texts {
		if !s.tty || utf8.RuneCountInString(t)+len("collect  ")+leastBar+2 <= s.width {
			return t
		}
	}
	return texts[len(texts)-1]
}

// asksToWait shows that a service asks to wait: it is said at once, since nothing else is going to be.
// A wait beyond the patience of the source is not waited: that is the end of its run, and a gap that says
// so.
func (s *steps) asksToWait(source, why string, d time.Duration, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	left := max(s.waits[source].until.Sub(now), 0) // of a wait that was counted already
	if most, ok := s.patience[source]; ok && s.waited[source]-left+d > most {
		return
	}
	if d > left {
		s.waited[source] += d - left
		s.waits[source] = wait{now.Add(d), until, why}
	}
	if !s.quiet {
		s.drawn = now
		s.show(now)
	}
}

// written draws the bar of the publishing.
func (s *steps) written(done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tty && total > 0 && s.due(s.clock()) {
		s.bar(float64(done)/float64(total), fmt.Sprintf("%d of %d files", done, total))
	}
}

// leastBar is the width of a bar on a line with much to say.
const leastBar = 6

func (s *steps) bar(share float64, what string) {
	// The text comes first, but a line that wraps would not be drawn over.
	width := min(max(s.width-len("collect    ")-utf8.RuneCountInString(what), leastBar), 24)
	full := min(int(share*float64(width)), width)
	line := []rune(fmt.Sprintf("%-8s %s%s %s", s.name, strings.Repeat("█", full), strings.Repeat("░", width-full), what))
	fmt.Fprintf(s.w, "\r\x1b[K%s", string(line[:min(len(line), max(s.width-1, 20))]))
}

// records is how many records the collection has saved.
func (s *steps) records() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.source {
		n += p.Records
	}
	return n
}

// abandon leaves the line of a step that failed.
func (s *steps) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tty && !s.quiet {
		fmt.Fprintf(s.w, "\r\x1b[K")
	}
}

// about is a length of time as people guess it.
func about(d time.Duration) string {
	switch m := int((d + 30*time.Second) / time.Minute); {
	case d < time.Minute:
		return "less than a minute"
	case m < 60:
		return fmt.Sprintf("about %d min", m)
	case m%60 == 0:
		return fmt.Sprintf("about %d h", m/60)
	default:
		return fmt.Sprintf("about %d h %d min", m/60, m%60)
	}
}

// thousands is a number with its thousands set apart.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// waitTap hears in the log of a transport that its service asks to wait, and passes everything on. The
// transport says so at info level, with the service and until when.
type waitTap struct {
	slog.Handler
	told func(service, why string, d time.Duration, until time.Time)
}

func (t waitTap) Enabled(ctx context.Context, level slog.Level) bool {
	return level == slog.LevelInfo || t.Handler.Enabled(ctx, level)
}

func (t waitTap) Handle(ctx context.Context, r slog.Record) error {
	var service, why string
	var d time.Duration
	var until time.Time
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "service":
			service = a.Value.String()
		case "why":
			why = a.Value.String()
		case "wait":
			if a.Value.Kind() == slog.KindDuration {
				d = a.Value.Duration()
			}
		case "until":
			if a.Value.Kind() == slog.KindTime {
				until = a.Value.Time()
			}
		}
		return true
	})
	if r.Level == slog.LevelInfo && d > 0 {
		t.told(service, why, d, until)
	}
	if !t.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return t.Handler.Handle(ctx, r)
}

func (t waitTap) WithAttrs(as []slog.Attr) slog.Handler {
	return waitTap{t.Handler.WithAttrs(as), t.told}
}

func (t waitTap) WithGroup(name string) slog.Handler {
	return waitTap{t.Handler.WithGroup(name), t.told}
}
