package postmortem

import (
	"testing"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

func at(t testing.TB, s string) record.Instant {
	t.Helper()
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return record.At(v)
}

func TestMomentsOfTheFrontMatterAreExact(t *testing.T) {
	z := zones{team: zone(t, "America/New_York")}
	for s, want := range map[string]string{
		"2026-03-04T14:05:00Z":              "2026-03-04T14:05:00Z",
		"2026-03-04T14:05:06.5+02:00":       "2026-03-04T12:05:06.5Z",
		"2026-03-04T14:05-05:00":            "2026-03-04T19:05:00Z",
		"2026-03-04 14:05 -05:00":           "2026-03-04T19:05:00Z",
		"2026-03-04 14:05-0530":             "2026-03-04T19:35:00Z",
		"2026-03-04 14:05":                  "2026-03-04T19:05:00Z",
		"2026-07-04 14:05":                  "2026-07-04T18:05:00Z",
		"2026-03-04 14:05 America/New_York": "2026-03-04T19:05:00Z",
		"2026-03-04 14:05 Asia/Kathmandu":   "2026-03-04T08:20:00Z",
		"2026-03-04 14:05 UTC":              "2026-03-04T14:05:00Z",
		"2026-03-04 14:05 UTC+1":            "2026-03-04T13:05:00Z",
		"2026-03-04 14:05 CEST":             "2026-03-04T12:05:00Z",
		"2026/03/04 2:05 pm":                "2026-03-04T19:05:00Z",
		"4 March 2026, 2:05 p.m.":           "2026-03-04T19:05:00Z",
		"March 4th, 2026 at 00:05":          "2026-03-04T05:05:00Z",
		"2026-03-08 02:30":                  "2026-03-08T07:30:00Z", // does not exist: an hour after it was written
		"2026-11-01 01:30":                  "2026-11-01T05:30:00Z", // twice: the first
		"2026-11-01 02:30":                  "2026-11-01T07:30:00Z",
		"2026-03-04":                        "",
		"14:05":                             "",
		"Mar 4, 14:05":                      "", // of which year?
		"04/03/2026 14:05":                  "", // April in one country, March in another
		"2026-02-30 14:05":                  "",
		"2026-03-04 24:05":                  "",
		"2026-03-04 14:05 Local":            "", // this machine's
		"2026-03-04 14:05 ../../etc/passwd": "",
		"2026-03-04 14:05 IST":              "", // India's, Israel's or Ireland's
		"2026-03-04 14:05-15:05":            "", // a range, or an offset there is not
		"2026-03-04 14:05 and so on":        "",
		"1969-03-04 14:05":                  "",
		"2262-03-04 14:05":                  "",
		"":                                  "",
	} {
		m, ok := z.exact(s)
		if !ok || m.lost != "" {
			if want != "" {
				t.Errorf("%q is not read, and is %s", s, want)
			}
			continue
		}
		if got := m.instant(z.team).String(); got != want {
			t.Errorf("%q is read as %s, and is %q", s, got, want)
		}
	}
}

func TestTimesThatHappenedNeverOrTwice(t *testing.T) {
	for _, c := range []struct{ zone, local, want string }{
		{"America/New_York", "2026-11-01 01:00", "2026-11-01T05:00:00Z"}, // twice: the first
		{"Pacific/Chatham", "2026-04-05 03:44", "2026-04-04T13:59:00Z"},
		{"Australia/Lord_Howe", "2026-04-05 01:30", "2026-04-04T14:30:00Z"},
		{"America/New_York", "2026-03-08 02:00", "2026-03-08T07:00:00Z"},
		{"Europe/Berlin", "2026-03-29 02:15", "2026-03-29T01:15:00Z"},
		{"Australia/Lord_Howe", "2026-10-04 02:10", "2026-10-03T15:40:00Z"}, // by half an hour
		{"Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"},        // a whole day
	} {
		z := zones{team: zone(t, c.zone)}
		m, ok := z.exact(c.local)
		if got := m.instant(z.team).String(); !ok || got != c.want || m.shifty == "" {
			t.Errorf("%s in %s is %s (%s), and is %s", c.local, c.zone, got, m.shifty, c.want)
		}
	}
}

func TestTimesAreFoundInFrontOfText(t *testing.T) {
	z := zones{team: time.UTC}
	for s, want := range map[string]string{
		"14:05 it begins":                 " it begins",
		"14:05: it begins":                ": it begins",
		"~14:05-14:20 UTC it begins":      " it begins",
		"14:05 to 14:20 it begins":        " it begins",
		"14:05 -- it begins":              " -- it begins",
		"14:05 - 3 nodes":                 " - 3 nodes",
		"2 pm it begins":                  " it begins",
		"14:05Z it begins":                " it begins",
		"14:05 (PST) it begins":           " it begins",
		"14:05 +02:00 it begins":          " it begins",
		"14:05 A node is gone":            " A node is gone",
		"14:05 UTCs":                      " UTCs",
		"October 29-30, 2025 - it begins": " - it begins",
		"2 pmx":                           "-",
		"3 nodes are gone":                "-",
		"1.2.3 is out":                    "-",
		"may be":                          "-",
		"1005:30 is no time":              "-",
		"14:055":                          "-",
		"99:05":                           "-",
		"13 pm":                           "-",
		"2026-13-01 is no day":            "-",
		"20260301 is a number":            "-",
		"Marching on":                     "-",
		"Mar 32":                          "-",
		"":                                "-",
	} {
		_, rest, ok := z.scan(s)
		if !ok {
			rest = "-"
		}
		if rest != want {
			t.Errorf("behind the time of %q stands %q, not %q", s, rest, want)
		}
	}
}
