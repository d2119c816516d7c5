package jira

// Dates in CSV exports: written for people, in the exporting person's language, layout and zone.

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// dates reads the dates of one file.
type dates struct {
	zone     *time.Location
	layout   string
	dayFirst bool // what 6/7/2025 means in this file
	decided  bool // by a date such as 6/21/2025 in it

	zoneless  bool   // a date without a zone was read
	ambiguous string // a date that could be two, and nothing in the file decides
}

// months are the names of months as they are abbreviated in dates, by their beginnings: English,
// Spanish, French, German, Portuguese, Italian, Dutch, Polish, Russian, Chinese and Japanese.
var months = [12]string{
	"jan|ene|gen|janv|jän|sty|янв|一月",
	"feb|fev|fév|févr|lut|фев|二月",
	"mar|mär|mrz|mars|mrt|мар|三月",
	"apr|abr|avr|kwi|апр|四月",
	"may|mai|mei|mag|maj|май|мая|五月",
	"jun|juin|giu|cze|июн|六月",
	"jul|juil|lug|lip|июл|七月",
	"aug|ago|aoû|août|sie|авг|八月",
	"sep|sept|set|wrz|сен|九月",
	"oct|okt|ott|out|paź|окт|十月",
	"nov|lis|ноя|十一月",
	"dec|dic|dez|déc|gru|дек|十二月",
}

// month is the month that a word names, 0 for another word. Chinese names are whole; of the others the
// first letters count, so that "sept", "September" and "sep." are one.
func month(word string) int {
	best, length := 0, 0
	for i, list := range months {
		for m := range strings.SplitSeq(list, "|") {
			if strings.HasPrefix(word, m) && len(m) > length {
				best, length = i+1, len(m)
			}
		}
	}
	return best
}

// token is a number or a word of a date, and what stands before it.
type token struct {
	word   string
	number int
	width  int
	before byte
}

func tokens(s string) (list []token) {
	before := byte(' ')
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		start := i
		switch {
		case '0' <= c && c <= '9':
			for i < len(s) && '0' <= s[i] && s[i] <= '9' {
				i++
			}
			if i-start > 9 {
				return nil
			}
			list = append(list, token{number: digits([]byte(s[start:i])), width: i - start, before: before})
			before = ' '
		case unicode.IsLetter(c):
			for i < len(s) {
				c, size := utf8.DecodeRuneInString(s[i:])
				if !unicode.IsLetter(c) && c != '.' {
					break
				}
				i += size
			}
			list = append(list, token{word: strings.ReplaceAll(strings.ToLower(s[start:i]), ".", ""), before: before})
			before = ' '
		default:
			if c != ' ' && c != '\u00a0' && c != '\u202f' {
				before = '?'
				if c < utf8.RuneSelf {
					before = byte(c)
				}
			}
			i += size
		}
	}
	return list
}

// civil is a date as it is written.
type civil struct {
	year, month, day     int
	hour, minute, second int
	offset               int // seconds east of UTC
	zoned                bool
}

// parse reads a date of one of the layouts that Jira, its translations and spreadsheets write:
// "10/Jan/26 11:19 AM", "22/Mar/14 07:59", "18/jul/26 9:10 AM", "06 abr 2026, 0:36", "Jan 10, 2026",
// "2026-01-10 11:19", "10.01.2026 11:19", "6/21/2025 16:14", and the REST API's own.
func (d *dates) parse(s string) (c civil, ok bool) {
	list := tokens(s)
	clock := len(list)
	for i := 1; i < len(list); i++ {
		if list[i].before == ':' && list[i].width > 0 && list[i-1].width > 0 {
			clock = i - 1
			break
		}
	}
	date := list[:clock]
	meridiem := ""
	var nums []token
	named := -1 // how many numbers stood before the month's name
	for _, t := range date {
		switch {
		case t.width > 0:
			nums = append(nums, t)
		case month(t.word) > 0 && named < 0:
			named = len(nums)
			c.month = month(t.word)
		case t.word == "月" && len(nums) > 0 && named < 0: // 1月: the number before it
			c.month = nums[len(nums)-1].number
			nums = nums[:len(nums)-1]
			named = len(nums)
		case t.word == "上午" || t.word == "下午" || t.word == "午前" || t.word == "午後":
			meridiem = t.word
		case t.word == "t" || t.word == "de" || t.word == "年" || t.word == "日":
		default:
			return c, false
		}
	}
	switch {
	case named >= 0 && len(nums) == 2:
		c.day, c.year = nums[0].number, nums[1].number
		if nums[0].width == 4 {
			c.day, c.year = c.year, c.day
		}
	case named < 0 && len(nums) == 3:
		d.numeric(&c, nums, s)
	default:
		return c, false
	}
	switch {
	case c.year < 70:
		c.year += 2000
	case c.year < 100:
		c.year += 1900
	}
	if !c.time(list[clock:], meridiem) {
		return c, false
	}
	return c, c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= monthDays(c.year, c.month) &&
		c.year >= 1900 && c.year <= 9999 && c.hour < 24 && c.minute < 60 && c.second <= 60
}

