// The form of a body: the primitives that codec.go writes records with.
//
// A body is a version byte, a table of words, and the record. Words are the strings that one issue
// repeats (statuses, people, field names): the record names them by their number in the table, which
// makes a body a third of what a general encoding makes of it and lets the reader share one string
// between all issues. Numbers are varints; an instant is its distance from the one before it.
//
// CBOR (fxamacker/cbor v2, the same structs) was measured against it on the issue of bench_test.go:
// decoding took 2.5 times as long with 317 allocations for 13, and reading a night's issues is the
// longest part of analysing them.

package ledger

import (
	"encoding/binary"
	"errors"
	"hash/maphash"
	"math"
	"strings"

	"github.com/firebreak/firebreak/collectors/record"
)

// encoder builds one body at a time; it is kept and used again to save its buffers.
type encoder struct {
	words vocabulary
	table []byte
	rec   []byte
	last  record.Instant
}

func (e *encoder) reset() {
	e.words.reset()
	e.table, e.rec, e.last = e.table[:0], e.rec[:0], 0
}

// vocabulary numbers the words of one body from 1, in the order in which they first appear. It is a
// hash table that is emptied by counting up: clearing and filling a map for every issue was a third
// of the cost of encoding.
type vocabulary struct {
	slots []slot // their number a power of two, at least half of them empty
	body  uint32 // which body this is: slots of another are empty
	n     uint32
	seed  maphash.Seed
}

type slot struct {
	word string
	body uint32
	n    uint32
}

func (v *vocabulary) reset() {
	if v.body++; v.slots == nil || v.body == 0 {
		*v = vocabulary{slots: make([]slot, 512), body: 1, seed: maphash.MakeSeed()}
	}
	v.n = 0
}

// number is the word's number, and whether this is its first appearance.
func (v *vocabulary) number(s string) (n uint64, first bool) {
	if int(v.n) >= len(v.slots)/2 {
		v.grow()
	}
	at := v.find(s)
	if first = at.body != v.body; first {
		v.n++
		*at = slot{s, v.body, v.n}
	}
	return uint64(at.n), first
}

// find is the slot where the word is, or would be.
func (v *vocabulary) find(s string) *slot {
	mask := uint64(len(v.slots) - 1)
	for i := maphash.String(v.seed, s); ; i++ {
		if at := &v.slots[i&mask]; at.body != v.body || at.word == s {
			return at
		}
	}
}

func (v *vocabulary) grow() {
	old := v.slots
	v.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.body == v.body {
			*v.find(s.word) = s
		}
	}
}

// body is the finished body.
func (e *encoder) body() []byte {
	b := make([]byte, 0, 1+binary.MaxVarintLen32+len(e.table)+len(e.rec))
	b = append(b, version)
	b = binary.AppendUvarint(b, uint64(e.words.n))
	b = append(b, e.table...)
	return append(b, e.rec...)
}

func (e *encoder) uint(v uint64) { e.rec = binary.AppendUvarint(e.rec, v) }
func (e *encoder) int(v int64)   { e.rec = binary.AppendVarint(e.rec, v) }

func (e *encoder) bool(v bool) {
	if v {
		e.rec = append(e.rec, 1)
	} else {
		e.rec = append(e.rec, 0)
	}
}

// word writes a string that this or other records are likely to repeat.
func (e *encoder) word(s string) {
	if s == "" {
		e.rec = append(e.rec, 0)
		return
	}
	n, first := e.words.number(s)
	if first {
		e.table = binary.AppendUvarint(e.table, uint64(len(s)))
		e.table = append(e.table, s...)
	}
	e.uint(n)
}

// text writes a string that is likely to be the only one of its kind.
func (e *encoder) text(s string) {
	e.uint(uint64(len(s)))
	e.rec = append(e.rec, s...)
}

// The lowest two bits of an instant say in what unit its distance from the one before is, so that the
// whole seconds and milliseconds that trackers write stay short. All bits zero is "none".
const (
	inSeconds = 1 + iota
	inMillis
	inNanos
)

func (e *encoder) instant(i record.Instant) {
	if i == 0 {
		e.rec = append(e.rec, 0)
		return
	}
	d := int64(i - e.last)
	e.last = i
	switch {
	case d%1e9 == 0:
		e.uint(zigzag(d/1e9)<<2 | inSeconds)
	case d%1e6 == 0:
		e.uint(zigzag(d/1e6)<<2 | inMillis)
	default:
		e.uint(inNanos)
		e.int(d)
	}
}

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

