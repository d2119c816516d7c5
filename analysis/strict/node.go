package strict

// Places in a document, lists and maps.

import (
	"fmt"
	"iter"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Node is a place in a document. The zero Node, and one for a key that is not there, is absent: all
// its readers give the zero value without complaint.
type Node struct {
	doc  *Doc
	yaml *yaml.Node
	name string // the key it stands under, for people
	path string // as Doc.Known tells it
}

// Given says whether there is a value.
func (n Node) Given() bool { return n.yaml != nil }

// Complain says what is wrong here.
func (n Node) Complain(format string, args ...any) { n.complain(false, format, args...) }

// Warn says what is worth a look here.
func (n Node) Warn(format string, args ...any) { n.complain(true, format, args...) }

func (n Node) complain(warning bool, format string, args ...any) {
	if n.doc == nil {
		return
	}
	line, col := n.Place()
	n.doc.complaints = append(n.doc.complaints, Complaint{n.doc.file, line, col, fmt.Sprintf(format, args...), warning})
}

// Place is the line and column where the value begins; 0, 0 for an absent node.
func (n Node) Place() (line, col int) {
	if n.yaml == nil {
		return 0, 0
	}
	return n.yaml.Line + n.doc.above, n.yaml.Column
}

// At is [Node.Place] as file:line:column.
func (n Node) At() string {
	if n.doc == nil {
		return ""
	}
	line, col := n.Place()
	return strings.TrimSuffix(Complaint{File: n.doc.file, Line: line, Col: col}.String(), ": ")
}

// target is the value, behind an alias if it is one.
func (n Node) target() *yaml.Node {
	if n.yaml != nil && n.yaml.Kind == yaml.AliasNode {
		return n.yaml.Alias
	}
	return n.yaml
}

// IsMap says whether the value has keys.
func (n Node) IsMap() bool { t := n.target(); return t != nil && t.Kind == yaml.MappingNode }

// IsList says whether the value is a list.
func (n Node) IsList() bool { t := n.target(); return t != nil && t.Kind == yaml.SequenceNode }

// wants complains about a value of the wrong kind.
func (n Node) wants(what string) {
	is := "a single value"
	switch t := n.target(); t.Kind {
	case yaml.MappingNode:
		is = "a map"
	case yaml.SequenceNode:
		is = "a list"
	}
	n.Complain("%s wants %s, and this is %s", n.called(), what, is)
}

func (n Node) called() string {
	if n.name == "" {
		return "the file"
	}
	return n.name
}

// List are the values of a list.
func (n Node) List() []Node {
	t := n.target()
	if t == nil {
		return nil
	}
	if t.Kind != yaml.SequenceNode {
		n.wants("a list: [a, b], or lines that begin with a hyphen")
		return nil
	}
	var list []Node
	for _, y := range t.Content {
		x := Node{n.doc, y, n.name, n.path + "[]"}
		if isNull(y) {
			x.Complain("an entry of %s is empty", n.called())
			continue
		}
		list = append(list, x)
	}
	return list
}

// Map is a node with keys. Asking it for a key makes the key known.
type Map struct {
	Node
	keys  []string
	at    map[string]*yaml.Node // of keys
	value map[string]*yaml.Node
	asked []string
	free  bool // every key is known
}

// Map opens the value, which has to be a map. It is never nil: an absent node is an empty map.
func (n Node) Map() *Map {
	t := n.target()
	if t == nil {
		return &Map{Node: n}
	}
	if m := n.doc.maps[t]; m != nil {
		return m
	}
	if t.Kind != yaml.MappingNode {
		n.wants("keys with values")
		return &Map{Node: Node{doc: n.doc, name: n.name, path: n.path}}
	}
	m := &Map{Node: n, at: map[string]*yaml.Node{}, value: map[string]*yaml.Node{}}
	for i := 0; i+1 < len(t.Content); i += 2 {
		k, v := t.Content[i], t.Content[i+1]
		key := Node{n.doc, k, n.name, n.path}
		kt := key.target()
		switch {
		case kt.Kind != yaml.ScalarNode:
			key.Complain("a key of %s is a list or a map; keys are single words", n.called())
		case k.ShortTag() == "!!merge":
			key.Complain("merge keys (<<) are not read here; write the keys out")
		case m.at[kt.Value] != nil:
			key.Complain("the key %q is already given in line %d", kt.Value, m.at[kt.Value].Line+n.doc.above)
		default:
			m.keys = append(m.keys, kt.Value)
			m.at[kt.Value], m.value[kt.Value] = k, v
		}
	}
	n.doc.maps[t] = m
	n.doc.order = append(n.doc.order, m)
	return m
}

// Get is the value of a key; an absent node where the key is not there. A key without a value is a
// complaint.
func (m *Map) Get(key string) Node {
	m.ask(key)
	n := Node{doc: m.doc, name: key, path: m.path + "." + key}
	v := m.value[key]
	if v == nil {
		return n
	}
	if n.yaml = v; isNull(n.target()) {
		n.Complain("%s has no value; give it one, or leave it out", key)
		n.yaml = nil
	}
	return n
}

// Need is the value of a key that has to be there.
func (m *Map) Need(key string) Node { return m.need(key, "") }

// NeedLike is the same of a key whose value is a list, with an entry to begin it with.
func (m *Map) NeedLike(key, entry string) Node {
	return m.need(key, fmt.Sprintf("; for example\n  %s:\n    - %s", key, entry))
}

func (m *Map) need(key, example string) Node {
	n := m.Get(key)
	if m.yaml != nil && m.value[key] == nil {
		in := "the file"
		if m.name != "" {
			in = "this entry of " + m.name
		}
		m.Complain("%s has no %s%s", in, key, example)
	}
	return n
}

// Has says whether the key is there, without asking for it.
func (m *Map) Has(key string) bool { return m.value[key] != nil }

// Each are all keys and their values in the file's order, for a map whose keys are names.
func (m *Map) Each() iter.Seq2[string, Node] {
	m.free = true
	return func(yield func(string, Node) bool) {
		for _, k := range m.keys {
			n := m.Get(k)
			n.path = m.path + ".*"
			if n.Given() && !yield(k, n) {
				return
			}
		}
	}
}

// Key is the place of a key itself, for complaints about a name.
func (m *Map) Key(key string) Node {
	return Node{doc: m.doc, yaml: m.at[key], name: m.name, path: m.path}
}

func (m *Map) ask(key string) {
	if m.doc == nil {
		return
	}
	path := m.path + "." + key
	if m.free {
		path = m.path + ".*"
	}
	m.doc.known[strings.TrimPrefix(path, ".")] = true
	if !m.free {
		m.asked = append(m.asked, key)
	}
}

// unknown complains about the keys that nobody asked for.
func (m *Map) unknown() []Complaint {
	if m.free {
		return nil
	}
	asked := map[string]bool{}
	var open []string // known keys that are not there yet: what a slip can have meant
	for _, k := range m.asked {
		if !asked[k] && m.value[k] == nil {
			open = append(open, k)
		}
		asked[k] = true
	}
	var cs []Complaint
	for _, k := range m.keys {
		if asked[k] {
			continue
		}
		in := ""
		if m.name != "" {
			in = " in " + m.name
		}
		hint := DidYouMean(k, open...)
		if v := m.value[k]; hint == "" && v.Kind == yaml.ScalarNode && v.Value == "" && v.Style == 0 {
			hint = "; if it belongs to the text before the comma, put that text in quotes"
		}
		if hint == "" && len(open) > 0 {
			hint = "; it may have " + strings.Join(open, ", ")
		}
		line, col := m.Key(k).Place()
		cs = append(cs, Complaint{File: m.doc.file, Line: line, Col: col, What: fmt.Sprintf("unknown key %q%s%s", k, in, hint)})
	}
	return cs
}
