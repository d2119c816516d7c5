package paging

// Pages that a file tells twice.

import (
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// tellings are the pages that a file has told, as two numbers each: a file may tell a million.
type tellings struct {
	seed  maphash.Seed
	first map[uint64]telling // by the hash of the id
}

// telling is where a page was first told, and a hash of what was said.
type telling struct {
	content uint32
	at      uint32 // the number in its place: of the line, or the record
}

// again says where in the file a page was told before in the same state of its, and otherwise; "" where
// it was not. Of two states, the file itself says by their update which is the later, and both are true.
func (t *tellings) again(place string, p *record.Page) string {
	if t.first == nil {
		t.seed, t.first = maphash.MakeSeed(), map[uint64]telling{}
	}
	var h maphash.Hash
	h.SetSeed(t.seed)
	instant := func(i record.Instant) { maphash.WriteComparable(&h, i) }
	text := func(s string) { h.WriteString(s); h.WriteByte(0) }
	person := func(w record.Person) { text(w.Account); text(w.Name) }

	text(p.ID)
	instant(p.Updated)
	id := h.Sum64()
	text(p.Number)
	text(p.URL)
	text(p.Title)
	text(p.Service)
	text(p.Key)
	text(p.Urgency)
	text(p.Origin)
	instant(p.Triggered)
	instant(p.Acked)
	instant(p.Resolved)
	for _, w := range p.AckedBy {
		person(w)
	}
	h.WriteByte(1)
	person(p.ResolvedBy)
	maphash.WriteComparable(&h, p.AutoClosed)
	text(p.MergedInto)
	maphash.WriteComparable(&h, p.Escalated)
	for _, s := range p.Issues {
		text(s)
	}

	digits := len(place) - len(strings.TrimRight(place, "0123456789"))
	before := place[:len(place)-digits]
	n, _ := strconv.ParseUint(place[len(before):], 10, 32)
	now := telling{uint32(h.Sum64()), uint32(n)}
	was, twice := t.first[id]
	switch {
	case !twice:
		t.first[id] = now
		return ""
	case was.content == now.content:
		return ""
	case before == "":
		before = "line "
	}
	return before + strconv.Itoa(int(was.at))
}
