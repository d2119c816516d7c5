package paging

// The lines of a calendar (RFC 5545, 3.1): folded, with parameters, and of any length.

import (
	"strconv"
	"strings"

	ics "github.com/arran4/golang-ical"
)

// icalLine is one line of the calendar, whole again where it was folded.
type icalLine struct {
	number int // of the first of its lines in the file, from 1
	text   string
}

func (l icalLine) place() string { return strconv.Itoa(l.number) }

// unfold joins lines with those that go on after a blank (RFC 5545, 3.1).
func (r *icalReader) unfold(text string) []icalLine {
	var lines []icalLine
	number := 0
	for text := range strings.Lines(text) {
		number++
		text = strings.TrimRight(text, "\r\n")
		if k := len(lines) - 1; k >= 0 && text != "" && (text[0] == ' ' || text[0] == '\t') {
			if len(lines[k].text) <= longest {
				lines[k].text += text[1:]
			}
			continue
		}
		if strings.TrimSpace(text) != "" {
			lines = append(lines, icalLine{number, text})
		}
	}
	return lines
}

// longest is how much of a line is looked at: pictures and long descriptions are no part of a shift.
const longest = 16 << 10

// splitName is the name of a line in upper case, and what follows it from ":" or ";" on.
func splitName(line string) (name, rest string, ok bool) {
	at := strings.IndexAny(line, ":;")
	if at <= 0 {
		return "", "", false
	}
	for _, c := range []byte(line[:at]) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return "", "", false
		}
	}
	return strings.ToUpper(line[:at]), line[at:], true
}

// icalProperty is one property of a component.
type icalProperty struct {
	*ics.BaseProperty
	name string
	line int
}

// param is a parameter, its values joined.
func (p icalProperty) param(name string) string {
	for k, v := range p.ICalParameters { // there is one at most, in whatever case
		if strings.EqualFold(k, name) {
			return strings.TrimSpace(strings.Join(v, ","))
		}
	}
	return ""
}

// property reads the parameters and the value of a line.
func (r *icalReader) property(l icalLine, name, rest string) (icalProperty, bool) {
	if len(l.text) > longest {
		r.Doubt(l.place(), "%s is longer than %d bytes; passed over", name, longest)
		return icalProperty{}, false
	}
	p, err := ics.ParseProperty(ics.ContentLine(name + rest))
	if err != nil || p == nil {
		r.Doubt(l.place(), "%s cannot be read as a line of a calendar: %q; passed over", name, excerpt(l.text, 60))
		return icalProperty{}, false
	}
	p.Value = strings.TrimSpace(p.Value)
	return icalProperty{p, name, l.number}, true
}
