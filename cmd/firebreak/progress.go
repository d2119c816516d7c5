package main

// Progress on a terminal is a bar on one line of stderr; elsewhere it is plain lines, few enough for a
// CI log.

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/firebreak/firebreak/collectors"
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

	sources int // how many are collected from
}

// begin starts a step.
func (s *steps) begin(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name, s.begun, s.source = name, s.clock(), map[string]collectors.Progress{}
	if s.tty && !s.quiet {
		fmt.Fprintf(s.w, "\r\x1b[K%-8s …", name)
	}
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

// collected draws the bar of the collection: all sources together.
func (s *steps) collected(p collectors.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.source[p.Source] = p
	if !s.tty || s.quiet || s.clock().Sub(s.drawn) < 80*time.Millisecond {
		return
	}
	s.drawn = s.clock()
	done, total, records := 0.0, float64(s.sources), 0
	for _, p := range s.source {
		records += p.Records
		switch {
		case p.Ended:
			done++
		case p.Total > 0:
			done += float64(p.Done) / float64(p.Total)
		}
	}
	s.bar(done/max(total, 1), fmt.Sprintf("%d records", records))
}

// written draws the bar of the publishing.
func (s *steps) written(done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.tty || s.quiet || total == 0 || s.clock().Sub(s.drawn) < 80*time.Millisecond {
		return
	}
	s.drawn = s.clock()
	s.bar(float64(done)/float64(total), fmt.Sprintf("%d of %d files", done, total))
}

func (s *steps) bar(share float64, what string) {
	width := 24
	if s.width < 60 { // a line that wraps is not drawn over
		width = 6
	}
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
