package jira

// The small objects inside of an issue: people, statuses, options of custom fields.

import (
	"slices"

	"github.com/firebreak/firebreak/collectors/record"
)

// named is the name of an object such as a priority; "" for null.
func (d *decoder) named() string { return d.memberOf("name") }

// memberOf is one member of an object; "" for anything else.
func (d *decoder) memberOf(name string) (text string) {
	s := &d.s
	if !s.enter('{') {
		return ""
	}
	for s.member() {
		if string(s.name) == name {
			text = d.word()
		} else {
			s.skip()
		}
	}
	return text
}

// status reads a status and says whether there is one.
func (d *decoder) status(to *record.Status) bool {
	s := &d.s
	if !s.enter('{') {
		return false
	}
	for s.member() {
		switch string(s.name) {
		case "id":
			to.ID = d.word()
		case "name":
			to.Name = d.word()
		case "statusCategory":
			d.categorised = s.kind() == '{'
			switch d.memberOf("key") {
			case "new":
				to.Category = record.Todo
			case "indeterminate":
				to.Category = record.Doing
			case "done":
				to.Category = record.Done
			default: // "undefined" says nothing
				to.Category = ""
			}
		default:
			s.skip()
		}
	}
	return to.Name != "" || to.ID != ""
}

// person reads a user. Most of an issue's bytes are users with their avatars, spelled the same again and
// again, so that it pays to know them by their spelling.
func (d *decoder) person() record.Person {
	s := &d.s
	start := s.i
	raw := s.raw()
	if len(raw) == 0 || raw[0] != '{' {
		return record.Person{}
	}
	if p, ok := d.people[string(raw)]; ok {
		return p
	}
	end := s.i
	s.i = start
	p := d.user()
	s.i = end
	if d.people == nil || len(d.people) >= manyPeople {
		d.people = map[string]record.Person{}
	}
	d.people[string(raw)] = p
	return p
}

// manyPeople bounds the spellings known: 600 bytes each.
const manyPeople = 1 << 12

// user reads a user: Cloud knows people by accountId, Server by key and name.
func (d *decoder) user() (p record.Person) {
	s := &d.s
	s.enter('{')
	var key, name string
	for s.member() {
		switch string(s.name) {
		case "accountId":
			p.Account = d.word()
		case "key":
			key = d.word()
		case "name":
			name = d.word()
		case "displayName":
			p.Name = d.word()
		case "accountType":
			b, _ := s.text()
			p.Bot = string(b) == "app"
		default:
			s.skip()
		}
	}
	if p.Account == "" {
		p.Account = key
	}
	if p.Account == "" {
		p.Account = name
	}
	if p.Name == "" {
		p.Name = name
	}
	return p
}

// wordList reads a list of words, or of objects with names.
func (d *decoder) wordList() []string {
	s := &d.s
	d.list = d.list[:0]
	if !s.enter('[') {
		return nil
	}
	for s.element() {
		w := ""
		if s.kind() == '{' {
			w = d.named()
		} else {
			w = d.word()
		}
		if w != "" {
			d.list = append(d.list, w)
		}
	}
	return slices.Clone(d.list)
}

// values reads a custom field of whatever type into d.list: nothing for null and for types that have no
// words, such as the clocks of an SLA, which are the tracker's judgement.
func (d *decoder) values(depth int) {
	s := &d.s
	if depth > 8 {
		s.skip()
		return
	}
	switch s.kind() {
	case '[':
		s.enter('[')
		for s.element() {
			d.values(depth + 1)
		}
	case '{':
		if w := d.value(depth); w != "" {
			d.list = append(d.list, w)
		}
	case 't', 'f':
		d.list = append(d.list, d.keep(s.raw()))
	default:
		if w := d.word(); w != "" {
			d.list = append(d.list, w)
		}
	}
}

// value is the word for an object: an option's value, with its child's for a cascade; a name; a user; a
// document; a customer request type.
func (d *decoder) value(depth int) string {
	s := &d.s
	start := s.i
	var value, child, name, key string
	s.enter('{')
	for s.member() {
		switch string(s.name) {
		case "value":
			value = d.word()
		case "child":
			child = d.memberOf("value")
		case "name":
			if s.kind() == '"' {
				name = d.word()
			} else {
				s.skip()
			}
		case "displayName", "title", "text":
			if w := d.word(); name == "" {
				name = w
			}
		case "key":
			key = d.word()
		case "requestType":
			name = d.named()
		case "completedCycles", "ongoingCycle":
			d.leave(start)
			return ""
		case "content":
			s.i = start
			return d.keep([]byte(d.document()))
		default:
			s.skip()
		}
	}
	switch {
	case value != "" && child != "":
		return value + " / " + child
	case value != "":
		return value
	case name != "":
		return name
	}
	return key
}

// leave steps over the object that begins at start.
func (d *decoder) leave(start int) {
	d.s.i = start
	d.s.skip()
}
