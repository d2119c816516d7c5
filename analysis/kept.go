package analysis

// What a night leaves behind for later ones: its figures, and of each item how it was classed and what
// became of its promises. Both are JSON. The figures are spelled as in data/report.json, which nights kept
// whole once; the items were a bare list then. Both are still read.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/firebreak/firebreak/collectors/record"
)

// Kept is a night as it was kept.
type Kept struct {
	AsOf    record.Instant
	Policy  string // the hash of the policy it was judged by
	Program string // the version of firebreak that judged; "" where the night did not keep it
	Figures []KeptFigure
	Items   []KeptItem // by tracker and id
	Rules   []KeptRule // of the policy; nil where the night did not keep them

	// Trackers and pagers by name; nil where the night did not keep them, and then it is not known either
	// how many events of an item it knew.
	Trackers map[string]KeptTracker
}

// KeptFigure is a figure without the items behind it.
type KeptFigure struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Headline Value  `json:"headline"`
	Mood     Mood   `json:"mood,omitempty"`
	Parts    []Part `json:"parts,omitempty"`
}

// KeptItem is where an item stood.
type KeptItem struct {
	record.Ref
	Key      string
	Class    string // its id
	Severity int
	Respond  KeptPromise
	Resolve  KeptPromise
	Events   int // changes and comments from before as-of that were known
}

// KeptPromise is what had become of a promise.
type KeptPromise struct {
	Outcome Outcome
	Due     record.Instant
}

// KeptTracker is how far a tracker or pager could speak, and how many pages it had told of.
type KeptTracker struct {
	Horizon record.Instant `json:"horizon"`
	Pages   int            `json:"pages,omitempty"`
}

// Keep is what is kept of the night.
func (r *Report) Keep() *Kept {
	k := &Kept{AsOf: r.AsOf, Policy: r.PolicyHash, Program: r.Program, Figures: r.keptFigures(), Trackers: r.pagesBefore(r.AsOf), Rules: r.Policy.rules()}
	k.Items = make([]KeptItem, len(r.Items))
	for i, it := range r.Items {
		k.Items[i] = KeptItem{it.Ref, it.Key, it.Class().ClassID(), it.Severity(),
			KeptPromise{it.Respond.Outcome, it.Respond.Due}, KeptPromise{it.Resolve.Outcome, it.Resolve.Due}, int(it.told[0])}
	}
	return k
}

// keptFigures are the figures as they are kept.
func (r *Report) keptFigures() []KeptFigure {
	fs := make([]KeptFigure, 0, len(r.Figures))
	for i := range r.Figures {
		f := &r.Figures[i]
		kf := KeptFigure{Name: f.Name, Title: f.Title, Headline: f.Headline, Mood: f.Good, Parts: slices.Clone(f.Parts)}
		for k := range kf.Parts {
			kf.Parts[k].Rows = nil // they would keep the whole night alive
		}
		fs = append(fs, kf)
	}
	return fs
}

// pagesBefore are the trackers and pagers with how far they speak, and with the pages that went off before t.
func (n *Night) pagesBefore(t record.Instant) map[string]KeptTracker {
	all := map[string]KeptTracker{}
	for _, s := range n.Sources {
		k := all[s.Tracker]
		k.Horizon = max(k.Horizon, s.Horizon)
		all[s.Tracker] = k
	}
	count := map[string]int{}
	for _, p := range n.Pages {
		if p.Triggered >= t {
			break
		}
		count[p.Tracker]++
	}
	for tracker, pages := range count {
		k := all[tracker]
		k.Pages = pages
		all[tracker] = k
	}
	return all
}

// keptNight is how a night's items are written since there is more of them than a list.
type keptNight struct {
	Schema   int                    `json:"schema"` // 2; a bare list is 1
	Program  string                 `json:"program"`
	Trackers map[string]KeptTracker `json:"trackers"`
	Rules    []KeptRule             `json:"rules,omitempty"`
	Items    []keptRow              `json:"items"`
}

type keptRow struct {
	Tracker  string      `json:"tracker"`
	ID       string      `json:"id"`
	Key      string      `json:"key"`
	Class    string      `json:"class"`
	Severity int         `json:"severity"`
	Respond  keptPromise `json:"respond,omitzero"`
	Resolve  keptPromise `json:"resolve,omitzero"`
	Events   int         `json:"events,omitempty"`
}

type keptPromise struct {
	Outcome string         `json:"outcome,omitempty"`
	Due     record.Instant `json:"due,omitzero"`
}

