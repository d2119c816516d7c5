package github

// The repositories of an organisation or a user.

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// repositories are those of an organisation or user that the token sees and that have issues, archived
// ones too, by name.
func (s *session) repositories(ctx context.Context, owner string) ([]string, error) {
	if !isName(owner) {
		return nil, fmt.Errorf("`org: %s` is no name of an organisation or user", owner)
	}
	name := url.PathEscape(owner)
	list, err := s.repositoriesAt(ctx, "orgs/"+name+"/repos?per_page=100&sort=full_name&direction=asc", owner)
	if lost(err) { // no organisation
		where := "users/" + name + "/repos?per_page=100&type=owner&sort=full_name&direction=asc"
		// Of one's own repositories the private ones are listed elsewhere.
		if me, err := s.get(ctx, "user", ""); err == nil && strings.EqualFold(text(member(me.body, "login")), owner) {
			where = "user/repos?per_page=100&affiliation=owner&sort=full_name&direction=asc"
		}
		list, err = s.repositoriesAt(ctx, where, owner)
	}
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s has no repository with issues that the token may see: %s", owner, needIssues)
	}
	return list, nil
}

func (s *session) repositoriesAt(ctx context.Context, where, owner string) ([]string, error) {
	var list []string
	for before := (places{where: true}); len(before) < mostPages; {
		a, err := s.get(ctx, where, "")
		if err != nil {
			return nil, err
		}
		// Repositories that are missing from the list are issues that count as gone.
		if sso := a.header.Get("X-GitHub-SSO"); strings.HasPrefix(sso, "partial-results") {
			return nil, fmt.Errorf("%s: the list is not whole, since the token is not authorised for the single sign-on of %s (Settings > Developer settings > the token > Configure SSO)", a.request, owner)
		}
		if a.body.Kind() != '[' {
			return nil, s.unexpected(a.request, "a list of repositories", a.body)
		}
		for r := range elements(a.body) {
			name := text(member(r, "full_name"))
			if !isRepo(name) {
				return nil, fmt.Errorf("%s: a repository without a full_name: %s", a.request, s.shownText(string(r)))
			}
			if string(member(r, "has_issues")) != "false" && string(member(r, "disabled")) != "true" {
				list = append(list, name)
			}
		}
		if a.next == "" {
			return list, nil
		}
		if !before.on(a.next) {
			return nil, fmt.Errorf("%s: it names a page that it named before as the next one; the service goes round in circles", a.request)
		}
		where = a.next
	}
	return nil, fmt.Errorf("GET %s: the list has not ended after %d pages; the service goes round in circles", where, mostPages)
}
