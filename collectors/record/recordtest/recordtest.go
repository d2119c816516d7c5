// Package recordtest draws records for property tests: small ones, in which the same ids, instants
// and sets of parts come up often enough to collide.
package recordtest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/firebreak/firebreak/collectors/record"
)

// Ref draws one of a few refs.
func Ref() *rapid.Generator[record.Ref] {
	return rapid.Custom(func(t *rapid.T) record.Ref {
		return record.Ref{Tracker: rapid.SampledFrom([]string{"code", "tickets"}).Draw(t, "tracker"), ID: fmt.Sprint(rapid.IntRange(1, 12).Draw(t, "id"))}
	})
}

// Instant draws one of a few instants, in whole seconds, milliseconds and nanoseconds, or none.
func Instant() *rapid.Generator[record.Instant] {
	return rapid.Custom(func(t *rapid.T) record.Instant {
		if rapid.IntRange(0, 5).Draw(t, "none") == 0 {
			return 0
		}
		i := record.Instant(1_700_000_000_000_000_000)
		i += record.Instant(rapid.IntRange(0, 4).Draw(t, "s")) * 1_000_000_000
		return i + record.Instant(rapid.SampledFrom([]int64{0, 0, 250_000_000, 999_999_999}).Draw(t, "ns"))
	})
}

func word() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "a", "b", "In Progress", "é\x00\xff</script>"})
}

func words() *rapid.Generator[[]string] { return rapid.SliceOfN(word(), 0, 3) }

func id() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"1", "2", "3", "9", "10", "11", "x:1", "x:2", "", ""})
}

// Person draws one of a few people, or nobody.
func Person() *rapid.Generator[record.Person] {
	return rapid.Custom(func(t *rapid.T) record.Person {
		return record.Person{Account: word().Draw(t, "account"), Name: word().Draw(t, "name"), Bot: rapid.Bool().Draw(t, "bot")}
	})
}

func number() *rapid.Generator[record.Number] {
	return rapid.Custom(func(t *rapid.T) record.Number {
		if rapid.Bool().Draw(t, "absent") {
			return record.Number{}
		}
		return record.Num(rapid.SampledFrom([]float64{-1, 0, 0.5, 13}).Draw(t, "value"))
	})
}

// Copy draws a copy. What it says of parts that it does not know is what a source would leave: nothing.
func Copy() *rapid.Generator[record.Copy] {
	return rapid.Custom(func(t *rapid.T) record.Copy {
		c := record.Copy{
			Parts:   record.HasCore | record.Parts(rapid.Uint32Range(0, 1<<15-1).Draw(t, "parts")),
			Updated: Instant().Draw(t, "updated"),
			Key:     word().Draw(t, "key"), Project: word().Draw(t, "project"), Title: word().Draw(t, "title"), Type: word().Draw(t, "type"),
			Status:  record.Status{ID: word().Draw(t, "status id"), Name: word().Draw(t, "status"), Category: word().Draw(t, "category")},
			Created: Instant().Draw(t, "created"),
		}
		if rapid.Bool().Draw(t, "few parts") { // so that two copies often know the same
			c.Parts &= record.HasCore | record.HasLabels | record.HasPeople
		}
		has := func(p record.Parts) bool { return c.Parts&p != 0 }
		if has(record.HasPriority) {
			c.Priority = word().Draw(t, "priority")
		}
		if has(record.HasResolution) {
			c.Resolution, c.Closed = word().Draw(t, "resolution"), Instant().Draw(t, "closed")
		}
		if has(record.HasPeople) {
			c.Reporter, c.Assignees = Person().Draw(t, "reporter"), rapid.SliceOfN(Person(), 0, 2).Draw(t, "assignees")
		}
		if has(record.HasLabels) {
			c.Labels = words().Draw(t, "labels")
		}
		if has(record.HasComponents) {
			c.Components = words().Draw(t, "components")
		}
		if has(record.HasVersions) {
			c.FixVersions, c.Milestone = words().Draw(t, "versions"), word().Draw(t, "milestone")
		}
		if has(record.HasDue) {
			c.Due = record.Date(rapid.SampledFrom([]string{"", "2026-03-31"}).Draw(t, "due"))
		}
		if has(record.HasPoints) {
			c.Points = number().Draw(t, "points")
		}
		if has(record.HasText) {
			c.Text = word().Draw(t, "text")
		}
		if has(record.HasLinks) {
			for range rapid.IntRange(0, 2).Draw(t, "links") {
				c.Links = append(c.Links, record.Link{Kind: word().Draw(t, "kind"), To: word().Draw(t, "to")})
			}
		}
		if has(record.HasFields) {
			c.Fields = rapid.MapOfN(word(), words(), 0, 3).Draw(t, "fields")
		}
		if has(record.HasURL) {
			c.URL = word().Draw(t, "url")
		}
		if has(record.HasSLAs) {
			c.SLAs = rapid.SliceOfN(SLA(), 0, 2).Draw(t, "slas")
		}
		if has(record.HasReleases) {
			c.Releases = rapid.SliceOfN(Release(), 0, 2).Draw(t, "releases")
		}
		if rapid.Bool().Draw(t, "live") {
			c.Seen = Instant().Draw(t, "seen")
		}
		return c
	})
}

