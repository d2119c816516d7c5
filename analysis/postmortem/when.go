package postmortem

// Times as people write them: "14:05", "2026-03-04 14:05 America/New_York", "~13:30-13:45",
// "Mar 4, 2:05 pm", "2018-04-18 12:35 CEST", RFC 3339. Numbers of a day and month in figures are only
// read as year-month-day: 04/03/26 is one day here and another there.

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// moment is what an author wrote for a time, each part absent where the author left it out.
type moment struct {
	year   int // 0 in a day without a year
	month  time.Month
	day    int // 0: no day
	clock  time.Duration
	timed  bool           // clock is said
	iso    bool           // written as ISO 8601 does: what follows a minus sign is an offset, not the end of a range
	zone   *time.Location // nil: not said
	lost   string         // a zone that is not known
	shifty string         // why the local time names no instant, or two
}

// instant is m in the given zone where it names none of its own. Where clocks went forward over it, it
// is as long after the change as it was written after it; where it happened twice, the first.
func (m *moment) instant(zone *time.Location) record.Instant {
	if m.zone != nil {
		zone = m.zone
	}
	if !m.timed {
		return record.Midnight(m.year, m.month, m.day, zone)
	}
	wall := time.Date(m.year, m.month, m.day, 0, 0, 0, 0, time.UTC).Add(m.clock)
	// under is the instant by the offset of the noon before or after the day; by how much clocks change differs.
	under := func(day int) (at time.Time, named bool) {
		_, offset := time.Date(m.year, m.month, day, 12, 0, 0, 0, zone).Zone()
		at = wall.Add(-time.Duration(offset) * time.Second)
		_, there := at.In(zone).Zone()
		return at, there == offset
	}
	t, named := under(m.day - 1)
	switch late, again := under(m.day + 1); {
	case !named && again:
		t = late
	case !named:
		m.shifty = "does not exist: clocks went forward over it"
	case again && !late.Equal(t):
		m.shifty = "happened twice: clocks went back over it; the first is taken"
	}
	return record.At(t)
}

// scan reads a moment off the start of s, and the end of a range after it, and gives what follows. ok
// says whether there was a day or a time at all.
func (z *zones) scan(s string) (m moment, rest string, ok bool) {
	rest, ok = z.scanMoment(&m, skipDecoration(s))
	if !m.timed {
		return m, rest, ok
	}
	rest = z.scanZone(&m, rest)
	rest = m.scanRange(rest)
	if m.zone == nil {
		rest = z.scanZone(&m, rest) // "13:30-13:45 UTC"
	}
	return m, rest, ok
}

// exact reads a moment that is all of s, with its day.
func (z *zones) exact(s string) (m moment, ok bool) {
	rest, ok := z.scanMoment(&m, strings.TrimSpace(s))
	m.iso = true
	rest = z.scanZone(&m, rest)
	return m, ok && m.year != 0 && m.timed && (strings.TrimSpace(rest) == "" || m.lost != "")
}

// scanMoment reads a day, a time, or a day and a time.
func (z *zones) scanMoment(m *moment, s string) (rest string, ok bool) {
	after, dated := m.scanDay(s)
	if !dated {
		return m.scanClock(s)
	}
	m.iso = strings.HasPrefix(after, "T")
	time := skipDecoration(strings.TrimLeft(after, " ,T*_:")) // a day in bold may close before its time
	if past, timed := m.scanClock(time); timed {
		return past, true
	}
	return after, true
}

// skipDecoration drops marks of emphasis and of roughness before a time.
func skipDecoration(s string) string {
	for {
		s = strings.TrimLeft(s, " \t\u00a0*_~`[(≈")
		cut := s
		for _, w := range [...]string{"ca.", "ca ", "approx.", "approximately ", "around ", "about ", "at "} {
			if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
				cut = s[len(w):]
			}
		}
		if cut == s {
			return s
		}
		s = cut
	}
}

// scanDay reads 2026-03-04, 2026/03/04, 4 March 2026, 4. March, March 4, 2026 or Mar 4.
func (m *moment) scanDay(s string) (rest string, ok bool) {
	if len(s) >= 10 && (s[4] == '-' || s[4] == '/') && s[7] == s[4] {
		y, ok1 := digits(s[:4])
		mo, ok2 := digits(s[5:7])
		d, ok3 := digits(s[8:10])
		if ok1 && ok2 && ok3 && !digitAt(s, 10) && exists(y, time.Month(mo), d) {
			m.year, m.month, m.day = y, time.Month(mo), d
			return s[10:], true
		}
		return s, false
	}
	day, after := leading(s, 2)
	if day > 0 {
		after = strings.TrimLeft(strings.TrimPrefix(ordinal(after), "."), " ")
		mo, after, ok := monthName(after)
		if !ok {
			return s, false
		}
		return m.withYear(s, day, mo, after)
	}
	mo, after, ok := monthName(s)
	if !ok {
		return s, false
	}
	day, after = leading(strings.TrimLeft(after, " "), 2)
	if day == 0 || strings.HasPrefix(after, ":") {
		return s, false
	}
	after = ordinal(after)
	if last, past := leading(strings.TrimLeft(after, "-– "), 2); last > day && !digitAt(past, 0) { // October 29-30, 2025
		after = past
	}
	return m.withYear(s, day, mo, after)
}

