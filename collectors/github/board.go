package github

// Projects v2: which issues are on a project, with their status and points.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/record"
)

// board is a project as it stands tonight. GitHub has no list of the items that changed, so all are
// listed each night, a hundred a request.
type board struct {
	name   string // "acme/5"
	owner  string
	number int

	id     string
	fields []boardField
	items  []*item
	total  int // items of any kind, as the service counts them
	left   map[string]int
	began  record.Instant // when the listing began, by the service's clock
	err    error          // why it cannot be read
	denied bool           // for want of a permission

	silent int    // issues whose status moved without an event, tonight
	first  string // one of them
}

// boardField is a field of a project.
type boardField struct {
	name, kind string
	options    []string // of a choice
}

// item is an issue on a project.
type item struct {
	board   *board
	id      string
	issue   string // the issue's id as REST knows it
	node    string // and as GraphQL does
	repo    string
	number  string
	updated record.Instant
	status  string
	option  string         // the id of that status
	moved   record.Instant // when the status got its value
	points  record.Number
}

func (it *item) key() string { return it.repo + "#" + it.number }

// statusField is what GitHub calls the field that a project's columns are of.
const statusField = "Status"

// pointsField is the number field of a project that holds points, "" if it has none. By default it is
// called as in GitHub's own templates.
func (s *session) pointsField(b *board) string {
	names := []string{s.Points}
	if s.Points == "" {
		names = []string{"Points", "Story Points", "Estimate"}
	}
	for _, name := range names {
		for _, f := range b.fields {
			if f.kind == "number" && strings.EqualFold(f.name, name) {
				return f.name
			}
		}
	}
	return ""
}

// readBoards lists all items of all projects. One that cannot be read says why in its own stream, so
// that the issues go on without it.
func (s *session) readBoards(ctx context.Context) {
	s.onBoards = map[string][]*item{}
	for _, name := range s.Projects {
		b := &board{name: name, left: map[string]int{}}
		s.boards = append(s.boards, b)
		if b.err = s.readBoard(ctx, b); b.err != nil {
			var wrong faults
			b.denied = errors.As(b.err, &wrong) && slices.ContainsFunc(wrong, fault.denied)
			b.items = nil
			continue
		}
		for _, it := range b.items {
			s.onBoards[it.issue] = append(s.onBoards[it.issue], it)
		}
	}
}

const boardQuery = `query($owner:String!,$number:Int!,$after:String){%s(login:$owner){projectV2(number:$number){id ` +
	`fields(first:50){nodes{... on ProjectV2FieldCommon{name dataType} ... on ProjectV2SingleSelectField{options{id name}}}} ` +
	`items(first:100,after:$after){totalCount pageInfo{hasNextPage endCursor} nodes{id updatedAt ` +
	`content{__typename ... on Issue{id fullDatabaseId number repository{nameWithOwner}}} ` +
	`fieldValues(first:50){nodes{__typename ` +
	`... on ProjectV2ItemFieldNumberValue{number field{... on ProjectV2FieldCommon{name}}} ` +
	`... on ProjectV2ItemFieldSingleSelectValue{name optionId updatedAt field{... on ProjectV2FieldCommon{name}}}}}}}}}}`

// readBoard lists the items of a project. Its owner may be an organisation or a user.
func (s *session) readBoard(ctx context.Context, b *board) error {
	owner, digits, ok := strings.Cut(b.name, "/")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n <= 0 || !isName(owner) {
		return fmt.Errorf("%q is no project; write OWNER/NUMBER, as at the end of its address", b.name)
	}
	b.owner, b.number = owner, n
	kind, after, before := "organization", "", places{}
	for range mostPages {
		data, wrong, err := s.query(ctx, fmt.Sprintf(boardQuery, kind), map[string]any{"owner": owner, "number": n, "after": orNull(after)})
		if err != nil && len(wrong) == 0 {
			return err
		}
		project := member(member(data, kind), "projectV2")
		if !present(project) {
			if kind == "organization" && !present(member(data, kind)) && after == "" && noOwner(wrong) {
				kind = "user"
				continue
			}
			if len(wrong) == 0 {
				wrong = faults{{kind: "NOT_FOUND", message: "there is no such project"}}
			}
			return wrong
		}
		b.began = cmp.Or(b.began, s.served())
		if b.id == "" {
			b.id, b.fields = text(member(project, "id")), boardFields(member(project, "fields"))
		}
		items := member(project, "items")
		if member(items, "nodes").Kind() != '[' {
			if len(wrong) > 0 {
				return wrong
			}
			return s.unexpected("asking for a project", "the items of the project", project)
		}
		b.total = int(number(member(items, "totalCount")))
		for v := range elements(member(items, "nodes")) {
			s.item(b, v)
		}
		next, more := nextCursor(items)
		if !more || s.peek {
			return nil
		}
		if !before.on(next) {
			return errors.New("there are more items, and no cursor to them; the service goes round in circles")
		}
		after = next
	}
	return fmt.Errorf("the list of items has not ended after %d pages; the service goes round in circles", mostPages)
}

// noOwner says whether there is no organisation of that name, which may be a user's.
func noOwner(wrong faults) bool {
	return len(wrong) == 0 || slices.ContainsFunc(wrong, func(f fault) bool { return f.kind == "NOT_FOUND" })
}

func boardFields(v jsontext.Value) (list []boardField) {
	for n := range elements(member(v, "nodes")) {
		f := boardField{name: text(member(n, "name")), kind: strings.ToLower(text(member(n, "dataType")))}
		for o := range elements(member(n, "options")) {
			f.options = append(f.options, text(member(o, "name")))
		}
		if f.name != "" {
			list = append(list, f)
		}
	}
	return list
}

// item reads one item of a project.
func (s *session) item(b *board, v jsontext.Value) {
	content := member(v, "content")
	switch kind := text(member(content, "__typename")); {
	case kind == "PullRequest":
		b.left[leftPull]++
		return
	case kind == "DraftIssue":
		b.left["draft"]++
		return
	case kind != "Issue":
		b.left["hidden from this token"]++
		return
	}
	it := &item{
		board: b, id: text(member(v, "id")),
		issue: databaseID(content), node: text(member(content, "id")), number: text(member(content, "number")),
		repo: text(member(member(content, "repository"), "nameWithOwner")),
	}
	it.updated, _ = instant(member(v, "updatedAt"))
	if it.issue == "" || it.node == "" {
		b.left[leftUnreadable]++
		return
	}
	points := s.pointsField(b)
	for f := range elements(member(member(v, "fieldValues"), "nodes")) {
		switch name := text(member(member(f, "field"), "name")); {
		case text(member(f, "__typename")) == "ProjectV2ItemFieldSingleSelectValue" && strings.EqualFold(name, statusField):
			it.status, it.option = text(member(f, "name")), text(member(f, "optionId"))
			it.moved, _ = instant(member(f, "updatedAt"))
		case text(member(f, "__typename")) == "ProjectV2ItemFieldNumberValue" && points != "" && name == points:
			if n, err := strconv.ParseFloat(text(member(f, "number")), 64); err == nil {
				it.points = record.Num(n)
			}
		}
	}
	b.items = append(b.items, it)
}
