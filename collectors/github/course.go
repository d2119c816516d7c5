package github

// What a project makes of an issue's status.
//
// GitHub itself knows two statuses, open and closed. On a project an open issue has the status that the
// project gives it ("In review"), which the tracker still calls open, so its category is still to do; a
// closed one is closed, wherever its card may lie. The history is that of the timeline (opened, closed,
// reopened) with what the project says in between. What happens to the card of a closed issue is not told,
// and a reopened one is at once where its card is.

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/firebreak/firebreak/collectors/record"
)

// move is an event that bears on an issue's status.
type move struct {
	kind    string // its type in GraphQL
	id      string
	at      record.Instant
	by      record.Person
	project string // id of the project
	number  int    // and its number
	to      string // the status, of a statusChanged
}

// The types of a move.
const (
	statusChanged = "ProjectV2ItemStatusChangedEvent"
	removed       = "RemovedFromProjectV2Event"
	issueClosed   = "ClosedEvent"
	issueReopened = "ReopenedEvent"
)

// in says whether the move is one on this project.
func (m *move) in(b *board) bool {
	return m.project == b.id && b.id != "" || m.project == "" && m.number == b.number
}

// choose is the project whose status an issue has, the first in firebreak.yaml that it has one on; nil
// where none ever gave it one. The item is nil where the issue has left the project.
func (s *session) choose(issue string, moves []move) (*board, *item) {
	items := s.onBoards[issue]
	for _, it := range items {
		if it.status != "" {
			return it.board, it
		}
	}
	for _, b := range s.boards {
		if b.err == nil && slices.ContainsFunc(moves, func(m move) bool { return m.in(b) }) {
			for _, it := range items {
				if it.board == b {
					return b, it
				}
			}
			return b, nil
		}
	}
	return nil, nil
}

// course are the changes of status that the project made. Each keeps the id of its event; that of a
// reopening is the event's own with a suffix, since the timeline has the change to open under another.
//
// Since about 2026-09-24 GitHub writes no event for most changes of a project's status, while the value
// and its date move (orgs/community discussion 209484). So where the present value is not the one of the
// last event, a change to it is added, dated by the value's own date. Its id is made of what it follows
// and of that date: the next night makes the same one. What was between two such nights is lost at the
// source. It says whether there was such a change.
func course(b *board, it *item, moves []move) (changes []record.Change, silent bool) {
	var own []move
	last := move{}
	for _, m := range moves {
		switch m.kind {
		case statusChanged, removed:
			if !m.in(b) {
				continue
			}
			if m.kind == removed {
				m.to = ""
			}
			last = m
		case issueClosed, issueReopened:
		default:
			continue
		}
		own = append(own, m)
	}
	if it != nil && it.status != last.to && it.moved != 0 {
		own = append(own, move{kind: statusChanged, id: cmp.Or(last.id, it.id) + "@" + it.moved.String(), at: max(it.moved, last.at), to: it.status})
		silent = true
	}
	slices.SortStableFunc(own, func(a, b move) int { return cmp.Compare(a.at, b.at) })
	status, closed := "", false
	for len(own) > 0 {
		// What happens in one second is one change: the ledger knows no order in it but that of the ids,
		// and those of the project say nothing of it. They are longer than the timeline's, whose changes
		// so come first. A card that is moved in the second of the closing, as automation does, was in no
		// column.
		before := cmp.Or(status, "open")
		var by move
		n := 0
		for ; n < len(own) && own[n].at == own[0].at; n++ {
			switch m := own[n]; m.kind {
			case issueClosed:
				closed = true
			case issueReopened:
				closed, before = false, "open"
				if by.kind == "" {
					by = m
					by.id += "/status"
				}
			default:
				status, by = m.to, m
			}
		}
		if after := cmp.Or(status, "open"); by.kind != "" && !closed && after != before {
			changes = append(changes, record.Change{ID: by.id, At: by.at, By: by.by, Field: record.FieldStatus, From: before, To: after})
		}
		own = own[n:]
	}
	return changes, silent
}

// put gives an issue what its projects say of it: status, points, and the history of the status. An issue
// that is on a project is as new as its card.
func (s *session) put(is *record.Issue, moves []move) {
	c := &is.Copies[0]
	for _, it := range s.onBoards[is.ID] {
		c.Updated = max(c.Updated, it.updated)
		if c.Parts&record.HasPoints == 0 && s.pointsField(it.board) != "" {
			c.Parts |= record.HasPoints
			c.Points = it.points
		}
	}
	b, it := s.choose(is.ID, moves)
	if b == nil {
		return
	}
	if it != nil && it.status != "" && c.Status.Category == record.Todo {
		c.Status = record.Status{ID: it.option, Name: it.status, Category: record.Todo}
	}
	changes, silent := course(b, it, moves)
	if silent {
		b.silent++
		b.first = cmp.Or(b.first, c.Key)
	}
	if len(changes) > 0 {
		is.Changes = slices.Concat(is.Changes, changes)
		*is = record.Merge(*is, record.Issue{Ref: is.Ref}) // in order of time
	}
}

// placed is what GraphQL says of an issue.
type placed struct {
	issue jsontext.Value
	moves []move
}