// Encode writes the night as its figures and its items.
func (k *Kept) Encode() (figures, items []byte, err error) {
	if figures, err = json.Marshal(keptFigures{1, k.AsOf, k.Policy, k.Figures}); err != nil {
		return nil, nil, err
	}
	n := keptNight{2, k.Program, k.Trackers, k.Rules, make([]keptRow, len(k.Items))}
	for i := range k.Items {
		it := &k.Items[i]
		n.Items[i] = keptRow{it.Tracker, it.ID, it.Key, it.Class, it.Severity,
			keptPromise{it.Respond.Outcome.String(), it.Respond.Due}, keptPromise{it.Resolve.Outcome.String(), it.Resolve.Due}, it.Events}
	}
	items, err = json.Marshal(n)
	return figures, items, err
}

// keptFigures is the part of data/report.json that is kept.
type keptFigures struct {
	Schema  int            `json:"schema"`
	AsOf    record.Instant `json:"as_of"`
	Policy  string         `json:"policy_hash"`
	Figures []KeptFigure   `json:"figures"`
}

// DecodeKept reads what Encode wrote, of whatever version. Its errors say what cannot be read.
func DecodeKept(figures, items []byte) (*Kept, error) {
	var f keptFigures
	if err := json.Unmarshal(figures, &f); err != nil {
		return nil, fmt.Errorf("its figures: %w", err)
	}
	if f.Schema != 1 {
		return nil, fmt.Errorf("its figures are of schema %d, which this firebreak does not know", f.Schema)
	}
	var n keptNight
	var err error
	if bytes.HasPrefix(bytes.TrimSpace(items), []byte("[")) {
		n.Schema, err = 1, json.Unmarshal(items, &n.Items)
	} else {
		err = json.Unmarshal(items, &n)
	}
	if err != nil {
		return nil, fmt.Errorf("its items: %w", err)
	}
	k := &Kept{AsOf: f.AsOf, Policy: f.Policy, Program: n.Program, Figures: f.Figures}
	switch n.Schema {
	case 1:
	case 2:
		k.Trackers, k.Rules = n.Trackers, n.Rules
		if k.Trackers == nil {
			k.Trackers = map[string]KeptTracker{}
		}
	default:
		return nil, fmt.Errorf("its items are of schema %d, which this firebreak does not know", n.Schema)
	}
	words := map[string]string{} // one copy of each class and tracker for all items
	same := func(s string) string {
		if w, ok := words[s]; ok {
			return w
		}
		words[s] = s
		return s
	}
	k.Items = make([]KeptItem, len(n.Items))
	for i := range n.Items {
		r := &n.Items[i]
		k.Items[i] = KeptItem{record.Ref{Tracker: same(r.Tracker), ID: r.ID}, r.Key, same(r.Class), r.Severity, r.Respond.read(), r.Resolve.read(), r.Events}
	}
	slices.SortFunc(k.Items, func(a, b KeptItem) int { return a.Ref.Compare(b.Ref) })
	return k, nil
}

func (p keptPromise) read() KeptPromise {
	for o := Unpromised; o <= Uncounted; o++ {
		if o.String() == p.Outcome {
			return KeptPromise{o, p.Due}
		}
	}
	return KeptPromise{Uncounted, p.Due} // a word of a later firebreak
}

// Earlier is an earlier instant that a night is compared with.
type Earlier struct {
	Name  string         // permanent: "night", "week" or "since"
	Asked record.Instant // for what: the night kept may be of an earlier one
	Then  *Kept          // as it was kept, or as it is judged now
	Again bool           // nothing was kept: Then is judged by today's policy and knowledge
	Today *Kept          // the same instant judged by today's policy and knowledge, where that was asked
	Note  string         // what else has to be said of it; "" for nothing
}

// mostEarlier is with how many earlier instants a night is compared at most.
const mostEarlier = 2

// earlier are the instants that the night is compared with.
func (in *Input) earlier() []Earlier { return in.Earlier[:min(len(in.Earlier), mostEarlier)] }

// Speaks is the instant that the night will speak for.
func (in *Input) Speaks() record.Instant {
	if in.AsOf != 0 {
		return in.AsOf
	}
	// As-of is exclusive: the newest event that any source tells is to be counted, so it is a
	// millisecond later, which is as fine as trackers count.
	var at record.Instant
	for _, s := range in.Sources {
		if s.Horizon != 0 {
			at = max(at, s.Horizon.Add(time.Millisecond))
		}
	}
	return at
}

// figure is the figure of that name; nil if there is none.
func (k *Kept) figure(name string) *KeptFigure {
	i := slices.IndexFunc(k.Figures, func(f KeptFigure) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &k.Figures[i]
}
