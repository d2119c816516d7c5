package main

// Did it need a person? The pages of a week, in a file for people to judge them in.

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/analysis/triage"
	"github.com/firebreak/firebreak/collectors/record"
)

func triageCommand(env environment) *cli.Command {
	return &cli.Command{Name: "triage", Usage: "write the pages of a week into a file, to say of each whether it needed a person",
		Description: "It writes content/triage/2026-W47.yaml from what the ledger knows, and asks no pager: a line for each page of\n" +
			"the week, for the person on call to put a verdict behind and a note. Run again, it adds the pages that came\n" +
			"since, and leaves alone what people wrote. The next night counts the verdicts.\n\n" +
			"Without --week it is the week that just ended until Thursday noon, and from then on the running one, by\n" +
			"the newest moment that the ledger speaks for. Weeks begin on Monday, in the team's zone.",
		Flags: []cli.Flag{configFlag, &cli.StringFlag{Name: "week", Usage: "the ISO `WEEK`, such as 2026-W47"}},
		Action: func(c *cli.Context) error {
			n, err := newNight(env, c)
			if err != nil {
				return err
			}
			return n.toTriage(c)
		}}
}

// toTriage brings the file of a week up to date.
func (n *night) toTriage(c *cli.Context) (err error) {
	n.steps.quiet, n.skip = true, true
	if err := n.check(c.Context); err != nil {
		return err
	}
	if err := n.collect(c.Context); err != nil {
		return errors.Join(err, n.closeLedger())
	}
	defer func() { err = errors.Join(err, n.closeLedger()) }()
	if err := n.analyse(c.Context); err != nil {
		return err
	}
	week := c.String("week")
	if week == "" {
		week = weekToTriage(n.report.AsOf, n.report.Zone)
	}
	from, to, ok := triage.Span(week, n.report.Zone)
	switch {
	case !ok:
		return usage("--week %q is no week; a week reads 2026-W47, as ISO 8601 counts them", week)
	case from >= n.report.AsOf:
		return usage("%s has not begun: the ledger speaks for what was before %s", week, n.report.AsOf.In(n.report.Zone).Format("2006-01-02 15:04"))
	}
	if silent := n.untold(week, from, to); silent != nil {
		return silent
	}
	found := n.report.ToTriage(from, to)
	more := len(found) - triage.Most
	if more > 0 {
		found = found[:triage.Most]
	}
	w, old, err := n.config.week(week, n.report.Zone)
	if err != nil {
		return err
	}
	if old == nil && len(found) == 0 {
		fmt.Fprintf(n.env.out, "the pager did not go in %s; there is nothing to judge\n", week)
		n.tellSilence()
		return nil
	}
	change := w.Update(found)
	if text := triage.Write(w, old); !bytes.Equal(text, old) {
		if err := writeWhole(n.config.path(filepath.Join(n.config.Content, triage.Folder, week+triage.Ext)), text); err != nil {
			return err
		}
	}
	n.tellTriage(w, change)
	if more > 0 {
		fmt.Fprintf(n.env.out, "%s of that week have no line: %d are the most that anybody could judge one by one; what calls this often wants to be switched off first\n", count(more, "more page"), triage.Most)
	}
	n.tellSilence()
	return nil
}

// untold is the mistake of asking for a week of which nothing was read.
func (n *night) untold(week string, from, to record.Instant) error {
	var told []string
	day := func(t record.Instant) string { return t.In(n.report.Zone).Format("2006-01-02") }
	for _, s := range n.report.Told() {
		if s.From < to && s.To > from {
			return nil
		}
		told = append(told, "from "+day(s.From)+" to "+day(s.To-1))
	}
	if told == nil {
		return exit{unpublished, fmt.Errorf("no page of a pager has been read, so nobody knows what it did in %s; see `sources:` in %s", week, n.config.File)}
	}
	return exit{unpublished, fmt.Errorf("what was read of the pager goes %s, so nobody knows what it did in %s; read in an export that has that week", strings.Join(told, " and "), week)}
}

// tellSilence says which pagers may know more pages than were read.
func (n *night) tellSilence() {
	for _, d := range n.report.PagerDoubts() {
		fmt.Fprintln(n.env.out, d)
	}
}