// numeric reads a date of three numbers.
func (d *dates) numeric(c *civil, nums []token, s string) {
	a, b := nums[0], nums[1]
	c.year = nums[2].number
	switch {
	case a.width == 4:
		c.year, c.month, c.day = a.number, b.number, nums[2].number
	case b.before != '/' || a.number > 12: // dots and dashes: the day is first wherever they are written so
		c.day, c.month = a.number, b.number
	case b.number > 12:
		c.month, c.day = a.number, b.number
	default:
		if !d.decided && d.ambiguous == "" && a.number != b.number {
			d.ambiguous = s
			// American spreadsheets write 6/7/2025, British ones 06/07/2025.
			d.dayFirst = a.width == 2 && b.width == 2
		}
		c.month, c.day = a.number, b.number
		if d.dayFirst {
			c.day, c.month = a.number, b.number
		}
	}
}

// evidence says whether a date tells which of day and month comes first in its file, and whether it is
// worth looking at others: they are of one layout.
func (d *dates) evidence(s string) (more bool) {
	list := tokens(s)
	if len(list) < 3 || list[0].width == 0 || list[0].width > 2 || list[1].width == 0 || list[1].before != '/' || list[2].before != '/' {
		return s == ""
	}
	switch a, b := list[0].number, list[1].number; {
	case a > 12:
		d.decided, d.dayFirst = true, true
	case b > 12:
		d.decided, d.dayFirst = true, false
	}
	return !d.decided
}

// time reads the tokens from the clock on.
func (c *civil) time(list []token, meridiem string) bool {
	if len(list) == 0 {
		return true
	}
	c.hour = list[0].number
	field := 0
	for i := 1; i < len(list); i++ {
		t := list[i]
		switch {
		case t.width > 0 && t.before == ':' && field == 0:
			c.minute = t.number
			field++
		case t.width > 0 && t.before == ':' && field == 1:
			c.second = t.number
			field++
		case t.width > 0 && (t.before == '.' || t.before == ','): // a fraction of a second
		case t.width == 4 && (t.before == '+' || t.before == '-'):
			c.zoned, c.offset = true, t.number/100*3600+t.number%100*60
			if t.before == '-' {
				c.offset = -c.offset
			}
		case t.width == 2 && (t.before == '+' || t.before == '-'):
			c.zoned, c.offset = true, t.number*3600
			if i+1 < len(list) && list[i+1].width == 2 && list[i+1].before == ':' {
				i++
				c.offset += list[i].number * 60
			}
			if t.before == '-' {
				c.offset = -c.offset
			}
		case t.word == "z" || t.word == "utc" || t.word == "gmt":
			c.zoned = true
		case t.word == "am" || t.word == "pm" || t.word == "a" || t.word == "p" || t.word == "上午" || t.word == "下午" || t.word == "午前" || t.word == "午後":
			meridiem = t.word
		case t.word == "m" && (meridiem == "a" || meridiem == "p"): // "a. m."
		case t.word == "uhr" || t.word == "h":
		default:
			return false
		}
	}
	switch meridiem {
	case "":
	case "pm", "p", "下午", "午後":
		if c.hour < 12 {
			c.hour += 12
		}
	default:
		if c.hour == 12 {
			c.hour = 0
		}
	}
	return field > 0
}

// instant reads a moment; "" is none.
func (d *dates) instant(s string) (at record.Instant, ok bool) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, true
	}
	zone := d.zone
	if zone == nil {
		zone = time.UTC
	}
	if d.layout != "" {
		if t, err := time.ParseInLocation(d.layout, s, zone); err == nil {
			at = record.At(t)
			d.zoneless = d.zoneless || !strings.ContainsAny(d.layout, "Z") && !strings.Contains(d.layout, "-07")
			return at, at != 0
		}
	}
	c, ok := d.parse(s)
	if !ok {
		return 0, false
	}
	if c.zoned {
		zone = time.UTC
	} else {
		d.zoneless = true
	}
	at = record.At(time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, 0, zone).Add(-time.Duration(c.offset) * time.Second))
	return at, at > 0
}

// day reads a date without a time, or the day of one with a time.
func (d *dates) day(s string) (record.Date, bool) {
	if s = strings.TrimSpace(s); s == "" {
		return "", true
	}
	if d.layout != "" {
		if t, err := time.Parse(d.layout, s); err == nil {
			return record.Date(t.Format(time.DateOnly)), true
		}
	}
	c, ok := d.parse(s)
	if !ok {
		return "", false
	}
	return record.Date(time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)), true
}
