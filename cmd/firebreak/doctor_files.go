package main

// What the doctor sees of export files: which there are, what they are taken for, which words they use.

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/firebreak/firebreak/collectors"
	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// look is what the doctor found of a source.
type look struct {
	live.Survey
	notes  []string        // worth a look, and nothing less than was asked for
	people []record.Person // who is on call, or acknowledged a page, as far as files tell
}

// What is looked at and shown of files: enough to see whether they are the right ones.
const (
	recordsLookedAt = 20_000
	filesShown      = 8
	doubtsShown     = 3
	valuesShown     = 12
)

// lookAtFiles reads the files of a source as a night would, up to a number of records, and keeps their
// words.
func lookAtFiles(ctx context.Context, src collectors.Source, s source) look {
	var l look
	var files, gaps []live.Check
	var doubts []record.Doubt
	records, more := 0, false
	words := wordsOfFiles{fields: map[string]map[string]bool{}, services: map[string]bool{}, people: map[record.Person]bool{}}
	for b, err := range src.Fetch(ctx, "") {
		if err != nil {
			gaps = append(gaps, live.Check{What: "read the files", Wrong: err.Error(), Grave: true})
			break
		}
		for _, t := range b.Tallies {
			files = append(files, live.Check{What: t.Part, Found: taken(t)})
		}
		for _, g := range b.Gaps {
			gaps = append(gaps, live.Check{What: g.What, Wrong: g.Why})
		}
		doubts = append(doubts, b.Doubts...)
		for i := range b.Issues {
			words.add(&b.Issues[i])
		}
		for i := range b.Pages {
			words.addPage(&b.Pages[i])
		}
		for i := range b.Shifts {
			words.people[b.Shifts[i].Person] = true
		}
		records += len(b.Issues) + len(b.Pages) + len(b.Shifts)
		if more = records >= recordsLookedAt; more {
			break
		}
	}
	for _, g := range gaps { // what gave nothing at all is told once, with the reason
		files = slices.DeleteFunc(files, func(c live.Check) bool { return g.What == "everything in "+c.What })
	}
	if len(files) > filesShown {
		rest := len(files) - filesShown + 1
		files = append(files[:filesShown-1:filesShown-1], live.Check{What: "…", Found: fmt.Sprintf("and %d more files", rest)})
	}
	for i := range gaps { // where nothing at all can be read, every gap is the reason
		gaps[i].Grave = gaps[i].Grave || records == 0
	}
	l.Checks = append(files, gaps...)
	if len(l.Checks) == 0 {
		l.Checks = []live.Check{{What: "read the files", Found: count(records, "record") + " so far"}}
	}
	if more {
		l.notes = append(l.notes, fmt.Sprintf("looked at the first %d records; a night reads them all", records))
	}
	for _, d := range doubts[:min(len(doubts), doubtsShown)] {
		l.notes = append(l.notes, fmt.Sprintf("doubted: %s: %s", d.Place, d.What))
	}
	if n := len(doubts) - doubtsShown; n > 0 {
		l.notes = append(l.notes, fmt.Sprintf("and %s more, which a night lists on the Sources entry", count(n, "doubt")))
	}
	words.tell(&l.Survey, s)
	l.people = slices.Collect(maps.Keys(words.people))
	return l
}

// taken is what a file was taken for.
func taken(t record.Tally) string {
	text := t.Kind + ", " + count(t.Read, "record")
	for _, why := range slices.Sorted(maps.Keys(t.Left)) {
		text += fmt.Sprintf(", %d left out: %s", t.Left[why], why)
	}
	return text
}

// wordsOfFiles are the words that issues and pages use.
type wordsOfFiles struct {
	issues                    bool
	statuses                  []record.Status
	seen                      map[record.Status]bool
	past                      map[record.Status]bool // what histories speak of, without a category
	priorities, types, labels map[string]bool
	fields                    map[string]map[string]bool
	pages                     bool
	services                  map[string]bool
	people                    map[record.Person]bool
}

func (w *wordsOfFiles) addPage(p *record.Page) {
	w.pages = true
	if p.Service != "" {
		w.services[p.Service] = true
	}
	for _, who := range p.AckedBy {
		w.people[who] = true
	}
}

func (w *wordsOfFiles) add(is *record.Issue) {
	if !w.issues {
		w.issues = true
		w.past = map[record.Status]bool{}
		w.seen, w.priorities, w.types, w.labels = map[record.Status]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	for i := range is.Changes {
		if c := &is.Changes[i]; c.Field == record.FieldStatus {
			w.past[record.Status{ID: c.FromID, Name: c.From}] = true
			w.past[record.Status{ID: c.ToID, Name: c.To}] = true
		}
	}
	for i := range is.Copies {
		c := &is.Copies[i]
		if c.Status != (record.Status{}) && !w.seen[c.Status] {
			w.seen[c.Status] = true
			w.statuses = append(w.statuses, c.Status)
		}
		if c.Priority != "" {
			w.priorities[c.Priority] = true
		}
		if c.Type != "" {
			w.types[c.Type] = true
		}
		for _, label := range c.Labels {
			w.labels[label] = true
		}
		for name, values := range c.Fields {
			if w.fields[name] == nil {
				w.fields[name] = map[string]bool{}
			}
			for _, v := range values {
				if len(w.fields[name]) <= valuesShown {
					w.fields[name][v] = true
				}
			}
		}
	}
}

// tell adds the words to a survey, in their alphabetical order: files have no other.
func (w *wordsOfFiles) tell(s *live.Survey, src source) {
	if w.pages {
		s.Services = sorted(w.services)
	}
	if !w.issues {
		return
	}
	w.statuses = append(w.statuses, w.onlyPast()...)
	slices.SortFunc(w.statuses, compareStatuses)
	s.Statuses = w.statuses
	s.Priorities, s.Types, s.Labels = sorted(w.priorities), sorted(w.types), sorted(w.labels)
	for _, name := range slices.Sorted(maps.Keys(w.fields)) {
		f := live.Field{ID: src.Fields[name], Name: name, Asked: true}
		if vs := sorted(w.fields[name]); len(vs) <= valuesShown { // with more it is a text, not a choice
			f.Values = vs
		}
		s.Fields = append(s.Fields, f)
	}
}

// onlyPast are the statuses that no issue is in any more. They decide how long things took as much as the
// others, and no tracker says in a history of which category they are.
func (w *wordsOfFiles) onlyPast() []record.Status {
	ids, names := map[string]bool{"": true}, map[string]bool{"": true}
	for _, s := range w.statuses {
		ids[s.ID], names[foldedName(s)] = true, true
	}
	var only []record.Status
	for s := range w.past {
		if name := foldedName(s); !names[name] && (s.ID == "" || !ids[s.ID]) {
			only = append(only, s)
		}
	}
	return only
}

func sorted(m map[string]bool) []string {
	if len(m) == 0 {
		return []string{}
	}
	return slices.Sorted(maps.Keys(m))
}
