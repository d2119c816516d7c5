package paging

// The updates of ServiceNow's incidents, put together: each incident's rows in the order of their times,
// and what differs from one to the next as its history.
//
// An incident in two files merges by its number. Where their updates overlap, the histories are one. Where
// they only meet, the first row of the second has nothing to be compared with: its status is dated from
// there, as whatever it was before; what else changed between the files is in the newer snapshot and not
// in the history.

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// incidentLog is one file of ServiceNow while it is read. Rows of one incident need not be neighbours, so
// all are kept until its end: some 150 bytes each, and every text once.
type incidentLog struct {
	sheet
	tracker    string
	monthFirst bool
	parts      record.Parts

	// The names of the columns here, "" where there is none.
	number, opened, created, updated, by, mods, resolved, closed string
	fields                                                       [len(serviceNowFields)]string

	incidents []incident
	updates   int // of all of them
	byNumber  map[string]int
	words     []string
	wordOf    map[string]word
}

// incident is one incident with its updates, as they come.
type incident struct {
	number  string
	updates []revision
}

// word is a text of the file, by its place among the words; 0 is "".
type word uint32

// revision is one row: the incident as an update left it.
type revision struct {
	at               record.Instant // 0 where it doesn't say
	mod              int            // how many updates there were before, -1 where it doesn't say
	opened, resolved record.Instant
	line             int
	by               word
	text             [len(serviceNowFields)]word
}

// update takes a row.
func (l *incidentLog) update(r row) {
	number := r.cell(l.number)
	switch {
	case len(r.Cells) < len(l.names):
		r.leave("the row has %d cells, the header %d; was the file still being written? Export it again", len(r.Cells), len(l.names))
		return
	case !blank(r.Cells[len(l.names):]):
		r.leave("the row has %d cells, the header %d: which of them is which is not known", len(r.Cells), len(l.names))
		return
	case number == "" || number == "?":
		r.leave("it has no number")
		return
	}
	u := revision{line: r.Line, at: l.when(&r, l.updated), mod: -1, opened: cmp.Or(l.when(&r, l.opened), l.when(&r, l.created)), by: l.word(&r, l.by)}
	if s := r.cell(l.mods); s != "" && s != "?" {
		n, err := strconv.ParseUint(strings.ReplaceAll(s, ",", ""), 10, 31)
		if err != nil {
			r.doubt("%s is %q, not a number; read as none", l.mods, strings.Clone(s))
		} else {
			u.mod = int(n)
		}
	}
	for i, c := range l.fields {
		u.text[i] = l.word(&r, c)
	}
	u.resolved = cmp.Or(l.when(&r, l.resolved), l.when(&r, l.closed))
	if serviceNowCategory(l.words[u.text[statusColumn]]) != record.Done {
		u.resolved, u.text[resolutionColumn] = 0, 0
	}
	if u.resolved != 0 && u.resolved < u.opened {
		r.doubt("incident %s was resolved at %s, before it was opened at %s; its end was left empty", strings.Clone(number), u.resolved, u.opened)
		u.resolved = 0
	}
	l.updates++
	i, known := l.byNumber[number]
	if !known {
		i = len(l.incidents)
		number = strings.Clone(number)
		l.byNumber[number] = i
		l.incidents = append(l.incidents, incident{number: number})
	}
	l.incidents[i].updates = append(l.incidents[i].updates, u)
}

// word is a cell's text.
func (l *incidentLog) word(r *row, column string) word {
	s := r.cell(column)
	if column == "" || s == "?" {
		return 0
	}
	w, known := l.wordOf[s]
	if !known {
		w, s = word(len(l.words)), strings.Clone(s)
		l.words = append(l.words, s)
		l.wordOf[s] = w
	}
	return w
}

// finish hands over the incidents, in the order in which the file first names them.
func (l *incidentLog) finish() {
	history := false
	for i := range l.incidents {
		in := &l.incidents[i]
		l.arrange(in)
		history = history || len(in.updates) > 1
	}
	if history {
		l.Kind(fmt.Sprintf("servicenow log of %d updates", l.updates))
	} else {
		l.Kind("servicenow incidents")
	}
	lacking, lost, example := 0, 0, ""
	for i := range l.incidents {
		in := &l.incidents[i]
		l.Issue(l.issue(in, history))
		if n := in.lost(); n > 0 && history {
			lacking++
			lost += n
			example = cmp.Or(example, in.number)
		}
	}
	if lacking > 0 {
		l.Doubt("", "of %d incidents, %d lack updates by their sys_mod_count, %d in all (the first is %s); a state held only in these is in no history",
			len(l.incidents), lacking, lost, example)
	}
}

// arrange orders an incident's updates and drops those told twice. They are ordered by time, as all that is
// told of a history is told by its times, and by sys_mod_count where they are of one instant; where that is
// equal as well, they stay as the file has them.
func (l *incidentLog) arrange(in *incident) {
	if !slices.ContainsFunc(in.updates, func(u revision) bool { return u.at != 0 }) {
		// Nothing says which of them is the latest; in a file they usually follow each other.
		for range in.updates[1:] {
			l.Left("update without its time")
		}
		in.updates = in.updates[len(in.updates)-1:]
		return
	}
	in.updates = slices.DeleteFunc(in.updates, func(u revision) bool {
		if u.at == 0 {
			l.Left("update without its time")
		}
		return u.at == 0
	})
	slices.SortStableFunc(in.updates, func(a, b revision) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.mod, b.mod)) })
	kept := in.updates[:0]
	for _, u := range in.updates {
		again := false
		for i := len(kept) - 1; i >= 0 && kept[i].at == u.at && kept[i].mod == u.mod && !again; i-- {
			same := kept[i]
			same.line = u.line
			if again = same == u; u.mod < 0 { // without numbers, an update may well undo the one before
				break
			}
		}
		if again {
			l.Left("same update twice")
			continue
		}
		kept = append(kept, u)
	}
	in.updates = kept
}

func place(u *revision) string { return strconv.Itoa(u.line) }

// lost is how many updates are missing between the first and the last, by their numbers. Where the numbers
// contradict the times, they say nothing.
func (in *incident) lost() (n int) {
	for i := 1; i < len(in.updates); i++ {
		a, b := in.updates[i-1].mod, in.updates[i].mod
		if a < 0 || b < a {
			return 0
		}
		n += max(0, b-a-1)
	}
	return n
}