func (e *encoder) number(n record.Number) {
	e.bool(n.Known)
	if n.Known {
		e.rec = binary.LittleEndian.AppendUint64(e.rec, math.Float64bits(n.Value))
	}
}

func (e *encoder) wordList(list []string) {
	e.uint(uint64(len(list)))
	for _, s := range list {
		e.word(s)
	}
}

// decoder reads one body at a time. After the first thing that cannot be, everything reads as zero
// and err says so.
type decoder struct {
	rest  string // what is left to read
	words []string
	last  record.Instant
	err   error

	version byte // of the body: what fields it has

	shared map[string]string // words of this walk, so that equal ones are one string
}

var errBody = errors.New("its body is damaged")

// sharedLimit bounds the memory that shared words take in a long walk, and sharedLength what is worth
// sharing at all.
const (
	sharedLimit  = 1 << 16
	sharedLength = 64
)

// open starts reading a body.
func (d *decoder) open(body []byte) {
	d.err, d.last, d.words = nil, 0, d.words[:0]
	if len(body) == 0 || body[0] == 0 {
		d.err = errBody
		return
	}
	if body[0] > version {
		d.err = errors.New("it was written by a newer firebreak")
		return
	}
	d.version, d.rest = body[0], string(body[1:])
	for range d.count(1) {
		d.words = append(d.words, d.share(d.take(d.uint())))
	}
}

// close says whether the record was read whole.
func (d *decoder) close() error {
	if d.err == nil && d.rest != "" {
		d.err = errBody
	}
	d.rest = ""
	return d.err
}

func (d *decoder) share(s string) string {
	if len(s) > sharedLength {
		return strings.Clone(s)
	}
	if w, ok := d.shared[s]; ok {
		return w
	}
	if d.shared == nil || len(d.shared) >= sharedLimit {
		d.shared = make(map[string]string)
	}
	s = strings.Clone(s)
	d.shared[s] = s
	return s
}

func (d *decoder) bad() {
	if d.err == nil {
		d.err = errBody
	}
	d.rest = ""
}

func (d *decoder) uint() uint64 {
	var v uint64
	for i := 0; i < len(d.rest) && i < binary.MaxVarintLen64; i++ {
		c := d.rest[i]
		if c < 0x80 {
			if i == binary.MaxVarintLen64-1 && c > 1 {
				break
			}
			d.rest = d.rest[i+1:]
			return v | uint64(c)<<(7*i)
		}
		v |= uint64(c&0x7f) << (7 * i)
	}
	d.bad()
	return 0
}

func (d *decoder) int() int64 { return unzigzag(d.uint()) }

func (d *decoder) bool() bool { return d.uint() == 1 }

// count reads how many of something follow, each of at least size bytes, so that a damaged number
// cannot ask for more memory than the body could fill.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.rest)/size) {
		d.bad()
		return 0
	}
	return int(n)
}

// take is the next n bytes, still part of the body's own string.
func (d *decoder) take(n uint64) string {
	if n > uint64(len(d.rest)) {
		d.bad()
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) word() string {
	n := d.uint()
	if n == 0 {
		return ""
	}
	if n > uint64(len(d.words)) {
		d.bad()
		return ""
	}
	return d.words[n-1]
}

// text is a string of its own, so that whoever keeps it does not keep the whole body.
func (d *decoder) text() string { return strings.Clone(d.take(d.uint())) }

// id is a string that lives with its record: nobody keeps it longer.
func (d *decoder) id() string { return d.take(d.uint()) }

func (d *decoder) instant() record.Instant {
	v := d.uint()
	switch v & 3 {
	case inSeconds:
		d.last += record.Instant(unzigzag(v>>2) * 1e9)
	case inMillis:
		d.last += record.Instant(unzigzag(v>>2) * 1e6)
	case inNanos:
		d.last += record.Instant(d.int())
	default:
		if v != 0 {
			d.bad()
		}
		return 0
	}
	return d.last
}

func (d *decoder) number() record.Number {
	if !d.bool() {
		return record.Number{}
	}
	b := d.take(8)
	if len(b) < 8 {
		return record.Number{}
	}
	return record.Number{Known: true, Value: math.Float64frombits(binary.LittleEndian.Uint64([]byte(b)))}
}

func (d *decoder) wordList() []string {
	return list(d, 1, (*decoder).word)
}

// list reads a count and that many of something of at least size bytes each; none is nil.
func list[T any](d *decoder, size int, one func(*decoder) T) []T {
	n := d.count(size)
	if n == 0 {
		return nil
	}
	l := make([]T, n)
	for i := range l {
		l[i] = one(d)
	}
	return l
}