const placedQuery = `query($ids:[ID!]!){nodes(ids:$ids){... on Issue{id fullDatabaseId number title state url createdAt updatedAt %s` +
	`repository{nameWithOwner} timelineItems(first:100,itemTypes:` + moveTypes + `){` + moveFields + `}}}}`

const restQuery = `query($id:ID!,$after:String){node(id:$id){... on Issue{timelineItems(first:100,after:$after,itemTypes:` + moveTypes + `){` + moveFields + `}}}}`

const (
	moveTypes  = `[PROJECT_V2_ITEM_STATUS_CHANGED_EVENT,REMOVED_FROM_PROJECT_V2_EVENT,CLOSED_EVENT,REOPENED_EVENT]`
	moveFields = `pageInfo{hasNextPage endCursor} nodes{__typename ` +
		`... on ProjectV2ItemStatusChangedEvent{id createdAt actor{__typename login} status project{id number}} ` +
		`... on RemovedFromProjectV2Event{id createdAt actor{__typename login} project{id number}} ` +
		`... on ClosedEvent{id createdAt} ... on ReopenedEvent{id createdAt actor{__typename login}}}`
)

// find asks for issues by their node ids, at most a hundred, and gives them by the ids that REST knows
// them by. What is not there, or may not be seen, is left out.
func (s *session) find(ctx context.Context, nodes []string) (map[string]placed, error) {
	kind := "issueType{name} "
	if s.typeless {
		kind = ""
	}
	data, wrong, err := s.query(ctx, fmt.Sprintf(placedQuery, kind), map[string]any{"ids": nodes})
	if unknownField(wrong, "issueType") && !s.typeless {
		s.typeless = true // then REST does not know types either, and none is lost
		return s.find(ctx, nodes)
	}
	if err != nil {
		return nil, err
	}
	if member(data, "nodes").Kind() != '[' {
		if len(wrong) > 0 {
			return nil, wrong
		}
		return nil, s.unexpected("asking for the status history", "issues", data)
	}
	found := map[string]placed{}
	for n := range elements(member(data, "nodes")) {
		if databaseID(n) == "" {
			continue
		}
		p := placed{issue: n}
		if p.moves, err = s.allMoves(ctx, n); err != nil {
			return nil, err
		}
		found[databaseID(n)] = p
	}
	return found, nil
}

// allMoves are the events of an issue, oldest first, with those beyond the first hundred.
func (s *session) allMoves(ctx context.Context, n jsontext.Value) ([]move, error) {
	list := member(n, "timelineItems")
	moves := parseMoves(nil, list)
	before := places{}
	for after, more := nextCursor(list); more; after, more = nextCursor(list) {
		if !before.on(after) || len(before) > mostEvents {
			return nil, fmt.Errorf("asking for the rest of a status history: there is more, and no cursor to it; the service goes round in circles")
		}
		data, wrong, err := s.query(ctx, restQuery, map[string]any{"id": text(member(n, "id")), "after": after})
		if err != nil {
			return nil, err
		}
		list = member(member(data, "node"), "timelineItems")
		if member(list, "nodes").Kind() != '[' {
			if len(wrong) > 0 {
				return nil, wrong
			}
			return nil, s.unexpected("asking for the rest of a status history", "events", data)
		}
		moves = parseMoves(moves, list)
	}
	slices.SortStableFunc(moves, func(a, b move) int { return cmp.Compare(a.at, b.at) })
	return moves, nil
}

func parseMoves(moves []move, list jsontext.Value) []move {
	for n := range elements(member(list, "nodes")) {
		m := move{kind: text(member(n, "__typename")), id: text(member(n, "id")), by: actor(member(n, "actor")), to: text(member(n, "status"))}
		project := member(n, "project")
		m.project, m.number = text(member(project, "id")), int(number(member(project, "number")))
		var ok bool
		if m.at, ok = instant(member(n, "createdAt")); !ok {
			continue
		}
		m.id = cmp.Or(m.id, m.kind+"@"+m.at.String())
		moves = append(moves, m)
	}
	return moves
}

// actor is a person as GraphQL spells one: bots lack the suffix that REST gives them (from memory,
// unconfirmed).
func actor(v jsontext.Value) record.Person {
	p := record.Person{Account: text(member(v, "login"))}
	if text(member(v, "__typename")) == "Bot" && p.Account != "" {
		p.Bot = true
		if !strings.HasSuffix(p.Account, "[bot]") {
			p.Account += "[bot]"
		}
	}
	return p
}

// histories are the status histories of the issues of a list that are news, where a project can be read.
func (s *session) histories(ctx context.Context, objects []issueObject, news func(*issueObject) bool) (map[string]placed, error) {
	if !slices.ContainsFunc(s.boards, func(b *board) bool { return b.err == nil }) {
		return nil, nil
	}
	var nodes []string
	for i := range objects {
		if o := &objects[i]; news(o) && text(o.node) != "" {
			nodes = append(nodes, text(o.node))
		}
	}
	if len(nodes) == 0 {
		return nil, nil
	}
	return s.find(ctx, nodes)
}
