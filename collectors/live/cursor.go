package live

// Where each stream resumes, and what was asked for there.

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// cursorVersion is of the cursors written now. One of another version, or of a source that used to be
// files, is the beginning: everything is read once more, and merges.
const cursorVersion = "live/1"

// cursor is where a source resumes.
type cursor struct {
	Version string            `json:"version"`
	Tracker string            `json:"tracker"`
	Former  string            `json:"former,omitempty"` // the tracker's name before, until all is read under the new one
	Scope   string            `json:"scope"`            // what the operator asked for when a run last got to its end
	Streams map[string]*state `json:"streams"`
}

// state is where one stream resumes.
type state struct {
	Watermark record.Instant `json:"watermark,omitempty"` // everything updated before it was handed on
	Scope     string         `json:"scope"`
	Reading   string         `json:"reading"`

	// Mark is what the service called the state of the walk from Marked.
	Mark   string         `json:"mark,omitempty"`
	Marked record.Instant `json:"marked,omitempty"`

	// Recent are the updates handed on in the overlap before the watermark, by id.
	Recent map[string]record.Instant `json:"recent,omitempty"`

	// Unread are issues that were listed and could not be read, with what they are asked for by.
	Unread map[string]string `json:"unread,omitempty"`

	Walked   record.Instant `json:"walked,omitempty"`    // when the last walk got to its end
	RollCall record.Instant `json:"roll_call,omitempty"` // when the last one was, or the first walk ended
	Owed     string         `json:"owed,omitempty"`      // why a roll call is owed before its week is over
}

// The reasons for which a roll call is owed.
const (
	owedScope = "scope" // the stream holds other issues than before, by the operator's own will
	owedFull  = "full"  // everything was read again, by the operator's own will
	owedLost  = "lost"  // everything was read again, since the cursor was lost
	owedCut   = "cut"   // the first walk took more than one run, and who was there at its beginning may not be now
)

// mostRecent is how many recent updates are remembered of a stream. What a bulk edit of more leaves out
// is read twice.
const mostRecent = 1000

// mostUnread is how many unreadable issues are remembered of a stream. Where there are more, it is not the
// issues that cannot be read.
const mostUnread = 1000

func loadCursor(c record.Cursor) cursor {
	var cur cursor
	if json.Unmarshal([]byte(c), &cur) != nil || cur.Version != cursorVersion || cur.Streams == nil {
		return cursor{Version: cursorVersion, Streams: map[string]*state{}}
	}
	return cur
}

func (c *cursor) save() record.Cursor {
	b, err := json.Marshal(c) // sorts its keys; nothing in it can fail
	if err != nil {
		return ""
	}
	return record.Cursor(b)
}

// restart forgets what was handed on: the stream is walked from its beginning.
func (s *state) restart() { s.Watermark, s.Recent, s.Mark, s.Marked = 0, nil, "", 0 }

// since is where the next walk begins.
func (s *state) since() record.Instant {
	if s.Watermark <= record.Instant(Overlap) {
		return 0
	}
	return s.Watermark.Add(-Overlap)
}

// breath is how long an instant may go on after it was read: services date changes by seconds, or by
// clocks of several machines, so one that follows within this time may have the date of the one read.
const breath = time.Minute

// remember notes what a page showed, and forgets what the next walk will not see. What was updated no
// longer than a breath before the run began is not known the next time, only listed and read again.
func (s *state) remember(seen []Entry, began record.Instant) {
	if s.Recent == nil {
		s.Recent = map[string]record.Instant{}
	}
	since := s.since()
	for _, e := range seen {
		s.Recent[e.ID] = e.Updated
		if began != 0 && e.Updated > began.Add(-breath) && e.Updated <= began.Add(Overlap) {
			delete(s.Recent, e.ID)
		}
	}
	maps.DeleteFunc(s.Recent, func(_ string, at record.Instant) bool { return at < since })
	if len(s.Recent) > mostRecent {
		ids := slices.SortedFunc(maps.Keys(s.Recent), func(a, b string) int {
			return cmp.Or(cmp.Compare(s.Recent[b], s.Recent[a]), cmp.Compare(a, b))
		})
		for _, id := range ids[mostRecent:] {
			delete(s.Recent, id)
		}
	}
}

// fingerprint stands for what is asked for: a JQL may be long, and a cursor is read by people.
func fingerprint(asked string) string {
	sum := sha256.Sum256([]byte(asked))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