// SLA draws a cycle of one of a few clocks.
func SLA() *rapid.Generator[record.SLA] {
	return rapid.Custom(func(t *rapid.T) record.SLA {
		return record.SLA{Name: word().Draw(t, "name"), Started: Instant().Draw(t, "started"), Stopped: Instant().Draw(t, "stopped"), Due: Instant().Draw(t, "due"),
			Goal: duration().Draw(t, "goal"), Elapsed: duration().Draw(t, "elapsed"), Breached: rapid.Bool().Draw(t, "breached"), Paused: rapid.Bool().Draw(t, "paused")}
	})
}

// Release draws a release of a few names.
func Release() *rapid.Generator[record.Release] {
	return rapid.Custom(func(t *rapid.T) record.Release {
		return record.Release{Name: word().Draw(t, "name"), Date: record.Date(rapid.SampledFrom([]string{"", "2026-04-07", "2026-05-19"}).Draw(t, "date")),
			Released: rapid.Bool().Draw(t, "released"), Archived: rapid.Bool().Draw(t, "archived")}
	})
}

func duration() *rapid.Generator[time.Duration] {
	return rapid.SampledFrom([]time.Duration{0, time.Hour, 4*time.Hour + time.Millisecond, -time.Minute})
}

// Issue draws an issue of the ref.
func Issue(ref record.Ref) *rapid.Generator[record.Issue] {
	return rapid.Custom(func(t *rapid.T) record.Issue {
		is := record.Issue{Ref: ref, Aliases: words().Draw(t, "aliases"), Copies: rapid.SliceOfN(Copy(), 0, 3).Draw(t, "copies"),
			HistoryTo: Instant().Draw(t, "history to"), CommentsTo: Instant().Draw(t, "comments to"), WorklogsTo: Instant().Draw(t, "worklogs to")}
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			is.Changes = append(is.Changes, record.Change{ID: id().Draw(t, "id"), At: Instant().Draw(t, "at"), By: Person().Draw(t, "by"),
				Field: rapid.SampledFrom([]string{record.FieldStatus, record.FieldLabel}).Draw(t, "field"),
				From:  word().Draw(t, "from"), To: word().Draw(t, "to"), FromID: word().Draw(t, "from id"), ToID: word().Draw(t, "to id")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "comments") {
			is.Comments = append(is.Comments, record.Comment{ID: id().Draw(t, "id"), At: Instant().Draw(t, "at"), By: Person().Draw(t, "by"), Private: rapid.Bool().Draw(t, "private")})
		}
		for range rapid.IntRange(0, 3).Draw(t, "worklogs") {
			is.Worklogs = append(is.Worklogs, record.Worklog{ID: id().Draw(t, "id"), Started: Instant().Draw(t, "at"), By: Person().Draw(t, "by"), Seconds: rapid.Int64Range(0, 2).Draw(t, "seconds")})
		}
		if rapid.IntRange(0, 4).Draw(t, "gone") == 0 {
			is.Gone = Instant().Draw(t, "since")
		}
		if rapid.Bool().Draw(t, "live") {
			is.Seen = Instant().Draw(t, "seen")
		}
		return is
	})
}

// Page draws a page of the ref.
func Page(ref record.Ref) *rapid.Generator[record.Page] {
	return rapid.Custom(func(t *rapid.T) record.Page {
		return record.Page{Ref: ref, Number: word().Draw(t, "number"), URL: word().Draw(t, "url"), Title: word().Draw(t, "title"),
			Service: word().Draw(t, "service"), Key: word().Draw(t, "key"), Urgency: word().Draw(t, "urgency"),
			Updated: Instant().Draw(t, "updated"), Triggered: Instant().Draw(t, "triggered"),
			Acked: Instant().Draw(t, "acked"), AckedBy: rapid.SliceOfN(Person(), 0, 2).Draw(t, "acked by"),
			Resolved: Instant().Draw(t, "resolved"), ResolvedBy: Person().Draw(t, "resolved by"), AutoClosed: rapid.Bool().Draw(t, "auto"),
			MergedInto: word().Draw(t, "into"), Issues: words().Draw(t, "issues"), Escalated: rapid.IntRange(0, 2).Draw(t, "escalated"),
			Origin: rapid.SampledFrom([]string{"", record.ByMonitor, record.ByPerson}).Draw(t, "origin"),
			Events: rapid.SliceOfN(event(), 0, 3).Draw(t, "events"),
			Told: record.Told{Title: Instant().Draw(t, "titled"), Service: Instant().Draw(t, "serviced"), Urgency: Instant().Draw(t, "urged"),
				First: Instant().Draw(t, "first"), Last: Instant().Draw(t, "last"), Ended: Instant().Draw(t, "ended")}}
	})
}

func event() *rapid.Generator[record.Event] {
	return rapid.Custom(func(t *rapid.T) record.Event {
		return record.Event{ID: word().Draw(t, "id"), At: Instant().Draw(t, "at"),
			Kind: rapid.SampledFrom([]string{record.EventNotified, record.EventAcknowledged, record.EventReopened}).Draw(t, "kind"),
			By:   Person().Draw(t, "by"), To: Person().Draw(t, "to"), How: word().Draw(t, "how")}
	})
}

// Shift draws a shift of the ref.
func Shift(ref record.Ref) *rapid.Generator[record.Shift] {
	return rapid.Custom(func(t *rapid.T) record.Shift {
		return record.Shift{Ref: ref, Rota: word().Draw(t, "rota"), Person: Person().Draw(t, "person"),
			Role: rapid.SampledFrom([]string{"superhero", "sidekick"}).Draw(t, "role"),
			From: Instant().Draw(t, "from"), To: Instant().Draw(t, "to"), Updated: Instant().Draw(t, "updated")}
	})
}
