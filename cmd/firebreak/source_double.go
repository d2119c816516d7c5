package main

// Two live sources of one site: an issue that both of them bring is two issues, unless both say that it is
// the same tracker's.

import (
	"regexp"
	"slices"
	"strings"
)

// doubles says whether two sources ask the same site, may bring the same issues, and call its tracker
// differently. Two searches of a Jira may always overlap.
func (s source) doubles(o source) bool {
	if s.Live == nil || o.Live == nil || s.Kind != o.Kind || s.Tracker == o.Tracker || !strings.EqualFold(s.Live.URL, o.Live.URL) {
		return false
	}
	if s.Kind == "github" {
		return overlap(s.Live.reach(), o.Live.reach())
	}
	return s.Live.URL != "" // or it has its complaint
}

// reach is what a GitHub source asks for, in small letters: acme/orders, or acme for all of the owner's,
// or nothing at all where a search does not say.
func (s *service) reach() []string {
	var all []string
	for _, r := range s.Repos {
		all = append(all, strings.ToLower(r))
	}
	if s.Org != "" {
		all = append(all, strings.ToLower(s.Org))
	}
	for _, m := range qualifier.FindAllStringSubmatch(s.Query, -1) {
		all = append(all, strings.ToLower(m[1]))
	}
	if s.Query != "" && len(all) == 0 {
		all = []string{anywhere}
	}
	return all
}

const anywhere = "*"

// qualifier is what bounds a search to an owner or a repository:
// https://docs.github.com/search-github/searching-on-github/searching-issues-and-pull-requests
var qualifier = regexp.MustCompile(`(?i)(?:^|[\s(])(?:org|user|repo):"?([A-Za-z0-9][A-Za-z0-9_./-]*)`)

// overlap says whether something is within both reaches.
func overlap(a, b []string) bool {
	within := func(x, y string) bool { return y == anywhere || x == y || strings.HasPrefix(x, y+"/") }
	return slices.ContainsFunc(a, func(x string) bool {
		return slices.ContainsFunc(b, func(y string) bool { return within(x, y) || within(y, x) })
	})
}
