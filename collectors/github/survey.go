package github

// What a GitHub has, for the person who sets it up: `firebreak doctor`.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// surveying is a survey under way.
type surveying struct {
	*session
	live.Survey
	issues int // in all repositories together, as far as they can be counted
	left   int // requests left of this hour's; -1 without a limit
}

// Survey asks what there is, and what is in the way.
func (l *Live) Survey(ctx context.Context) live.Survey {
	s, err := l.session()
	if err != nil {
		return live.Survey{Checks: []live.Check{{What: "read the address of " + l.Name, Wrong: err.Error(), Remedy: "correct url in firebreak.yaml", Grave: true}}}
	}
	v := surveying{session: s, left: -1}
	if v.reach(ctx) {
		v.survey(ctx)
	}
	return v.Survey
}

func (v *surveying) add(c live.Check) { v.Checks = append(v.Checks, c) }

// fail is a check that an error fails.
func (v *surveying) fail(what string, err error, grave bool) {
	c := live.Check{What: what, Wrong: err.Error(), Grave: grave}
	var r *refusal
	if errors.As(err, &r) {
		bare := *r
		bare.remedy = ""
		c.Wrong, c.Remedy = bare.Error(), r.remedy
	}
	v.add(c)
}

// reach checks the way there, the token and the clock. Asking for the limits costs nothing of them, and
// tells the scopes; an Enterprise Server without limits answers 404.
func (v *surveying) reach(ctx context.Context) bool {
	where := "reach " + strings.TrimSuffix(v.client.BaseURL.String(), "/")
	a, err := v.get(ctx, "rate_limit", "")
	switch {
	case err != nil && !lost(err):
		var r *refusal
		if errors.As(err, &r) && r.status == http.StatusUnauthorized {
			v.add(live.Check{What: where, Found: "it answers"})
			v.fail("log in", err, true)
			return false
		}
		v.fail(where, err, true)
		return false
	case err == nil && a.body.Kind() != '{':
		v.fail(where, v.unexpected(a.request, "the limits of a GitHub", a.body), true)
		return false
	}
	v.open = true
	v.add(live.Check{What: where, Found: "it answers"})
	v.account(ctx)
	v.limits(a.body)
	if skew, ok := v.HTTP.Skew(); ok {
		c := live.Check{What: "compare the clocks", Found: "they agree to " + max(skew.Abs().Round(time.Second), time.Second).String()}
		if skew.Abs() > settling {
			c.Found, c.Wrong = "", fmt.Sprintf("GitHub's clock and this machine's differ by %s", skew.Abs().Round(time.Second))
			c.Remedy = "set this machine's clock; nothing is lost by it, since the watermarks are in GitHub's own time, but this machine's logs are hard to compare"
		}
		v.add(c)
	}
	return true
}

// account says who asks. A token of Actions or of an app is nobody's account.
func (v *surveying) account(ctx context.Context) {
	a, err := v.get(ctx, "user", "")
	var r *refusal
	switch {
	case err == nil:
		found := "as " + text(member(a.body, "login"))
		if list, ok := a.header["X-Oauth-Scopes"]; ok {
			found += ", by a classic token with the scopes " + cmp.Or(strings.Join(list, ", "), "(none: public things only)")
		} else {
			found += ", by a token without scopes (fine-grained, or an app's): what it may do shows below"
		}
		if until := a.header.Get("GitHub-Authentication-Token-Expiration"); until != "" {
			found += "; it expires " + until
		}
		v.add(live.Check{What: "log in", Found: found})
	case errors.As(err, &r) && r.status == http.StatusForbidden:
		v.add(live.Check{What: "log in", Found: "as an app or as Actions, which have no account"})
	case errors.As(err, &r) && r.status == http.StatusUnauthorized:
		v.anybody = true
		v.add(live.Check{What: "log in", Found: "as anybody", Wrong: "there is no token: 60 requests an hour, public repositories only, no projects",
			Remedy: "make a token and name its environment variable with token_env"})
	default:
		v.fail("log in", err, false)
	}
}

