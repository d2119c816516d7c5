package postmortem

// Drafts: the page to start from. What the tracker and the pager know is filled in; what only people
// know is asked for, one line a question.

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Incident is what is known of an incident before anybody writes about it. All of it may be missing.
type Incident struct {
	Key       string
	Title     string
	Severity  int
	Services  []string
	Started   record.Instant
	Detected  record.Instant
	Mitigated record.Instant
	Resolved  record.Instant
	Events    []Event // At and Text
}

// FileName is the name that a draft is saved under: the day it began, and the key.
func (in Incident) FileName(zone *time.Location) string {
	var parts []string
	for _, t := range []record.Instant{in.Started, in.Detected, in.Resolved} {
		if t != 0 {
			parts = append(parts, string(day(t, zone)))
			break
		}
	}
	name := slug(in.Key)
	if name == "" {
		name = slug(in.Title)
	}
	if name != "" {
		parts = append(parts, name)
	}
	if len(parts) == 0 {
		return "postmortem.md"
	}
	return strings.Join(parts, "-") + ".md"
}

// Draft is the text of a new page. It reads back as it was filled in, and all that [Read] has to say
// of it are the blanks.
func Draft(in Incident, zone *time.Location) []byte {
	if zone == nil {
		zone = time.UTC
	}
	var b strings.Builder
	title := oneLine(in.Title)
	if title == "" {
		title = "What happened, in a few words"
	}
	b.WriteString("---\n")
	fmt.Fprintf(&b, "title: %s\n", strconv.Quote(title))
	fmt.Fprintf(&b, "incidents: [%s]\n", keyOf(in.Key))
	if in.Severity > 0 {
		fmt.Fprintf(&b, "severity: %d                     # 1 is the worst\n", in.Severity)
	} else {
		b.WriteString("severity:                       # 1 is the worst\n")
	}
	quoted := make([]string, len(in.Services))
	for i, s := range in.Services {
		quoted[i] = strconv.Quote(oneLine(s))
	}
	fmt.Fprintf(&b, "services: [%s]\n", strings.Join(quoted, ", "))
	fmt.Fprintf(&b, "# Times are in %s; write the zone behind one that is not: 2026-03-04 14:05 UTC\n", zone)
	for _, t := range []struct {
		key, about string
		at         record.Instant
	}{
		{"started", "when it began to go wrong", in.Started},
		{"detected", "when we knew", in.Detected},
		{"mitigated", "when customers could work again", in.Mitigated},
		{"resolved", "when it was over", in.Resolved},
	} {
		fmt.Fprintf(&b, "%-31s # %s\n", strings.TrimRight(t.key+": "+stamp(t.at, zone), " "), t.about)
	}
	b.WriteString("status: draft                   # published, once it may be read by all\n")
	b.WriteString("published:                      # the day, as 2026-03-31\n")
	b.WriteString("---\n")
	b.WriteString("<!-- People don't cause failures, systems do. Tell what the system showed, allowed and asked for. -->\n")
	section(&b, Summary)
	section(&b, Timeline)
	b.WriteString("\n| Time | What happened |\n|---|---|\n")
	for _, e := range in.Events {
		fmt.Fprintf(&b, "| %s | %s |\n", stamp(e.At, zone), escape(oneLine(e.Text)))
	}
	if len(in.Events) == 0 {
		b.WriteString("|  |  |\n")
	}
	for _, q := range Questions() {
		section(&b, q)
	}
	section(&b, Improvements)
	b.WriteString("\n| What | Question | Owner | Date | Issue | State | Finished | Reason |\n|---|---|---|---|---|---|---|---|\n")
	b.WriteString("|  |  |  |  |  |  |  |  |\n")
	return []byte(b.String())
}

func section(b *strings.Builder, k Kind) {
	fmt.Fprintf(b, "\n## %s\n\n<!-- %s -->\n", k.Title(), k.Prompt())
}

// stamp is an instant as [Read] reads it: the team's local time, with the offset where that happened twice.
func stamp(t record.Instant, zone *time.Location) string {
	if t == 0 {
		return ""
	}
	local := t.In(zone)
	s := local.Format("2006-01-02 15:04")
	var m moment
	m.year, m.month, m.day = local.Date()
	m.clock = time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	m.timed = true
	if m.instant(zone); m.shifty != "" {
		return local.Format("2006-01-02T15:04:05-07:00")
	}
	return s
}

// oneLine is s without line breaks, control characters and what is not text.
func oneLine(s string) string {
	plain := true
	for i := range len(s) {
		b := s[i]
		plain = plain && b >= ' ' && b < 0x7f && (b != ' ' || i > 0 && i < len(s)-1 && s[i-1] != ' ')
	}
	if plain {
		return s
	}
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\u007f' || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// escape makes Markdown show s as it is: every mark is taken at its word.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>#|&~!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
