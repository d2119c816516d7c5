package strict

// Readers of single values, each with the one spelling it takes. All of them give the zero value for
// an absent node, and complain and give the zero value for what they cannot read.

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// scalar is the value as it is written.
func (n Node) scalar(what string) (string, bool) {
	t := n.target()
	switch {
	case t == nil:
		return "", false
	case t.Kind != yaml.ScalarNode:
		n.wants(what)
		return "", false
	case t.Style&yaml.TaggedStyle != 0 && t.ShortTag() != "!!str":
		n.Complain("the tag %s is not used here; write the value alone", t.ShortTag())
		return "", false
	}
	return t.Value, true
}

// Text is a text that is not empty, without blanks around it.
func (n Node) Text() string {
	s, ok := n.scalar("a text")
	if !ok {
		return ""
	}
	if s = strings.TrimSpace(s); s == "" {
		n.Complain("%s is empty", n.called())
	}
	return s
}

// Raw is the text exactly as YAML gives it, blanks and all: its characters are what
// [Node.ComplainAt] counts.
func (n Node) Raw() string {
	s, _ := n.scalar("a text")
	return s
}

// Texts is a list of texts. A text that is given twice is a complaint.
func (n Node) Texts() []string {
	var all []string
	seen := map[string]bool{}
	for _, x := range n.List() {
		s := x.Text()
		switch {
		case s == "":
		case seen[s]:
			x.Complain("%q is in %s twice", s, n.called())
		default:
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}

// OneOf is one of the words; "" and a complaint for every other.
func (n Node) OneOf(words ...string) string {
	s, ok := n.scalar("one of " + strings.Join(words, ", "))
	if !ok {
		return ""
	}
	for _, w := range words {
		if s == w {
			return w
		}
	}
	hint := DidYouMean(s, words...)
	if hint == "" {
		hint = "; it is one of " + strings.Join(words, ", ")
	}
	n.Complain("%q is no %s%s", s, n.called(), hint)
	return ""
}

// ID is a permanent id: small letters, digits, dots, underscores and hyphens, at most 60, beginning
// with a letter or digit. It becomes part of addresses.
func (n Node) ID() string {
	s, ok := n.scalar("an id")
	if !ok {
		return ""
	}
	if IsID(s) {
		return s
	}
	n.Complain("%q is no id: an id has small letters, digits and hyphens, at most %d, such as next-release", s, maxID)
	return ""
}

const maxID = 60

// IsID says whether s can be an id; see [Node.ID].
func IsID(s string) bool {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && (i == 0 || r != '-' && r != '_' && r != '.') {
			return false
		}
	}
	return s != "" && len(s) <= maxID
}

// Bool is true or false.
func (n Node) Bool() bool {
	s, ok := n.scalar("true or false")
	if !ok {
		return false
	}
	switch s {
	case "true", "false":
		return s == "true"
	case "yes", "on", "y", "True", "TRUE", "1":
		n.Complain(`%s is true or false, not %s; did you mean "true"?`, n.called(), s)
	case "no", "off", "n", "False", "FALSE", "0":
		n.Complain(`%s is true or false, not %s; did you mean "false"?`, n.called(), s)
	default:
		n.Complain("%s is true or false, not %q", n.called(), s)
	}
	return false
}

// Int is a whole number from low to high.
func (n Node) Int(low, high int) int {
	s, ok := n.scalar("a whole number")
	if !ok {
		return 0
	}
	v, err := strconv.Atoi(s)
	if err != nil {
		n.Complain("%q is no whole number", s)
		return 0
	}
	if v < low || v > high {
		n.Complain("%s is from %d to %d, not %d", n.called(), low, high, v)
		return 0
	}
	return v
}

// Number is a number from low to high.
func (n Node) Number(low, high float64) float64 {
	s, ok := n.scalar("a number")
	if !ok {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		n.Complain("%q is no number", s)
		return 0
	}
	if v < low || v > high {
		n.Complain("%s is from %v to %v, not %v", n.called(), low, high, v)
		return 0
	}
	return v
}

// Share is a part of a whole, "95%" or 0.95, as 0.95.
func (n Node) Share() float64 {
	s, ok := n.scalar("a percentage, such as 95%")
	if !ok {
		return 0
	}
	number, percent := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		n.Complain("%q is no percentage; a percentage reads 95%%", s)
		return 0
	}
	if percent {
		v /= 100
	}
	if v < 0 || v > 1 {
		hint := ""
		if !percent && v > 1 && v <= 100 {
			hint = fmt.Sprintf("; did you mean %q?", s+"%")
		}
		n.Complain("%s is from 0%% to 100%%, not %s%s", n.called(), s, hint)
		return 0
	}
	return v
}

