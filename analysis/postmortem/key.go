package postmortem

// Keys and ids: what an issue is called by its tracker, and what a page is called by its address.

import (
	"path"
	"strings"
)

// keyOf is the issue key that s is, or that an address of a tracker ends in; "" if there is none.
func keyOf(s string) string {
	s = strings.TrimSpace(s)
	if scheme := strings.Index(s, "://"); scheme >= 0 {
		path := strings.Trim(s[scheme+3:], "/")
		if cut := strings.IndexAny(path, "?#"); cut >= 0 {
			path = path[:cut]
		}
		parts := strings.Split(path, "/")
		n := len(parts)
		if n >= 2 && parts[n-2] == "browse" {
			return keyOf(parts[n-1])
		}
		if n >= 5 && parts[n-2] == "issues" {
			return keyOf(parts[n-4] + "/" + parts[n-3] + "#" + parts[n-1])
		}
		return ""
	}
	if repo, number, ok := strings.Cut(s, "#"); ok {
		owner, name, slash := strings.Cut(repo, "/")
		if slash && figures(number) && word(owner) && word(name) {
			return s
		}
		return ""
	}
	project, number, ok := strings.Cut(s, "-")
	if ok && figures(number) && len(project) > 0 && letter(project[0]) && strings.ToUpper(project) == project && word(project) {
		return s
	}
	return ""
}

func figures(s string) bool {
	return s != "" && len(s) <= 10 && strings.Trim(s, "0123456789") == "" && s[0] != '0'
}

// word says whether s is made of what names of projects, owners and repositories are made of.
func word(s string) bool {
	for i := range len(s) {
		if b := s[i]; !letter(b) && !digitAt(s, i) && b != '_' && b != '-' && b != '.' {
			return false
		}
	}
	return s != ""
}

// slug is s as part of an address: lower case, with dashes between its words.
func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	})
	return strings.Join(words, "-")
}

// idOf is the id that a file's name gives.
func idOf(file string) string {
	name := path.Base(strings.ReplaceAll(file, `\`, "/"))
	id := slug(strings.TrimSuffix(name, path.Ext(name)))
	if len(id) > 60 { // what strict.IsID allows
		id = strings.TrimRight(id[:60], "-")
	}
	if id == "" {
		return "postmortem"
	}
	return id
}
