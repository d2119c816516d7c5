// Package pulse reads what a team answered about a month, anonymously: how was on call, can we keep this
// up? Figures say how often the pager went at night. What that does to people only they can say, and they
// say it where nobody is counted one by one.
//
// Its words: a [Question] is one of the table [Questions], answered from 1, the worst, to 5, the best; a
// [Month] is one file, content/pulse/2026-10.yaml, which holds how many gave which answer and nothing else.
//
// Its one rule: nobody can be recognised. A file knows no names and no comments, and of a question with
// fewer than [Fewest] answers nothing is shown but that there are too few.
//
// A file reads
//
//	on-call: {1: 0, 2: 1, 3: 2, 4: 3, 5: 0}
//	keep-up: {1: 0, 2: 0, 3: 3, 4: 2, 5: 1}
package pulse

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/analysis/strict"
	"github.com/firebreak/firebreak/collectors/record"
)

// Best is the best answer; the worst is 1.
const Best = 5

// Fewest is how many answers a question needs to be shown at all.
const Fewest = 4

// Question is one thing that is asked every month.
type Question struct {
	ID    string // permanent
	Title string
	Worst string // what 1 means
	Best  string // what 5 means
}

// Questions is the table of them. A team that asks fewer leaves the others out.
var Questions = []Question{
	{"on-call", "How was on call?", "it wore me out", "it was fine"},
	{"keep-up", "Can we keep this up?", "not for another month", "for years"},
	{"help", "Was there help when I needed it?", "I was alone", "always"},
	{"say", "Can I say what goes wrong?", "better not", "to anybody"},
}

// Answers are how many gave each answer to a question.
type Answers struct {
	Question
	Counts [Best]int // of the answers 1 to 5
}

// N is how many answered.
func (a *Answers) N() int {
	n := 0
	for _, k := range a.Counts {
		n += k
	}
	return n
}

// Shown says whether there are enough answers for anything of them to be shown.
func (a *Answers) Shown() bool { return a.N() >= Fewest }

// Good is how many answered 4 or 5.
func (a *Answers) Good() int { return a.Counts[3] + a.Counts[4] }

// Month is the file of one month.
type Month struct {
	Month   string // 2026-10
	File    string // as the caller named it
	Answers []Answers
}

// To is the question's answers; nil where it was not asked.
func (m *Month) To(id string) *Answers {
	for i := range m.Answers {
		if m.Answers[i].ID == id {
			return &m.Answers[i]
		}
	}
	return nil
}

// Folder is the folder of the team's texts that the months lie in, and Ext how a name in it ends.
const (
	Folder = "pulse"
	Ext    = ".yaml"
)

// Span is a month from its first local midnight to that of the next, [from, to); false where there is no
// such month.
func Span(month string, zone *time.Location) (from, to record.Instant, ok bool) {
	t, err := time.Parse("2006-01", month)
	if err != nil || t.Year() < 1971 || t.Year() > 2260 {
		return 0, 0, false
	}
	next := t.AddDate(0, 1, 0)
	return record.Midnight(t.Year(), t.Month(), 1, zone), record.Midnight(next.Year(), next.Month(), 1, zone), true
}

// most is how many can give one answer: larger numbers are slips.
const most = 1000

// Read reads a file, whose name says the month. The month is nil where the name does not. Every mistake is
// told with its place, and a file with one in it has no answers: half of them would say something else.
func Read(file string, text []byte) (*Month, []strict.Complaint) {
	name, ok := strings.CutSuffix(path.Base(file), Ext)
	if _, _, there := Span(name, time.UTC); !ok || !there {
		return nil, []strict.Complaint{{File: file, What: "its name is no month, so it is left out; a pulse file is called after its month, such as 2026-10.yaml"}}
	}
	m := &Month{Month: name, File: file}
	doc := strict.Read(file, text)
	top := doc.Map()
	for _, q := range Questions {
		n := top.Get(q.ID)
		if !n.Given() {
			continue
		}
		a, counts := Answers{Question: q}, n.Map()
		for i := range a.Counts {
			a.Counts[i] = counts.Get(strconv.Itoa(i+1)).Int(0, most)
		}
		m.Answers = append(m.Answers, a)
	}
	complaints := doc.Complaints()
	if strict.Failed(complaints) {
		m.Answers = nil
	}
	return m, complaints
}

// Draft is a file to fill in.
func Draft(month string, zone *time.Location) []byte {
	var b strings.Builder
	title := month
	if from, _, ok := Span(month, zone); ok {
		title = from.In(zone).Format("January 2006")
	}
	fmt.Fprintf(&b, "# The pulse of %s: how many gave which answer, from 1, the worst, to 5, the best. Ask everybody on\n"+
		"# the same day, by paper or a form without names, and write down nothing but the counts. Of a question with\n"+
		"# fewer than %d answers nothing is shown. A question that you do not ask: delete its line.\n", title, Fewest)
	for _, q := range Questions {
		fmt.Fprintf(&b, "\n# %s  1: %s, 5: %s\n%s: {1: 0, 2: 0, 3: 0, 4: 0, 5: 0}\n", q.Title, q.Worst, q.Best, q.ID)
	}
	return []byte(b.String())
}
