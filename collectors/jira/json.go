package jira

// Export files in JSON: what holds issues, and what is something else.

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/exports"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// json reads a file of JSON.
func (r *reader) json(f *exports.File) {
	d := &r.dec
	r.ask(f)
	var seen census
	for v := range f.JSON("issues") {
		if v.Page {
			seen.page(d, v.JSON)
			continue
		}
		is, err := d.issue(v.JSON)
		if errors.Is(err, errNoIssue) {
			if why := seen.other(d, v); why != "" {
				f.Gap("what was asked for at "+v.Place(), why)
			}
			f.Left("no issue")
			continue
		}
		place := v.Place()
		if len(is.Copies) > 0 && is.Copies[0].Key != "" {
			place = strings.TrimSpace(place + " (" + is.Copies[0].Key + ")")
		}
		for _, w := range d.doubts {
			f.Doubt(place, w.format, w.args...)
		}
		if err != nil {
			f.Left("unreadable")
			f.Doubt(place, "left out: %v", err)
			seen.bad++
			continue
		}
		seen.issue(&is, v)
		f.Issue(is)
	}
	seen.report(f)
	if seen.issues > 0 {
		r.sayMissed(f)
	}
}

// census is what a file turned out to hold.
type census struct {
	issues    int
	bad       int // issues left out
	inPage    int // of the page being read
	pages     int
	histories int
	others    int
	guess     guess  // what the first of the others looks like
	place     string // where it is
	said      string // what it says, where it is an error
	more      string // what the last page says about following ones
}

func (c *census) issue(is *record.Issue, v exports.Value) {
	c.issues++
	if v.Member != "" {
		c.inPage++
	}
	if is.HistoryTo != 0 || len(is.Changes) > 0 {
		c.histories++
	}
}

// page takes what a page says of itself: whether another one follows.
func (c *census) page(d *decoder, v jsontext.Value) {
	have := c.inPage
	c.pages++
	c.inPage = 0
	c.more = ""
	s := &d.s
	s.reset(v)
	start, total := 0, 0
	last := false
	for s.enter('{'); s.member(); {
		switch string(s.name) {
		case "startAt":
			b, _ := s.text()
			start = digits(b)
		case "total":
			b, _ := s.text()
			total = digits(b)
		case "isLast":
			last = s.kind() == 't'
			if s.kind() == 'f' {
				c.more = "more than the " + fmt.Sprint(have) + " that it holds"
			}
			s.skip()
		case "nextPageToken":
			if b, _ := s.text(); len(b) > 0 {
				c.more = "more than the " + fmt.Sprint(have) + " that it holds"
			}
		default:
			s.skip()
		}
	}
	if start+have < total {
		c.more = fmt.Sprintf("%d, of which this page holds %d to %d", total, start+1, start+have)
	}
	if last {
		c.more = ""
	}
}

// other takes a value that is no issue. Where issues came before it and this is an error, it says what
// is missing.
func (c *census) other(d *decoder, v exports.Value) (missing string) {
	c.others++
	g, said := guess{}, ""
	if c.others == 1 || c.issues > 0 && c.others < manyOthers {
		g, said = recognise(d, v.JSON)
	}
	if c.others == 1 {
		c.guess, c.said, c.place = g, said, v.Place()
	}
	if g == anError && c.issues > 0 {
		return "it is an error that Jira answered" + said + "; export it again"
	}
	return ""
}

// manyOthers is how many values that are no issues are looked at among issues: an error that ended an
// export is one of them, and a thousand of them are another list.
const manyOthers = 100

