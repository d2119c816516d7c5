package postmortem

// Time zones as people name them behind a time: UTC, CEST, America/New_York, +02:00, UTC-5.

import (
	"strings"
	"time"
)

const unknownZone = "no time zone is called %q; a zone reads America/New_York, UTC or +02:00"

// zones finds time zones by what people call them. A zone named in full is read from the program's
// own table once a page, which costs as much as the rest of a line.
type zones struct {
	team *time.Location
	seen map[string]*time.Location
}

// named is the zone called name, nil where there is none. The abbreviations are those with one
// meaning; IST, CST and BST's colleagues have several and are not guessed.
func (z *zones) named(name string) *time.Location {
	switch strings.ToUpper(name) {
	case "Z", "UTC", "GMT":
		return time.UTC
	case "BST", "CET", "WEST":
		return time.FixedZone(strings.ToUpper(name), 3600)
	case "CEST", "EET":
		return time.FixedZone(strings.ToUpper(name), 2*3600)
	case "EEST":
		return time.FixedZone("EEST", 3*3600)
	case "EDT":
		return time.FixedZone("EDT", -4*3600)
	case "EST":
		return time.FixedZone("EST", -5*3600)
	case "MDT":
		return time.FixedZone("MDT", -6*3600)
	case "MST", "PDT":
		return time.FixedZone(strings.ToUpper(name), -7*3600)
	case "PST":
		return time.FixedZone("PST", -8*3600)
	}
	if !strings.Contains(name, "/") { // "Local" would be this machine's
		return nil
	}
	if name == z.team.String() {
		return z.team
	}
	if loc, ok := z.seen[name]; ok {
		return loc
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		loc = nil
	}
	if z.seen == nil {
		z.seen = map[string]*time.Location{}
	}
	z.seen[name] = loc
	return loc
}

// scanZone reads UTC, CEST, (PST), America/New_York, Z, +02:00 or +0200.
func (z *zones) scanZone(m *moment, s string) (rest string) {
	t := strings.TrimLeft(s, " (")
	if t == "" {
		return s
	}
	if t[0] == '+' || t[0] == '-' && m.iso {
		if loc, after, ok := offset(t); ok {
			m.zone = loc
			return after
		}
		return s
	}
	n := 0
	for n < len(t) && (letter(t[n]) || n > 0 && (t[n] == '/' || t[n] == '_' || t[n] == '-' && strings.Contains(t[:n], "/") && n+1 < len(t) && letter(t[n+1]))) {
		n++
	}
	name, after := t[:n], t[n:]
	if n == 0 || name != strings.ToUpper(name) && !strings.Contains(name, "/") || letterAt(after) {
		return s
	}
	loc := z.named(name)
	if loc == nil {
		if strings.Contains(name, "/") {
			m.lost = name
		}
		return s
	}
	if strings.EqualFold(name, "UTC") || strings.EqualFold(name, "GMT") {
		if o, past, ok := offset(after); ok { // UTC+1
			loc, after = o, past
		}
	}
	m.zone = loc
	return strings.TrimPrefix(after, ")")
}

// offset reads +02:00, +0200, -5 or +2, from twelve hours behind UTC to fourteen before it.
func offset(s string) (loc *time.Location, rest string, ok bool) {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return nil, s, false
	}
	n := 1
	for digitAt(s, n) {
		n++
	}
	var h, minutes int
	switch {
	case n == 5:
		h, _ = digits(s[1:3])
		minutes, _ = digits(s[3:5])
	case n == 2 || n == 3:
		h, _ = digits(s[1:n])
		if strings.HasPrefix(s[n:], ":") && digitAt(s, n+1) && digitAt(s, n+2) && !digitAt(s, n+3) {
			minutes, _ = digits(s[n+1 : n+3])
			n += 3
		}
	default:
		return nil, s, false
	}
	if minutes > 59 || h > 14 || s[0] == '-' && h > 12 {
		return nil, s, false
	}
	seconds := h*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone(s[:n], seconds), s[n:], true
}
