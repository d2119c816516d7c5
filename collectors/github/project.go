package github

// A project as a stream: what moved on it while its issues did not.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/firebreak/firebreak/collectors/live"
	"github.com/firebreak/firebreak/collectors/record"
)

// project is the stream of the issues on a project that the other streams read. A card that moves need
// not be an update of its issue, so a project has a watermark of its own, in the updates of its items.
//
// What it hands on is a poor copy of the issue: the core, which the status is a part of, and the points.
// The other parts stay as the issue's list told them. It is dated a nanosecond after what it is made of,
// so that it goes before the copy of the same state that was made while the project could not be read.
//
// A project that cannot be read tonight is another reading of it, which the engine answers with a walk
// from the beginning once it can be read again: the issues that changed in the meantime were told as open.
func (s *session) project(b *board) live.Stream {
	st := live.Stream{
		Name:    "project " + b.name,
		Kind:    "github project",
		Scope:   strings.ToLower(strings.Join(s.Repos, ",") + ";" + s.Org + ";" + s.Query),
		Reading: liveVersion + " " + s.Points,
		Walk: func(ctx context.Context, from live.From) iter.Seq2[live.Page, error] {
			return s.walkBoard(ctx, b, from)
		},
	}
	st.Why = "it could not be read the last time, or is read for something else now"
	if b.err != nil {
		st.Reading += " unread"
		st.Why = "it cannot be read tonight, and what changes in the meantime is told without its card"
		return st
	}
	st.Count = func(_ context.Context, since record.Instant) (int, error) { return len(b.since(since)), nil }
	st.Roll = func(ctx context.Context) iter.Seq2[[]live.Entry, error] {
		return func(yield func([]live.Entry, error) bool) {
			items, err := s.read(ctx, b.since(0))
			if err != nil {
				yield(nil, err)
				return
			}
			var entries []live.Entry
			for _, it := range items {
				entries = append(entries, live.Entry{ID: it.issue, Key: it.key(), Updated: it.updated})
			}
			yield(entries, nil)
		}
	}
	st.Get = func(ctx context.Context, entries []live.Entry) iter.Seq2[live.Page, error] {
		var items []*item
		for _, it := range b.since(0) {
			if slices.ContainsFunc(entries, func(e live.Entry) bool { return e.ID == it.issue }) {
				items = append(items, it)
			}
		}
		return func(yield func(live.Page, error) bool) { s.cards(ctx, b, items, live.From{}, yield) }
	}
	return st
}

// since are the items that were updated at or after an instant, oldest first.
func (b *board) since(at record.Instant) []*item {
	var list []*item
	for _, it := range b.items {
		if it.updated == 0 || it.updated >= at {
			list = append(list, it)
		}
	}
	slices.SortFunc(list, func(x, y *item) int {
		return cmp.Or(cmp.Compare(x.updated, y.updated), record.Ref{ID: x.issue}.Compare(record.Ref{ID: y.issue}))
	})
	return list
}

// read are those of the items whose issues the other streams read.
func (s *session) read(ctx context.Context, items []*item) ([]*item, error) {
	if s.readers == nil {
		s.readers = map[string]bool{}
		for _, r := range s.repos {
			s.readers[strings.ToLower(r)] = true
		}
		present, err := s.present(ctx, s.repos)
		if err != nil {
			return nil, err
		}
		for _, r := range present {
			s.readers[strings.ToLower(r)] = true
		}
		if s.Query != "" && s.Delivered != nil {
			ids, err := s.Delivered(ctx, searchName)
			if err != nil {
				return nil, err
			}
			for _, id := range ids {
				s.matched[id] = true
			}
		}
	}
	var list []*item
	for _, it := range items {
		if s.readers[strings.ToLower(it.repo)] || s.matched[it.issue] {
			list = append(list, it)
		}
	}
	return list, nil
}

func (s *session) walkBoard(ctx context.Context, b *board, from live.From) iter.Seq2[live.Page, error] {
	return func(yield func(live.Page, error) bool) {
		if b.err != nil {
			s.unread(b, yield)
			return
		}
		items, err := s.read(ctx, b.since(from.Since))
		if err != nil {
			yield(live.Page{}, live.Alone(err))
			return
		}
		if !s.cards(ctx, b, items, from, yield) {
			return
		}
		if all, err := s.read(ctx, b.items); err == nil && len(all) < len(b.items) {
			b.left["of a repository that is not read"] = len(b.items) - len(all)
		}
		last := live.Page{Left: b.left}
		if b.silent > 0 {
			last.Doubts = append(last.Doubts, record.Doubt{What: fmt.Sprintf("the status of %d of its issues (%s first) was moved without an event that tells of it, as happens at GitHub since September 2026; the move is dated by the value, and what came before it that day is not known", b.silent, b.first)})
		}
		if s.Points != "" && s.pointsField(b) == "" {
			last.Doubts = append(last.Doubts, record.Doubt{What: fmt.Sprintf("it has no number field %q, so there are no points from it; its number fields are %s", s.Points, cmp.Or(strings.Join(b.numbers(), ", "), "none"))})
		}
		if len(last.Doubts) > 0 || len(last.Left) > 0 {
			yield(last, nil)
		}
	}
}

