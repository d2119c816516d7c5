package live

// What a service has, for the person who sets it up: `firebreak doctor`.

import "github.com/firebreak/firebreak/collectors/record"

// Survey is what a service says of itself.
type Survey struct {
	Checks []Check // in the order in which they were tried

	// What there is, as far as the service lists it. Nil where it does not, which is not the same as
	// none.
	Statuses   []record.Status
	Priorities []string
	Types      []string
	Labels     []string
	Fields     []Field
	Services   []string // what a pager pages for
}

// Check is one thing that must hold for a source to be read.
type Check struct {
	What   string // "reach https://acme.atlassian.net", "read issues of acme/orders"
	Found  string // what was found, in plain words: "as bot@acme.com, in Europe/Berlin"
	Wrong  string // what is wrong, "" where nothing is
	Remedy string // what to do about it
	Grave  bool   // nothing can be read until it is mended; else only less than was asked for
}

// Field is a custom field that a source could read.
type Field struct {
	ID     string   // what firebreak.yaml asks for it by: "customfield_10016"
	Name   string   // on the site
	Kind   string   // "number", "choice", "sla" …: the service's own word where it has no other
	Hint   string   // what it probably is to us: "points", "severity", "sla", or ""
	Values []string // of a choice, where the service lists them
	Asked  bool     // firebreak.yaml asks for it already
}