// Duration is a length of time such as 90s, 15m, 4h or 1h30m; not negative.
func (n Node) Duration() time.Duration {
	s, ok := n.scalar("a duration, such as 15m or 4h")
	if !ok {
		return 0
	}
	d, err := ParseDuration(s)
	if err != nil {
		hint := ""
		if digits(s) && s != "" {
			hint = fmt.Sprintf("; did you mean %q?", s+"m")
		}
		n.Complain("%v%s", err, hint)
	}
	return d
}

// ParseDuration reads 90s, 15m, 4h or 1h30m. There are no days: whether a day is 24 hours or a working
// day is what such a value would leave open.
func ParseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil || strings.ContainsAny(s, "nuµ.+-") || strings.Contains(s, "ms"):
		return 0, fmt.Errorf("%q is no duration; a duration is in hours, minutes and seconds and reads 4h, 15m, 90s or 1h30m", s)
	case d > 10*365*24*time.Hour:
		return 0, fmt.Errorf("%q is longer than ten years", s)
	}
	return d, nil
}

// Clock is a time of day such as 09:00, as the time since midnight; 24:00 is the end of the day.
func (n Node) Clock() time.Duration {
	s, ok := n.scalar("a time of day, such as 09:00")
	if !ok {
		return 0
	}
	d, ok := parseClock(s)
	if !ok {
		n.Complain("%q is no time of day; a time of day reads 09:00", s)
	}
	return d
}

// Clocks is a span of the day such as 09:00-17:30, or 22:00-06:00 over midnight.
func (n Node) Clocks() (from, to time.Duration, ok bool) {
	s, ok := n.scalar("a span of the day, such as 09:00-17:30")
	if !ok {
		return 0, 0, false
	}
	a, b, cut := strings.Cut(strings.ReplaceAll(s, "–", "-"), "-")
	from, ok1 := parseClock(strings.TrimSpace(a))
	to, ok2 := parseClock(strings.TrimSpace(b))
	switch {
	case !cut || !ok1 || !ok2:
		n.Complain("%q is no span of the day; a span reads 09:00-17:30", s)
	case from == to || from == 24*time.Hour:
		n.Complain("%q has no length; a whole day is 00:00-24:00", s)
	default:
		return from, to, true
	}
	return 0, 0, false
}

func parseClock(s string) (time.Duration, bool) {
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(h) < 1 || len(h) > 2 || len(m) != 2 || !digits(h) || !digits(m) {
		return 0, false
	}
	hours, _ := strconv.Atoi(h)
	minutes, _ := strconv.Atoi(m)
	if minutes > 59 || hours > 24 || hours == 24 && minutes > 0 {
		return 0, false
	}
	return time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute, true
}

func digits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) }) < 0
}

// Date is a day such as 2026-03-31.
func (n Node) Date() string {
	s, ok := n.scalar("a date, such as 2026-03-31")
	if !ok {
		return ""
	}
	if err := checkDate(s); err != nil {
		n.Complain("%v", err)
		return ""
	}
	return s
}

// Dates is one day, or the first and the last day of several: 2026-07-06..2026-07-17.
func (n Node) Dates() (first, last string, ok bool) {
	s, ok := n.scalar("a date or 2026-07-06..2026-07-17")
	if !ok {
		return "", "", false
	}
	first, last, several := strings.Cut(s, "..")
	if !several {
		last = first
	}
	for _, d := range []string{first, last} {
		if err := checkDate(d); err != nil {
			n.Complain("%v; several days read 2026-07-06..2026-07-17", err)
			return "", "", false
		}
	}
	if last < first {
		n.Complain("%s ends before it begins; did you mean %q?", s, last+".."+first)
		return "", "", false
	}
	return first, last, true
}

func checkDate(s string) error {
	t, err := time.Parse(time.DateOnly, s)
	switch {
	case err == nil && (t.Year() < 1970 || t.Year() > 2261):
		return fmt.Errorf("%s is not in the years 1970 to 2261", s)
	case err == nil:
		return nil
	case strings.Contains(err.Error(), "out of range"):
		return fmt.Errorf("there is no %s in the calendar", s)
	}
	return fmt.Errorf("%q is no date; a date reads 2026-03-31", s)
}
