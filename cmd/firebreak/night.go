package main

// One night, one way: check, collect, analyse, build, publish.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/postmortem"
	"github.com/firebreak/firebreak/analysis/pulse"
	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/ledger"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/site"
)

// night is one run of the program over one wiki repository.
type night struct {
	env    environment
	config *config
	asOf   string // as given; "" is the newest horizon
	skip   bool   // do not collect: build from the ledger as it is
	full   bool   // collect everything again, from the beginning
	after  string // --since as given; "" where nothing was asked
	told   bool   // compare with earlier nights: a wiki tells what changed
	gates  []analysis.Gate
	steps  *steps
	log    *slog.Logger

	at         record.Instant // as-of; 0 is the newest horizon
	since      record.Instant // what is asked for with --since
	theme      fs.FS
	policy     *analysis.Policy
	posts      []*postmortem.Postmortem
	triage     []*triage.Week
	pulse      []*pulse.Month
	complaints []strict.Complaint // about the authors' texts: published with them
	ledger     *ledger.Ledger
	gaps       []record.Gap
	warnings   []string // about the configuration
	report     *analysis.Report
	rulings    []analysis.Ruling
	misplaced  []error // the gates that name a part that there is not, or take it for something else
	tree       *site.Tree
}

// run is the night. Nothing touches the sources before the two configuration files are sound, and
// nothing touches yesterday's wiki before today's is whole.
func (n *night) run(ctx context.Context) error {
	signal.Ignore(syscall.SIGPIPE)                                        // `2>&1 | head` ends the telling, not the night
	if err := site.Publishable(n.config.path(n.config.Out)); err != nil { // an evening of collecting would be for nothing
		return err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"check", n.check},
		{"collect", n.collect},
		{"analyse", n.analyse},
		{"build", n.build},
		{"publish", n.publish},
	} {
		n.steps.begin(step.name)
		err := step.do(ctx)
		if err == nil && step.name != "publish" { // what is published is not taken back
			err = interrupted(ctx)
		}
		if err != nil {
			n.steps.abandon()
			return errors.Join(err, n.closeLedger())
		}
	}
	if err := n.closeLedger(); err != nil {
		return err
	}
	return n.outcome("published")
}

// interrupted is the error of a night that was told to stop.
func interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return exit{unpublished, errors.New("interrupted; what was collected is saved and the next run goes on from there, and the wiki stands as it was")}
}

// outcome is the exit code of a night that did what it is called for, and what was not perfect about it.
func (n *night) outcome(done string) error {
	var s []string
	n.tellGaps()
	if len(n.gaps) > 0 {
		s = append(s, fmt.Sprintf("%s; the Sources entry shows what is missing and why", count(len(n.gaps), "gap")))
	}
	for _, w := range n.warnings {
		fmt.Fprintln(n.env.err, "warning: "+w)
	}
	for _, c := range n.complaints {
		fmt.Fprintln(n.env.err, c)
	}
	if k := n.tellGates(); k > 0 {
		s = append(s, count(k, "failed gate")+", named above")
	}
	if k := len(n.misplaced); k > 0 {
		for _, err := range n.misplaced { // a class that was taken out of the policy costs no night
			fmt.Fprintf(n.env.err, "%s: %v\n", analysis.GateUnsure, err)
		}
		s = append(s, count(k, "gate")+" that nobody can judge, named above")
	}
	if strict.Failed(n.complaints) {
		s = append(s, count(len(n.complaints), "complaint")+" about the team's texts, listed above and shown where they belong")
	}
	if s == nil {
		return nil
	}
	return exit{withGaps, errors.New(done + " with " + strings.Join(s, ", and with "))}
}

// tellGates says which gates failed, and of which nobody can tell; it counts those that failed.
func (n *night) tellGates() (failed int) {
	for _, r := range n.rulings {
		switch r.Verdict {
		case analysis.GateFailed:
			failed++
			fmt.Fprintf(n.env.err, "gate failed: %s: %s\n", r.Text, plain(r.Sentence))
		case analysis.GateUnsure:
			fmt.Fprintf(n.env.err, "gate passed for want of data: %s: %s\n", r.Text, plain(r.Sentence))
		}
	}
	return failed
}