// report says what the file was taken for, and what is wrong with it as a whole.
func (c *census) report(f *exports.File) {
	switch {
	case c.issues == 0 && c.others > 0:
		f.Kind(c.guess.what)
		switch {
		case f.Settled():
		case c.guess == anError:
			f.Gap("everything", "it is an error that Jira answered"+c.said+"; export it again")
		case c.guess.kind != "":
			f.Gap("everything", "it looks like "+c.guess.what+", which is read by `kind: "+c.guess.kind+"`")
		case c.guess.advice != "":
			f.Gap("everything", "it looks like "+c.guess.what+"; "+c.guess.advice)
		case c.guess.what == "":
			f.NoExport("export it again, or leave it out of `files:`")
		default:
			f.Doubt("", "it holds no issues: it looks like %s", c.guess.what)
		}
		return
	case c.issues == 0 && f.Settled():
		return
	case c.issues+c.bad == 0 && c.pages == 0:
		f.Kind("jira issues")
		f.Doubt("", "it holds no issues")
		return
	case c.issues+c.bad == 0:
		f.Kind("jira search page")
		f.Doubt("", "it holds no issues: the search found none, or its page lies beyond the last one")
		return
	case c.pages > 0:
		f.Kind("jira search page" + c.with())
	default:
		f.Kind("jira issues" + c.with())
	}
	if c.others > 0 {
		like := ""
		if c.guess.what != "" {
			like = "; the first looks like " + c.guess.what
		}
		f.Doubt(c.place, "%d records in the file are no issues and were left out%s", c.others, like)
	}
	if c.more != "" && f.Alone() {
		f.Gap("the issues of the following pages", "the search found "+c.more+"; export the other pages too")
	}
}

func (c *census) with() string {
	if c.histories > 0 {
		return " with changelogs"
	}
	return ""
}

// guess is what a value that is no issue may be, the kind of source that reads it, and what to do where
// issues are lost by it.
type guess struct{ what, kind, advice string }

var anError = guess{what: "an error of Jira"}

// signs are members by which the JSON of other tools, and Jira's own answers that hold no issues, are
// known. The first that matches counts.
var signs = []struct {
	members string // all of them, separated by blanks
	guess   guess
}{
	{"errorMessages", anError},
	{"errorMessage", anError},
	{"message status-code", anError},
	{"message code", anError},
	{"error", anError},
	{"repository_url", guess{what: "GitHub issues", kind: "github"}},
	{"html_url number", guess{what: "GitHub issues", kind: "github"}},
	{"issue events", guess{what: "GitHub issues with timelines", kind: "github"}},
	{"incident_number", guess{what: "PagerDuty incidents", kind: "pagerduty"}},
	{"tinyId", guess{what: "Opsgenie alerts", kind: "opsgenie"}},
	{"statusCategory", guess{what: "Jira's list of statuses"}},
	{"columnConfig", guess{what: "the configuration of a Jira board"}},
	{"clauseNames", guess{what: "Jira's list of fields"}},
	{"schema name", guess{what: "Jira's list of fields"}},
	{"issueChangeLogs", guess{what: "changelogs without their issues"}},
	{"histories", guess{what: "changelogs without their issues"}},
	{"comments", guess{what: "the comments of an issue"}},
	{"worklogs", guess{what: "the worklogs of an issue"}},
	{"api_token url", guess{what: "the settings of a program that reads Jira"}},
	{"jira_url date_start", guess{what: "the notes of a program that downloaded issues"}},
	{"originBoardId", guess{what: "Jira's list of sprints"}},
	{"issueTypes", guess{what: "a Jira project"}},
	{"key components", guess{what: "a Jira project"}},
	{"projectTypeKey", guess{what: "a Jira project"}},
	{"colorName", guess{what: "Jira's list of status categories"}},
	{"created items", guess{what: "changelogs without their issues"}},
	{"maxResults startAt values", guess{what: "another of Jira's lists"}},
	{"id key", guess{what: "issues without their fields", advice: "export them with fields=*all"}},
}

// sayings are members that hold what an error says.
var sayings = []string{"errorMessages", "errorMessage", "message", "error"}

// recognise guesses what an object is, and ": " with what it says where it is an error.
func recognise(d *decoder, v jsontext.Value) (g guess, said string) {
	has := map[string]bool{}
	s := &d.s
	s.reset(v)
	for s.enter('{'); s.member(); {
		name := string(s.name)
		has[name] = true
		switch {
		case said == "" && slices.Contains(sayings, name):
			d.list = d.list[:0]
			if d.values(0); len(d.list) > 0 {
				said = ": " + strings.TrimRight(cut(strings.Join(d.list, " "), 200), ". ")
			}
		case s.kind() == '[': // a page: what its elements have
			for s.enter('['); s.element(); {
				if !s.enter('{') {
					continue
				}
				for s.member() {
					has[string(s.name)] = true
					s.skip()
				}
			}
		default:
			s.skip()
		}
	}
	for _, sign := range signs {
		all := true
		for m := range strings.FieldsSeq(sign.members) {
			all = all && has[m]
		}
		if all {
			return sign.guess, said
		}
	}
	return guess{}, said
}
