package jira

// Instants as Jira writes them in JSON.

import (
	"strconv"

	"github.com/firebreak/firebreak/collectors/record"
)

// instant reads "2021-01-25T11:09:27.985+0800", Jira's only layout for moments (REST API v2 and v3),
// and its kin that exports, proxies and older versions write: without fractions or seconds, with "Z" or
// "+08:00" or "+08" for the zone; and milliseconds (or, below 1e11, seconds) since 1970 as a number,
// as the bulk changelog endpoint has them. A moment without a zone is read as UTC. It is not ok outside
// of 1970 to 2261.
//
// It is written by hand because a layout of known width costs a tenth of time.Parse, and an issue with
// its history has a hundred of them.
func instant(b []byte) (at record.Instant, ok bool) {
	if len(b) < 16 || b[4] != '-' {
		return epoch(b)
	}
	year, month, day := two(b[0], b[1])*100+two(b[2], b[3]), two(b[5], b[6]), two(b[8], b[9])
	hour, minute, second := two(b[11], b[12]), two(b[14], b[15]), 0
	if b[7] != '-' || b[10] != 'T' && b[10] != ' ' || b[13] != ':' {
		return 0, false
	}
	b = b[16:]
	if len(b) >= 3 && b[0] == ':' {
		second = two(b[1], b[2])
		b = b[3:]
	}
	nanos := 0
	if len(b) > 1 && (b[0] == '.' || b[0] == ',') {
		i, unit := 1, 100_000_000
		for ; i < len(b) && '0' <= b[i] && b[i] <= '9'; i++ {
			nanos += int(b[i]-'0') * unit
			unit /= 10
		}
		b = b[i:]
	}
	offset, ok := zone(b)
	if !ok || year < 1969 || year > 2262 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) ||
		hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return 0, false
	}
	seconds := int64(daysSince1970(year, month, day))*86400 + int64(hour*3600+minute*60+second-offset)
	if seconds < 0 || seconds >= lastSecond {
		return 0, false
	}
	return record.Instant(seconds*1e9 + int64(nanos)), true
}

// lastSecond is 2262-01-01T00:00:00Z, the end of what an Instant reaches.
const lastSecond = 9214646400

// epoch reads a number of milliseconds or seconds.
func epoch(b []byte) (record.Instant, bool) {
	if len(b) < 9 || len(b) > 16 { // fewer digits are a year or a mistake
		return 0, false
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil || n <= 0 {
		return 0, false
	}
	if n < 1e11 {
		n *= 1000
	}
	if n >= lastSecond*1000 {
		return 0, false
	}
	return record.Instant(n * 1e6), true
}

// zone reads the offset at the end of a moment, in seconds east of UTC.
func zone(b []byte) (int, bool) {
	if len(b) == 0 || len(b) == 1 && (b[0] == 'Z' || b[0] == 'z') {
		return 0, true
	}
	sign := 1
	switch b[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return 0, false
	}
	hours, minutes := -1, 0
	switch len(b) {
	case 3:
		hours = digits(b[1:3])
	case 5:
		hours, minutes = two(b[1], b[2]), two(b[3], b[4])
	case 6:
		hours, minutes = digits(b[1:3]), digits(b[4:6])
		if b[3] != ':' {
			return 0, false
		}
	}
	if hours < 0 || hours > 18 || minutes < 0 || minutes > 59 {
		return 0, false
	}
	return sign * (hours*3600 + minutes*60), true
}

// two is the number of two digits; for anything else it is far below 0.
func two(a, b byte) int {
	a, b = a-'0', b-'0'
	if a > 9 || b > 9 {
		return -1 << 20
	}
	return int(a)*10 + int(b)
}

// digits is the number that b spells, -1 if it has anything but digits.
func digits(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func monthDays(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts days of the Gregorian calendar; years begin in March, so that leap days come
// last (Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	ofEra := year - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}

// date reads a day as Jira writes due dates, "2021-01-25"; what follows the day is ignored.
func date(b []byte) (record.Date, bool) {
	if len(b) < 10 || b[4] != '-' || b[7] != '-' || len(b) > 10 && b[10] != 'T' && b[10] != ' ' {
		return "", false
	}
	year, month, day := digits(b[0:4]), digits(b[5:7]), digits(b[8:10])
	if year < 1 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return "", false
	}
	return record.Date(b[:10]), true
}
