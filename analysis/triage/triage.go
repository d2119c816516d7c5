// Package triage reads and writes what the person on call thought of each page: did it need a person?
// A pager knows whether somebody pressed a button. Whether there was anything to do only a person
// knows, for a few days; so a week's pages are written into a file of the team's own repository, and
// whoever was on call puts a word behind each, in a pull request like any other text.
//
// Its words: a [Week] is one file, content/triage/2026-W47.yaml; a [Line] is one page in it; a
// [Verdict] is one of the words of the table [Verdicts]; a note says what the next one on call would
// want to know.
//
// Its one rule: what people wrote is theirs. The facts of a line (time, service, title) are the
// ledger's and are refreshed; a verdict, a note, a comment and the order of words are not touched, and
// a page that the ledger has lost keeps its line once somebody has judged it ([Week.Update], [Write]).
//
// A line reads
//
//   - page: {at: Mon 2026-11-16 03:12, service: Order gateway, title: "heap above 95 %", tracker: pager, id: Q1K2}
//     verdict: threshold-wrong
//     note: it is at 95 % every night, while the report runs
//
// so that what is to be filled in has lines of its own: two people who judge neighbouring pages in two
// pull requests do not meet in one line.
package triage

import (
	"fmt"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Verdict is the id of a verdict, "" where there is none yet.
type Verdict string

// Known is a verdict that there is.
type Known struct {
	ID     Verdict // permanent
	Title  string
	Action bool   // somebody did something; else nobody had to
	About  string // for the one who has to choose
}

// Verdicts is the table of them, in the order of the question: did somebody act, or had nobody to?
var Verdicts = []Known{
	{"fixed", "Fixed", true, "it was real, and was put right"},
	{"looked", "Looked, fine now", true, "a look was needed, and it was fine by then"},
	{"too-early", "Too early to call", true, "somebody acted; whether it needed that is not known yet"},
	{"known-work", "Known work", false, "planned work, or known and being worked on"},
	{"threshold-wrong", "Threshold wrong", false, "true, and no reason to call anybody"},
	{"check-faulty", "Check faulty", false, "not even true"},
	{"duplicate", "Duplicate", false, "another page had said it"},
	{"not-ours", "Not ours", false, "somebody else's to put right"},
}

// Find is the verdict with that id; false for "" and for any other word.
func (v Verdict) Find() (Known, bool) {
	for _, k := range Verdicts {
		if k.ID == v {
			return k, true
		}
	}
	return Known{}, false
}

// Title is the verdict in words; "" where there is none.
func (v Verdict) Title() string {
	k, _ := v.Find()
	return k.Title
}

// Noise says whether a person judged that nobody had to act.
func (v Verdict) Noise() bool {
	k, ok := v.Find()
	return ok && !k.Action
}

// Line is one page and what was thought of it.
type Line struct {
	Page    record.Ref
	At      record.Instant // when it was triggered; a file tells it to the minute
	Service string
	Title   string
	Verdict Verdict // one of the table's, or ""
	Note    string

	File string // where it stands, as the caller named the file; "" if it is in none yet
	Row  int    // from 1
	Col  int    // from 1, in characters
}

// Judged says whether somebody has given a verdict.
func (l *Line) Judged() bool { return l.Verdict != "" }

// Place is file:line.
func (l *Line) Place() string { return fmt.Sprintf("%s:%d", l.File, l.Row) }

// Week is the file of one week.
type Week struct {
	Week  string // 2026-W47, as ISO 8601 counts
	File  string // as the caller named it
	Zone  *time.Location
	Lines []Line
}

// Folder is the folder of the team's texts that a week's pages are judged in, and Ext how a name in it
// ends.
const (
	Folder = "triage"
	Ext    = ".yaml"
)

// Most is how many pages of a week get a line, the first ones. Nobody judges more than a hundred; what
// calls more often than this wants to be switched off first.
const Most = 1000

// WeekOf is the ISO week that t lies in.
func WeekOf(t record.Instant, zone *time.Location) string {
	y, w := t.In(zone).ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}

// Span is from the Monday of an ISO week to the next one, [from, to) in local midnights; false where
// there is no such week.
func Span(week string, zone *time.Location) (from, to record.Instant, ok bool) {
	monday, ok := monday(week)
	if !ok {
		return 0, 0, false
	}
	next := monday.AddDate(0, 0, 7)
	return record.Midnight(monday.Year(), monday.Month(), monday.Day(), zone), record.Midnight(next.Year(), next.Month(), next.Day(), zone), true
}

// monday is the first day of a week, at midnight in UTC.
func monday(week string) (time.Time, bool) {
	var y, w int
	if _, err := fmt.Sscanf(week, "%4d-W%2d", &y, &w); err != nil || y < 1971 || y > 2260 {
		return time.Time{}, false
	}
	fourth := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	m := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(w-1))
	year, no := m.ISOWeek()
	return m, fmt.Sprintf("%04d-W%02d", year, no) == week
}

// longest is how many characters of a title or a service's name a line has room for.
const longest = 200

// Short is a text of the pager's as a line shows it: without line breaks, and cut.
func Short(s string) string {
	runes := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " "))
	if len(runes) > longest {
		runes = append(runes[:longest-1:longest-1], '…')
	}
	return string(runes)
}