// limits reads GET /rate_limit.
func (v *surveying) limits(body jsontext.Value) {
	core := member(member(body, "resources"), "core")
	if core == nil {
		v.add(live.Check{What: "ask for the rate limit", Found: "there is none"})
		return
	}
	v.left = int(number(member(core, "remaining")))
}

// survey checks what is asked for.
func (v *surveying) survey(ctx context.Context) {
	v.Statuses = []record.Status{
		{ID: "open", Name: "open", Category: record.Todo},
		{ID: "closed", Name: "closed", Category: record.Done},
	}
	repos := slices.Clone(v.Repos)
	if v.Org != "" {
		all, err := v.repositories(ctx, v.Org)
		if err != nil {
			v.fail("list the repositories of "+v.Org, err, len(repos) == 0)
		} else {
			v.add(live.Check{What: "list the repositories of " + v.Org, Found: fmt.Sprintf("%d with issues", len(all))})
		}
		for _, r := range all {
			if !slices.ContainsFunc(repos, func(have string) bool { return strings.EqualFold(have, r) }) {
				repos = append(repos, r)
			}
		}
	}
	if len(repos) == 0 && v.Org == "" && v.Query == "" {
		v.add(live.Check{What: "know what to read", Wrong: "nothing is asked for", Remedy: "name `repos`, an `org` or a `query` in firebreak.yaml", Grave: true})
	}
	v.repos = repos
	asked := slices.Clone(repos)
	if len(asked) > mostAsked {
		asked = asked[:mostAsked]
		v.add(live.Check{What: "read the repositories", Found: fmt.Sprintf("%d, of which the first %d are tried here", len(repos), mostAsked)})
	}
	for _, r := range asked {
		v.tryRepo(ctx, r)
	}
	if v.Query != "" {
		v.tryQuery(ctx)
	}
	v.cost()
	v.peek = true
	v.readBoards(ctx)
	for _, b := range v.boards {
		v.tryProject(b)
	}
	v.types(ctx)
	slices.Sort(v.Labels)
	v.Labels = slices.Compact(v.Labels)
}

// mostAsked is how many repositories are tried one by one: a person waits for it.
const mostAsked = 30

// tryRepo checks a repository as a night would read it, and takes its first hundred labels.
func (v *surveying) tryRepo(ctx context.Context, repo string) {
	what := "read issues of " + repo
	if !isRepo(repo) {
		v.add(live.Check{What: what, Wrong: fmt.Sprintf("%q is no repository", repo), Remedy: "write owner/name", Grave: len(v.repos) == 1})
		return
	}
	a, err := v.get(ctx, "repos/"+repo+"/issues?state=all&per_page=1", "")
	if err != nil {
		v.fail(what, err, len(v.repos) == 1)
		return
	}
	if a.body.Kind() != '[' {
		v.fail(what, v.unexpected(a.request, "a list of issues", a.body), false)
		return
	}
	n, err := v.count(ctx, repo, 0)
	found := "they can be read"
	if err == nil {
		v.issues += n
		found = fmt.Sprintf("%d issues", n)
	}
	c := live.Check{What: what, Found: found}
	for o := range elements(a.body) {
		object := parseObject(o)
		if present := repositoryOf(&object); present != "" && !strings.EqualFold(present, repo) {
			c.Found += "; it is called " + present + " now"
			c.Wrong, c.Remedy = "it was renamed or transferred", "write "+present+" in firebreak.yaml; the old name works until somebody takes it"
		}
	}
	v.add(c)
	labels, err := v.get(ctx, "repos/"+repo+"/labels?per_page=100", "")
	if err != nil {
		v.fail("list the labels of "+repo, err, false)
		return
	}
	if v.Labels == nil {
		v.Labels = []string{}
	}
	for l := range elements(labels.body) {
		if name := text(member(l, "name")); name != "" {
			v.Labels = append(v.Labels, name)
		}
	}
}