// tellTriage says what became of a week's file. Lines that count for nothing are no pages of the week.
func (n *night) tellTriage(w *triage.Week, c triage.Change) {
	out, unjudged := n.env.out, w.Unjudged()
	for _, l := range c.Kept {
		if !l.Judged() {
			unjudged--
		}
	}
	fmt.Fprintf(out, "%s: %s, %d new, %d without a verdict\n", w.File, count(len(w.Lines)-len(c.Kept), "page"), c.New, unjudged)
	if c.Refreshed > 0 {
		fmt.Fprintf(out, "%s told another time, service or title than before\n", count(c.Refreshed, "page"))
	}
	if c.Dropped > 0 {
		fmt.Fprintf(out, "%s taken out that nobody had written into: the ledger does not count the page, or not in that week\n", count(c.Dropped, "line"))
	}
	for _, l := range c.Kept {
		why := "is not counted any more"
		for _, p := range n.report.Pages {
			if p.Ref == l.Page && p.Into != nil {
				why = "counts as part of " + p.Into.ID
			} else if p.Ref == l.Page {
				why = "is of " + triage.WeekOf(p.Triggered, n.report.Zone)
			}
		}
		fmt.Fprintf(out, "the page %s %s; its line stays for what somebody wrote: %s\n", l.Page.ID, why, oneLine(l))
	}
}

func oneLine(l triage.Line) string {
	s := string(l.Verdict)
	if l.Note != "" {
		s = strings.TrimPrefix(s+": "+triage.Short(l.Note), ": ")
	}
	return s
}

// weekToTriage is the week that most of the last seven days lie in: who asks on a Monday morning wants the
// week that is over, who asks on a Friday the one that they are in.
func weekToTriage(asOf record.Instant, zone *time.Location) string {
	return triage.WeekOf(asOf.Add(-7*24*time.Hour/2), zone)
}

// triage reads what people thought of the pages, week by week.
func (c *config) triage(zone *time.Location) ([]*triage.Week, []strict.Complaint, error) {
	files, complaints, err := c.folder(triage.Folder, func(string) bool { return true })
	if err != nil {
		return nil, nil, err
	}
	var weeks []*triage.Week
	for _, f := range files {
		w, cs := triage.Read(f.name, f.text, zone)
		if complaints = append(complaints, cs...); w != nil {
			weeks = append(weeks, w)
		}
	}
	return weeks, strict.Sort(append(complaints, triage.Distinct(weeks)...)), nil
}

// week is the file of a week as it stands, and its text; both empty where there is none. One with mistakes
// is for people to mend: half of it would be written back.
func (c *config) week(week string, zone *time.Location) (*triage.Week, []byte, error) {
	p := path.Join(triage.Folder, week+triage.Ext)
	text, err := fs.ReadFile(c.content, p)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(bytes.TrimSpace(text)) == 0 {
		return &triage.Week{Week: week, File: c.shown(p), Zone: zone}, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %s", c.shown(p), reason(err))
	}
	w, complaints := triage.Read(c.shown(p), text, zone)
	if strict.Failed(complaints) {
		var b strings.Builder
		for _, x := range complaints {
			fmt.Fprintf(&b, "%s\n", x)
		}
		return nil, nil, exit{unusable, errors.New(b.String() + "the file was left as it is; it wants mending first")}
	}
	return w, text, nil
}

// writeWhole writes a file whole or not at all.
func writeWhole(name string, text []byte) (err error) {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".triage-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(text)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// strays complains about verdicts that count for nothing, in one line for each file.
func (n *night) strays() []strict.Complaint {
	var cs []strict.Complaint
	strays := n.report.Strays()
	for len(strays) > 0 {
		first := strays[0]
		var which []string
		for len(strays) > 0 && strays[0].File == first.File {
			s := strays[0]
			strays = strays[1:]
			var about []string
			if s.Row != first.Row {
				about = append(about, fmt.Sprintf("line %d", s.Row))
			}
			if s.Into != nil {
				about = append(about, "merged into "+s.Into.ID)
			}
			if about != nil {
				which = append(which, fmt.Sprintf("%s (%s)", s.Page.ID, strings.Join(about, ", ")))
			} else {
				which = append(which, s.Page.ID)
			}
		}
		cs = append(cs, strict.Complaint{File: first.File, Line: first.Row, Col: first.Col, Warning: true,
			What: fmt.Sprintf("the ledger counts no page %s; what was thought of it counts for nothing", strings.Join(which, ", "))})
	}
	return cs
}