func (n *night) tellGaps() {
	for _, g := range n.gaps {
		fmt.Fprintf(n.env.err, "gap: %s: %s: %s\n", g.Source, g.What, g.Why)
	}
}

// check reads everything that people wrote. Faults in the two configuration files stop the night;
// faults in an author's text are published with it.
func (n *night) check(context.Context) error {
	policy, posts, fatal, texts, err := n.config.read()
	if err != nil {
		return err
	}
	theme, none := n.config.theme()
	n.theme, fatal = theme, append(fatal, none...)
	if strict.Failed(fatal) {
		return exit{unusable, errors.New(list(fatal) + "nothing was touched; the files above want mending first")}
	}
	if n.at, err = instant("as-of", n.asOf, policy.Zone); err != nil {
		return err
	}
	if n.since, err = instant("since", n.after, policy.Zone); err != nil {
		return err
	}
	weeks, more, err := n.config.triage(policy.Zone)
	if err != nil {
		return err
	}
	months, felt, err := n.config.pulse()
	if err != nil {
		return err
	}
	n.policy, n.posts, n.triage, n.pulse, n.complaints = policy, posts, weeks, months, slices.Concat(fatal, texts, more, felt)
	classes := fmt.Sprintf("%d classes of service", len(policy.Classes))
	if len(policy.Classes) == 1 {
		classes = "1 class of service"
	}
	n.steps.end("%s, %s", classes, count(len(posts), "postmortem"))
	return nil
}

// collect brings home what the sources have. A source that fails is a gap, and the last good data
// stays.
func (n *night) collect(ctx context.Context) (err error) {
	debug.SetGCPercent(400)     // there is never more alive than a few batches
	defer limitMemory(modest)() // but one large answer among them counts fivefold
	if err = n.openLedger(ctx); err != nil {
		return err
	}
	if n.skip {
		n.steps.end("left as it was: %s", n.config.Ledger)
	} else {
		n.steps.follow(n.config.Sources)
		sources, warnings := n.config.named(wiring{
			now: record.At(n.env.clock()), full: n.full, delivered: n.ledger.Delivered,
			log: slog.New(waitTap{n.log.Handler(), n.steps.asksToWait}),
		})
		n.warnings = append(n.warnings, warnings...)
		n.gaps = collectors.Collect(ctx, n.log, n.ledger, n.env.clock, sources, n.steps.collected)
	}
	if err := interrupted(ctx); err != nil {
		return err
	}
	if !n.skip {
		states, err := n.ledger.Sources(ctx)
		if err != nil {
			return err
		}
		doubts := 0
		for _, s := range states {
			doubts += len(s.Doubts)
		}
		read := "nothing new"
		if k := n.steps.records(); k > 0 {
			read = count(k, "record")
		}
		n.steps.end("%s, %s, %s", read, count(len(n.gaps), "gap"), count(doubts, "doubt"))
	}
	return nil
}

// modest is how much memory collecting keeps to, in bytes, as the Go runtime counts it. Beside it are the
// program itself, and SQLite's pages.
const modest = 96 << 20

// limitMemory makes the runtime collect garbage as often as it takes to stay below limit, or below
// GOMEMLIMIT where that is less, until the function that it gives is called. It is no bound: what is alive
// stays, and the runtime spends no more than half of its time on keeping to it.
func limitMemory(limit int64) (restore func()) {
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, limit))
	return func() { debug.SetMemoryLimit(before) }
}