// withYear finishes a day of a month by its name, with the year if there is one.
func (m *moment) withYear(s string, day int, mo time.Month, after string) (rest string, ok bool) {
	year, past := leading(strings.TrimLeft(after, " ,"), 4)
	if year >= 1970 && !strings.HasPrefix(past, ":") {
		after = past
	} else {
		year = 0
	}
	if year != 0 && !exists(year, mo, day) || day > 31 {
		return s, false
	}
	m.year, m.month, m.day = year, mo, day
	return after, true
}

// scanClock reads 14:05, 9:14, 14:05:10, 14:05:10.5, 2:05pm or 7 am.
func (m *moment) scanClock(s string) (rest string, ok bool) {
	h, after := leading(s, 2)
	if after == s {
		return s, false
	}
	var minute, sec int
	var fraction time.Duration
	colon := strings.HasPrefix(after, ":") && digitAt(after, 1) && digitAt(after, 2) && !digitAt(after, 3)
	if colon {
		minute, _ = digits(after[1:3])
		after = after[3:]
		if strings.HasPrefix(after, ":") && digitAt(after, 1) && digitAt(after, 2) && !digitAt(after, 3) {
			sec, _ = digits(after[1:3])
			after, m.iso = after[3:], m.iso || m.day != 0
			if strings.HasPrefix(after, ".") && digitAt(after, 1) {
				scale := time.Second
				for after = after[1:]; digitAt(after, 0); after = after[1:] {
					scale /= 10
					fraction += scale * time.Duration(after[0]-'0')
				}
			}
		}
	}
	half, past := strings.TrimLeft(after, " "), ""
	switch {
	case len(half) >= 2 && strings.EqualFold(half[:2], "am"):
		past = half[2:]
	case len(half) >= 2 && strings.EqualFold(half[:2], "pm"):
		past = half[2:]
	case len(half) >= 4 && (strings.EqualFold(half[:4], "a.m.") || strings.EqualFold(half[:4], "p.m.")):
		past = half[4:]
	default:
		half = ""
	}
	if half != "" && !letterAt(past) {
		if h < 1 || h > 12 {
			return s, false
		}
		h %= 12
		if half[0] == 'p' || half[0] == 'P' {
			h += 12
		}
		after = past
	} else if !colon {
		return s, false
	}
	if h > 23 || minute > 59 || sec > 59 {
		return s, false
	}
	m.timed = true
	m.clock = time.Duration(h)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(sec)*time.Second + fraction
	return after, true
}

// scanRange drops the end of "13:30-13:45": an event is dated by its beginning.
func (m *moment) scanRange(s string) string {
	t := strings.TrimLeft(s, " ")
	for _, dash := range []string{"-", "–", "—", "to "} {
		if after, ok := strings.CutPrefix(t, dash); ok {
			var end moment
			if rest, ok := end.scanClock(strings.TrimLeft(after, " ~")); ok {
				return rest
			}
		}
	}
	return s
}

// monthName reads a month's English name or its first three letters.
func monthName(s string) (time.Month, string, bool) {
	n := 0
	for n < len(s) && letter(s[n]) {
		n++
	}
	word := s[:n]
	if n < 3 {
		return 0, s, false
	}
	for mo := time.January; mo <= time.December; mo++ {
		name := mo.String()
		if strings.EqualFold(word, name) || strings.EqualFold(word, name[:3]) || strings.EqualFold(word, "sept") && mo == time.September {
			return mo, strings.TrimPrefix(s[n:], "."), true
		}
	}
	return 0, s, false
}

// ordinal drops the ending of 1st, 2nd, 3rd, 4th.
func ordinal(s string) string {
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if after, ok := strings.CutPrefix(s, end); ok && !letterAt(after) {
			return after
		}
	}
	return s
}

// exists says whether there is such a day, in the years an Instant can hold.
func exists(y int, m time.Month, d int) bool {
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return y >= 1970 && y <= 2261 && t.Month() == m && t.Day() == d
}

// leading reads up to n digits off the start; rest is s where there are none or more.
func leading(s string, n int) (v int, rest string) {
	i := 0
	for i < len(s) && i <= n && s[i] >= '0' && s[i] <= '9' {
		v = v*10 + int(s[i]-'0')
		i++
	}
	if i == 0 || i > n {
		return 0, s
	}
	return v, s[i:]
}

func digits(s string) (int, bool) {
	v, rest := leading(s, len(s))
	return v, rest == ""
}

func digitAt(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// letterAt says whether s goes on with a letter or a digit, so that what came before was only the
// beginning of a word.
func letterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (r >= utf8.RuneSelf && r != '\u00a0' && r != '–' && r != '—' && r != '…' || letter(s[0]) || digitAt(s, 0))
}
