package paging

// Who is on call by an event, in which role, and of which rota.
//
// The person is who the event is for: its ATTENDEE, a mail address with or without a name (CN), unless it
// was declined. Else the name in the SUMMARY, else the ORGANIZER, who more often owns the calendar than has
// the pager. How summaries are written:
//
//	On Call - Maya Lindqvist - Orders primary    PagerDuty, of a schedule: person, schedule
//	On Call - Orders primary                     PagerDuty, of one's own shifts: the attendee has a CN, or is all there is
//	[L2] maya.lindqvist                          Grafana, where the number is only which of two events wins
//	Maya Lindqvist (Primary)                     by hand, and many tools; also Primary: Maya, Maya - secondary
//
// The role is the source's `role:`, else what words such as primary, secondary, backup, sidekick, level 2
// in the summary or in the name of rota or calendar say, else the superhero's. Who shadows, or is on the
// third level, is not on call in our sense. The rota is the calendar, by its name; PagerDuty's schedule, and
// where the calendar has no name, what remains of the summary.

import (
	"regexp"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// icalWho is what an event says of whom.
type icalWho struct {
	people []record.Person
	rota   string
	role   string // "" for nobody who is on call
}

var (
	grafanaPriority = regexp.MustCompile(`^\[L\d+\]\s*`)
	summaryParts    = regexp.MustCompile(`\s+[-–—|/]\s+|:\s+|\s*[()\[\]]\s*`)
	onCallFirst     = regexp.MustCompile(`(?i)^on[\s-]?call\s+[-–—|/]\s`)
	onCallWords     = regexp.MustCompile(`(?i)\b(?:is\s+)?on[\s-]?call\b`)
)

// roleWords are the words of roles. The first line that has one of the words decides.
var roleWords = []struct {
	role  string
	words *regexp.Regexp
}{
	{"", regexp.MustCompile(`(?i)\b(?:shadow(?:ing)?|observer|tertiary|third|(?:level|l|tier)[\s-]?[3-9])\b`)},
	{sidekick, regexp.MustCompile(`(?i)\b(?:secondary|second|back-?up|sidekick|(?:level|l|tier)[\s-]?2)\b`)},
	{superhero, regexp.MustCompile(`(?i)\b(?:primary|first|superhero|(?:level|l|tier)[\s-]?1)\b`)},
}

// fillers are words that say nothing more where a role is meant.
var fillers = regexp.MustCompile(`(?i)\b(?:on|call|the|shift|schedule|rota|rotation|duty|engineer|person|responder|support)\b`)

// wordOfRole is the role that a text speaks of; rest is what else it says.
func wordOfRole(s string) (role, rest string, found bool) {
	for _, w := range roleWords {
		if w.words.MatchString(s) {
			return w.role, strings.Trim(fillers.ReplaceAllString(w.words.ReplaceAllString(s, ""), ""), " -,"), true
		}
	}
	return "", s, false
}

// whose is what an event says of whom, read once.
func (r *icalReader) whose(e *icalEvent) icalWho {
	if e.who == nil {
		w := r.who(e)
		e.who = &w
	}
	return *e.who
}

// who reads an event.
func (r *icalReader) who(e *icalEvent) icalWho {
	var w icalWho
	for _, p := range e.properties {
		if p.name == "ATTENDEE" && !strings.EqualFold(p.param("PARTSTAT"), "DECLINED") && !strings.EqualFold(p.param("ROLE"), "NON-PARTICIPANT") &&
			!strings.EqualFold(p.param("CUTYPE"), "RESOURCE") && !strings.EqualFold(p.param("CUTYPE"), "ROOM") {
			if who := calendarPerson(p); who.Known() {
				w.people = append(w.people, who)
			}
		}
	}
	summary := grafanaPriority.ReplaceAllString(strings.TrimSpace(e.text("SUMMARY")), "")
	var names []string // what the summary says besides being on call, in order
	said, found := "", false
	for _, part := range summaryParts.Split(summary, -1) {
		part = strings.TrimSpace(part)
		rest := strings.Trim(onCallWords.ReplaceAllString(part, ""), " -,")
		if rest == "" {
			continue
		}
		role, more, has := wordOfRole(rest)
		if has && !found {
			said, found = role, true
		}
		switch {
		case !has:
			names = append(names, rest)
		case more != "": // Orders primary: the name of a rota, whole
			names = append(names, part)
		}
	}
	named := func(i int) string { // a name that is a person's, not a rota's
		if i < len(names) {
			if _, _, has := wordOfRole(names[i]); !has {
				return names[i]
			}
		}
		return ""
	}
	rota := names
	switch {
	case len(w.people) == 1 && w.people[0].Name == "" && !attendeeHasName(e) && named(0) != "":
		w.people[0].Name, rota = names[0], names[1:]
	case len(w.people) == 0 && named(0) != "":
		w.people, rota = []record.Person{{Account: accountOf(names[0]), Name: nameOf(names[0])}}, names[1:]
	case len(w.people) == 1 && len(names) > 0 && strings.EqualFold(names[0], w.people[0].Name):
		rota = names[1:]
	case len(w.people) == 0:
		if p, ok := e.get("ORGANIZER"); ok {
			if who := calendarPerson(p); who.Known() {
				w.people = []record.Person{who}
			}
		}
	}
	if w.rota = e.calendar; w.rota == "" || len(rota) > 0 && onCallFirst.MatchString(summary) {
		w.rota = strings.Join(rota, " - ")
	}
	switch {
	case r.role != "":
		w.role = r.role
	case found:
		w.role = said
	default:
		if role, _, has := wordOfRole(e.calendar); has {
			w.role = role
		} else {
			w.role = superhero
		}
	}
	return w
}

// attendeeHasName says whether a CN was given, be it only the address again: the summary then needs none.
func attendeeHasName(e *icalEvent) bool {
	p, _ := e.get("ATTENDEE")
	return p.BaseProperty != nil && p.param("CN") != ""
}

// calendarPerson is an ATTENDEE or ORGANIZER.
func calendarPerson(p icalProperty) record.Person {
	who := record.Person{Account: p.Value, Name: strings.Trim(p.param("CN"), `"' `)}
	if len(who.Account) > 7 && strings.EqualFold(who.Account[:7], "mailto:") {
		who.Account = who.Account[7:]
	}
	if strings.EqualFold(who.Account, "mailto:") || strings.HasPrefix(strings.ToLower(who.Account), "invalid:") {
		who.Account = ""
	}
	if strings.EqualFold(who.Name, who.Account) || strings.Contains(who.Name, "@") {
		who.Name = ""
	}
	return who
}

// accountOf and nameOf tell what a summary names somebody by: an address, or a login in one word in small
// letters, is an account; anything else a name.
func accountOf(s string) string {
	if strings.Contains(s, "@") || !strings.Contains(s, " ") && s == strings.ToLower(s) {
		return s
	}
	return ""
}

func nameOf(s string) string {
	if accountOf(s) != "" {
		return ""
	}
	return s
}