// analyse judges the ledger by the policy.
func (n *night) analyse(ctx context.Context) error {
	in := analysis.Input{Policy: n.policy, Postmortems: n.posts, Triage: n.triage, Pulse: n.pulse, AsOf: n.at, Program: version()}
	var err error
	if in.Sources, err = n.sources(ctx); err != nil {
		return err
	}
	n.gaps = nil // those of this run are in the ledger, too
	for _, s := range in.Sources {
		n.gaps = append(n.gaps, s.Gaps...)
	}
	issues, pages, err := n.ledger.Count(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(in.Sources, func(s analysis.SourceState) bool { return s.Horizon != 0 }) {
		n.tellGaps()
		if issues+pages > 0 { // half of a first collection would be judged as if it were all
			return exit{unpublished, fmt.Errorf("no source has been read to its end yet, so there is nothing to speak for; what was collected is kept in %s, and the next run goes on from there", n.config.Ledger)}
		}
		return exit{unpublished, fmt.Errorf("the ledger %s is empty: no source has delivered anything yet; see `sources:` in %s", n.config.Ledger, n.config.File)}
	}
	debug.SetGCPercent(garbage(issues+pages, len(n.posts)))
	if in.Statuses, err = n.statuses(ctx); err != nil {
		return err
	}
	if n.told {
		if in.Earlier, in.Uncompared, err = n.earlier(ctx, in, issues+pages); err != nil {
			return err
		}
	}
	in.Again = func(ref record.Ref) (record.Issue, bool) {
		is, ok, err := n.ledger.Issue(context.WithoutCancel(ctx), ref)
		return is, ok && err == nil // it was read before
	}
	if n.report, err = n.judge(ctx, in); err != nil {
		return err
	}
	for _, g := range n.gates {
		ruling, err := g.Judge(n.report)
		if err != nil {
			n.misplaced = append(n.misplaced, fmt.Errorf("--fail-on: %w", err))
			continue
		}
		n.rulings = append(n.rulings, ruling)
	}
	n.complaints = slices.Concat(n.complaints, n.unknownIncidents(), n.strays(), n.abandoned(), n.strangers())
	n.steps.end("%s as of %s", count(len(n.report.Items), "item"), n.report.AsOf.In(n.report.Zone).Format("2006-01-02 15:04 MST"))
	return nil
}

// garbage is how much memory may lie unused while items and texts are held, in percent of what is
// alive. A night of ten thousand issues has memory to spare and gets done a tenth sooner; one of a
// hundred thousand, or of thousands of texts, has not; and the pages of one with a million are nearly all
// of what it may use.
func garbage(records, texts int) int {
	switch {
	case records > 300_000:
		return 14
	case records > 30_000, texts > 1000:
		return 100
	}
	return 200
}

// build makes the tree; nothing is on the disk yet.
func (n *night) build(context.Context) error {
	var err error
	n.tree, err = site.Build(site.Input{
		Report: n.report, Content: n.config.content, Theme: n.theme,
		ContentName: n.config.shown("") + "/",
		Title:       n.config.Title, BaseURL: n.config.URL, Version: version(), Complaints: n.complaints,
	})
	if err != nil {
		return fmt.Errorf("build: %w; nothing was published and the wiki in %s stands as it was", err, n.config.Out)
	}
	n.complaints = append(n.complaints, n.tree.Complaints...)
	n.steps.end("%s, %s", count(len(n.tree.Files), "file"), count(len(n.complaints), "complaint")) // only building finds the last of them
	return nil
}

// publish swaps the wiki for the new one and keeps the night's figures and verdicts for the next.
func (n *night) publish(ctx context.Context) error {
	out := n.config.path(n.config.Out)
	if err := site.Publish(ctx, out, n.tree, n.steps.written); err != nil {
		return err
	}
	// The wiki is out: what is kept of the night is kept even if somebody stops the program now.
	if err := n.keep(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	n.steps.end("%s", filepath.Join(out, "index.html"))
	return nil
}

func list(cs []strict.Complaint) string {
	var b strings.Builder
	b.WriteString("the configuration cannot be used:\n")
	for _, c := range cs {
		b.WriteString("  " + c.String() + "\n")
	}
	return b.String()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// logger logs to stderr, and only where it is asked for: gaps and complaints are told at the end, doubts
// are counted in the steps' lines, and all of them are on the wiki's Sources entry.
func logger(env environment, verbose bool) *slog.Logger {
	if !verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(env.err, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func fileExists(p string) bool {
	_, err := os.Stat(p)
	return err == nil
}