// tryQuery checks the query.
func (v *surveying) tryQuery(ctx context.Context) {
	what := fmt.Sprintf("search for %q", v.Query)
	l := v.matches()
	a, err := v.get(ctx, l.at(0), "")
	if err != nil {
		v.fail(what, err, len(v.repos) == 0)
		return
	}
	n, whole := l.total(a.body)
	v.issues += n
	c := live.Check{What: what, Found: fmt.Sprintf("%d issues", n)}
	if n == 0 {
		c.Wrong, c.Remedy = "it finds nothing", "try it in GitHub's own search box; the token must be able to see the repositories it names"
	} else if !whole {
		c.Wrong, c.Remedy = "GitHub gave up searching before it was through (incomplete_results)", "narrow the query"
	}
	v.add(c)
}

// cost compares what a first collection takes with what is left of this hour: a timeline for each issue,
// and a list in which every second one is a pull request.
func (v *surveying) cost() {
	if v.left < 0 {
		return
	}
	need := v.issues + v.issues*2/perPage + len(v.repos)
	c := live.Check{What: "compare the rate limit", Found: fmt.Sprintf("%d requests left this hour; a first collection takes about %d", v.left, need)}
	if need > v.left {
		c.Found += "; it waits where it must, and goes on the next night where that takes too long"
	}
	v.add(c)
}

// tryProject checks a project, and takes the words of its status and its numbers.
func (v *surveying) tryProject(b *board) {
	what := "read project " + b.name
	if b.err != nil {
		v.add(live.Check{What: what, Wrong: b.err.Error(), Remedy: needProject})
		return
	}
	points := v.pointsField(b)
	c := live.Check{What: what, Found: fmt.Sprintf("%d items on it", b.total)}
	switch {
	case points != "":
		c.Found += "; points from its field " + points
	case v.Points != "":
		c.Wrong = fmt.Sprintf("it has no number field %q", v.Points)
		c.Remedy = "its number fields are " + cmp.Or(strings.Join(b.numbers(), ", "), "none") + "; name one of them with `points`"
	default:
		c.Found += "; no points"
	}
	v.add(c)
	for _, f := range b.fields {
		switch {
		case f.kind == "single_select" && strings.EqualFold(f.name, statusField):
			for _, o := range f.options {
				st := record.Status{Name: o, Category: record.Todo} // an issue is open or closed beside it
				if !slices.Contains(v.Statuses, st) {
					v.Statuses = append(v.Statuses, st)
				}
			}
		case f.kind == "number":
			field := live.Field{ID: f.name, Name: f.name, Kind: "number", Asked: f.name == points}
			if f.name == points || v.Points == "" && strings.Contains(strings.ToLower(f.name), "point") {
				field.Hint = "points"
			}
			if !slices.ContainsFunc(v.Fields, func(x live.Field) bool { return x.ID == field.ID }) {
				v.Fields = append(v.Fields, field)
			}
		}
	}
}

// types takes the issue types of the organisations. Users have none, and older servers; who may not read
// them still reads the type of each issue.
func (v *surveying) types(ctx context.Context) {
	var owners []string
	for _, r := range v.repos {
		if owner, _, _ := strings.Cut(r, "/"); isName(owner) && !slices.Contains(owners, owner) {
			owners = append(owners, owner)
		}
	}
	for _, owner := range owners[:min(len(owners), mostAsked)] {
		a, err := v.get(ctx, "orgs/"+owner+"/issue-types", "")
		if err != nil {
			continue
		}
		for t := range elements(a.body) {
			if name := text(member(t, "name")); name != "" && !slices.Contains(v.Types, name) {
				v.Types = append(v.Types, name)
			}
		}
	}
}
