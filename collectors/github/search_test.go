package github

import (
	"net/url"
	"strings"
	"testing"
)

func TestAQueryWithAnORIsOnePartOfTheSearch(t *testing.T) {
	for query, want := range map[string]string{
		`label:bug`:                     `label:bug`,
		`label:a OR label:b`:            `(label:a OR label:b)`,
		`label:a or label:b`:            `(label:a or label:b)`,
		`(label:a) OR (label:b)`:        `((label:a) OR (label:b))`,
		`(label:a)OR(label:b)`:          `((label:a)OR(label:b))`,
		`org:acme (label:a OR label:b)`: `org:acme (label:a OR label:b)`,
		`label:"a OR b"`:                `label:"a OR b"`,
		`ORDER label:FOR`:               `ORDER label:FOR`,
		`repo:acme/or OR org:or`:        `(repo:acme/or OR org:or)`,
		``:                              ``,
	} {
		if got := whole(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		s := session{Live: &Live{Query: query}}
		_, raw, _ := strings.Cut(s.matches().at(1e18), "?")
		v, err := url.ParseQuery(raw)
		if err != nil || !strings.HasPrefix(v.Get("q"), want+" is:issue updated:>=") || (v.Get("advanced_search") == "true") != (want != query) {
			t.Errorf("%s: asked as %v", query, v)
		}
	}
}
