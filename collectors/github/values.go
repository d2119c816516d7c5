package github

// Single values: people, instants, addresses of issues.

import (
	"strconv"
	"strings"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/go-json-experiment/json/jsontext"
)

// repositoryOf is "owner/name", "" where the object doesn't say.
func repositoryOf(o *issueObject) string {
	for _, v := range []jsontext.Value{o.repositoryURL, o.htmlURL, o.url} {
		if repo, _ := splitAddress(text(v)); repo != "" {
			return repo
		}
	}
	return text(member(o.repository, "full_name"))
}

// keyOf is "owner/name#12" of an issue's address in the API or on the web; "" of any other.
func keyOf(url string) string {
	repo, n := splitAddress(url)
	if repo == "" || n == "" {
		return ""
	}
	return repo + "#" + n
}

// splitAddress reads https://api.github.com/repos/o/r/issues/12, https://github.com/o/r/issues/12 and
// the same of a GitHub Enterprise Server (https://host/api/v3/repos/…), with or without the end.
func splitAddress(url string) (repo, n string) {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return "", ""
	}
	_, path, _ := strings.Cut(rest, "/")
	if _, after, ok := strings.Cut("/"+path, "/repos/"); ok {
		path = after
	}
	parts := strings.Split(path, "/")
	if len(parts) < 2 || parts[0] == "" || parts[1] == "" || parts[0] == "repositories" {
		return "", ""
	}
	repo = parts[0] + "/" + parts[1]
	if len(parts) >= 4 && (parts[2] == "issues" || parts[2] == "pull") {
		n, _, _ = strings.Cut(parts[3], "#")
	}
	return repo, n
}

// person is an account; one that was deleted is null, and nobody.
func person(v jsontext.Value) record.Person {
	p := record.Person{}
	for name, m := range members(v) {
		switch name {
		case "login":
			p.Account = text(m)
		case "name":
			p.Name = text(m)
		case "type":
			p.Bot = p.Bot || text(m) == "Bot"
		}
	}
	p.Bot = p.Bot || strings.HasSuffix(p.Account, "[bot]")
	return p
}

func people(v jsontext.Value) []record.Person {
	var all []record.Person
	for e := range elements(v) {
		if p := person(e); p.Known() {
			all = append(all, p)
		}
	}
	return all
}

// instant reads a time as GitHub writes it, RFC 3339 in UTC, and as archivers rewrite it, with an
// offset or a fraction. A time without a zone is no time.
func instant(v jsontext.Value) (record.Instant, bool) {
	s := text(v)
	if len(s) == len("2006-01-02T15:04:05Z") && s[4] == '-' && s[7] == '-' && s[10] == 'T' && s[13] == ':' && s[16] == ':' && s[19] == 'Z' {
		y, mo, d := digits(s[0:4]), digits(s[5:7]), digits(s[8:10])
		h, mi, sec := digits(s[11:13]), digits(s[14:16]), digits(s[17:19])
		if y >= 0 && mo >= 1 && mo <= 12 && d >= 1 && h >= 0 && h < 24 && mi >= 0 && mi < 60 && sec >= 0 && sec < 60 {
			t := time.Date(y, time.Month(mo), d, h, mi, sec, 0, time.UTC)
			if at := record.At(t); t.Day() == d {
				return at, at != 0
			}
		}
		return 0, false
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, false
	}
	at := record.At(t)
	return at, at != 0
}

// digits is a number of digits only, -1 of anything else.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// shown is a value as a message shows it: short, and "missing" where it is.
func shown(v jsontext.Value) string {
	if v == nil {
		return "missing"
	}
	s := string(v)
	if v[0] == '"' {
		s = strconv.Quote(text(v))
	}
	if len(s) > 60 {
		s = excerpt(s, 57) + "…"
	}
	return s
}
