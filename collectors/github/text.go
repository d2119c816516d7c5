package github

// Descriptions: what of them is kept, and the addresses in them.

import (
	"strings"
	"unicode/utf8"

	"github.com/firebreak/firebreak/collectors/record"
)

// linksFromText is how many addresses of a description are kept: enough for the pager's incident, the
// dashboard and the customer's ticket that a report begins with; more of them is a log.
const linksFromText = 10

// plain is a description without what nobody sees in it: the comments of an issue template, which
// would make an empty report look like a full one, and the carriage returns of the web form.
func plain(body string) string {
	body = strings.ReplaceAll(body, "\r\n", "\n")
	for {
		before, rest, ok := strings.Cut(body, "<!--")
		if !ok {
			break
		}
		_, after, ok := strings.Cut(rest, "-->")
		if !ok {
			break // not closed: GitHub shows it as text
		}
		body = before + after
	}
	return strings.TrimSpace(body)
}

// excerpt is at most limit bytes of s, cut between characters.
func excerpt(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.Clone(s[:limit]) // not to keep the whole in memory
}

// addresses are the first few addresses in a text, each once.
func addresses(s string) []record.Link {
	var links []record.Link
	for len(links) < linksFromText {
		i := strings.Index(s, "http")
		if i < 0 {
			break
		}
		s = s[i:]
		end := addressEnd(s)
		url := webAddress(strings.TrimRight(s[:end], ".,:;!?'*_"))
		s = s[end:]
		if url != "" && !linked(links, url) {
			links = append(links, record.Link{Kind: "url", To: strings.Clone(url)})
		}
	}
	return links
}

// addressEnd is how far s is free of white space, controls and what surrounds an address in Markdown.
func addressEnd(s string) int {
	for i := range len(s) {
		switch c := s[i]; c {
		case '<', '>', '(', ')', '[', ']', '{', '}', '"', '`', '|', '\\', '^', 0x7F:
			return i
		default:
			if c <= ' ' {
				return i
			}
		}
	}
	return len(s)
}

func linked(links []record.Link, to string) bool {
	for _, l := range links {
		if l.To == to {
			return true
		}
	}
	return false
}

// webAddress is s if it is an address of the web, and "" otherwise, so that nothing else is ever made
// a link of.
func webAddress(s string) string {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(s, scheme); ok && rest != "" && addressEnd(s) == len(s) {
			return s
		}
	}
	return ""
}