// numbers are the names of the number fields.
func (b *board) numbers() (list []string) {
	for _, f := range b.fields {
		if f.kind == "number" {
			list = append(list, f.name)
		}
	}
	return list
}

// unread says why a project is not read. A permission that is missing is a doubt: it may be meant so.
func (s *session) unread(b *board, yield func(live.Page, error) bool) {
	var no *refusal
	switch {
	case b.denied, errors.Is(b.err, errAnybody), errors.As(b.err, &no) && no.status < 500:
		yield(live.Page{Doubts: []record.Doubt{{What: fmt.Sprintf("it cannot be read, so issues have no status and no points from it (%v); %s", b.err, needProject)}}}, nil)
	default:
		yield(live.Page{}, live.Alone(fmt.Errorf("project %s: %w", b.name, b.err)))
	}
}

// needProject is the permission that reading a project takes.
const needProject = "a classic token needs the scope read:project, a fine-grained one Projects: read of the organisation; the GITHUB_TOKEN of Actions cannot read an organisation's projects; and the number is the one at the end of the project's address"

// cards yields the issues of items.
func (s *session) cards(ctx context.Context, b *board, items []*item, from live.From, yield func(live.Page, error) bool) bool {
	for part := range slices.Chunk(items, perPage) {
		var p live.Page
		var nodes []string
		for _, it := range part {
			if from.Known == nil || !from.Known(it.issue, it.updated) {
				nodes = append(nodes, it.node)
			}
		}
		found := map[string]placed{}
		if len(nodes) > 0 {
			var err error
			if found, err = s.find(ctx, nodes); err != nil {
				yield(live.Page{}, live.Alone(fmt.Errorf("project %s: %w", b.name, err)))
				return false
			}
		}
		for _, it := range part {
			if o, ok := found[it.issue]; ok {
				is, ok := s.card(it, o, &p)
				if !ok {
					p.Unread = append(p.Unread, live.Entry{ID: it.issue, Key: it.key()})
					continue
				}
				p.Issues = append(p.Issues, is)
			} else if slices.Contains(nodes, it.node) {
				p.Doubts = append(p.Doubts, record.Doubt{Place: it.key(), What: "it is on the project, and the service does not show it; its card is asked for again each night"})
				p.Unread = append(p.Unread, live.Entry{ID: it.issue, Key: it.key()})
				p.Through = it.updated
				continue
			}
			p.Seen = append(p.Seen, live.Entry{ID: it.issue, Key: it.key(), Updated: settled(it.updated, b.began)})
			p.Through = it.updated
		}
		if b.began != 0 { // what moved during the listing may have been missed by it
			p.Through = min(p.Through, b.began)
		}
		if !yield(p, nil) {
			return false
		}
	}
	return true
}

// card is the record of an issue as far as its project tells it.
func (s *session) card(it *item, o placed, p *live.Page) (record.Issue, bool) {
	repo := text(member(member(o.issue, "repository"), "nameWithOwner"))
	c := record.Copy{
		Parts:   record.HasCore | record.HasURL,
		Key:     repo + "#" + text(member(o.issue, "number")),
		Project: repo,
		URL:     webAddress(text(member(o.issue, "url"))),
		Title:   text(member(o.issue, "title")),
		Type:    text(member(member(o.issue, "issueType"), "name")),
	}
	created, dated := instant(member(o.issue, "createdAt"))
	state := strings.ToLower(text(member(o.issue, "state")))
	category := map[string]string{"open": record.Todo, "closed": record.Done}[state]
	if !dated || category == "" || !isRepo(repo) {
		p.Doubts = append(p.Doubts, record.Doubt{Place: it.key(), What: fmt.Sprintf("issue %s is left out: its state on the project is %s, created %s", it.key(), shown(member(o.issue, "state")), shown(member(o.issue, "createdAt")))})
		return record.Issue{}, false
	}
	c.Created = created
	c.Updated, _ = instant(member(o.issue, "updatedAt"))
	c.Status = record.Status{ID: state, Name: state, Category: category}
	is := record.Issue{Ref: record.Ref{Tracker: s.Tracker, ID: it.issue}, Copies: []record.Copy{c}}
	s.put(&is, o.moves)
	is.Copies[0].Updated++
	return is, true
}
