package triage

// Reading a week's file. Every mistake is told with its place; the lines that can be read are.

import (
	"path"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// Read reads a file, whose name says the week. The week is nil where the name does not.
func Read(file string, text []byte, zone *time.Location) (*Week, []strict.Complaint) {
	week, ok := strings.CutSuffix(path.Base(file), Ext)
	from, to, there := Span(week, zone)
	if !ok || !there {
		return nil, []strict.Complaint{{File: file, What: "its name is no week, so it is left out; a triage file is called after its ISO week, such as 2026-W47.yaml"}}
	}
	w := &Week{Week: week, File: file, Zone: zone}
	doc := strict.Read(file, text)
	seen := map[record.Ref]*Line{}
	for _, n := range pages(doc) {
		l, ok := line(n, zone)
		if !ok {
			continue
		}
		l.File = file
		l.Row, l.Col = n.Place()
		switch first := seen[l.Page]; {
		case first != nil:
			n.Complain("the page %s is already in line %d; leave one of the two", l.Page.ID, first.Row)
			continue
		case l.At < from || l.At >= to:
			n.Warn("the page %s is of %s, and this is the file of %s", l.Page.ID, WeekOf(l.At, zone), week)
		}
		seen[l.Page] = &l
		w.Lines = append(w.Lines, l)
	}
	return w, doc.Complaints()
}

// pages are the entries of the file's one list.
func pages(doc *strict.Doc) []strict.Node {
	top := doc.Map()
	if !doc.Readable() || top.Blank("pages") {
		return nil
	}
	return top.Need("pages").List()
}

// line reads one page; false where it does not even say which.
func line(n strict.Node, zone *time.Location) (Line, bool) {
	m := n.Map()
	facts := m.Need("page").Map()
	l := Line{
		Page:    record.Ref{Tracker: facts.Need("tracker").Raw(), ID: facts.Need("id").Raw()},
		Service: facts.Get("service").Raw(),
		Title:   facts.Get("title").Raw(),
	}
	at := facts.Need("at")
	if l.At = moment(at.Raw(), zone); at.Given() && l.At == 0 {
		at.Complain("%q is no time; a time reads Mon 2026-11-16 03:12", at.Raw())
	}
	if !m.Blank("verdict") {
		if v := m.Get("verdict"); v.Raw() != "" {
			var ids []string
			for _, k := range Verdicts {
				ids = append(ids, string(k.ID))
			}
			l.Verdict = Verdict(v.OneOf(ids...))
		}
	}
	if !m.Blank("note") {
		l.Note = strings.TrimSpace(m.Get("note").Raw())
	}
	return l, l.Page.Tracker != "" && l.Page.ID != "" && l.At != 0
}

// How a time is written: to the minute, with the offset from UTC only where the clock shows it twice.
const (
	stamp       = "Mon 2006-01-02 15:04"
	stampOffset = stamp + " -0700"
)

func moment(s string, zone *time.Location) record.Instant {
	t, err := time.ParseInLocation(stamp, s, zone)
	if err != nil {
		if t, err = time.Parse(stampOffset, s); err != nil {
			return 0
		}
	}
	return record.At(t)
}

func written(at record.Instant, zone *time.Location) string {
	t := at.In(zone).Truncate(time.Minute)
	s := t.Format(stamp)
	if moment(s, zone) != record.At(t) {
		s = t.Format(stampOffset)
	}
	return s
}

// Distinct complains about pages that two weeks have a line of: of two verdicts, the first week's counts.
func Distinct(weeks []*Week) []strict.Complaint {
	var cs []strict.Complaint
	seen := map[record.Ref]*Line{}
	for _, w := range weeks {
		for i := range w.Lines {
			l := &w.Lines[i]
			if first := seen[l.Page]; first != nil {
				cs = append(cs, strict.Complaint{File: l.File, Line: l.Row, Col: l.Col, Warning: true, What: "the page " + l.Page.ID + " has a line in " + first.Place() + ", too; leave the one that is judged"})
				continue
			}
			seen[l.Page] = l
		}
	}
	return cs
}
