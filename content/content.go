// Package content is the sample wiki's own writing: the policy of a team that does not exist, its
// playbook, its hand-over notes, its postmortems, what it thought of its pages and of its months, and the
// exports of its trackers and its pager, which cmd/samplegen writes. It is what `firebreak demo` publishes.
package content

import "embed"

//go:generate go run ../cmd/samplegen --out sample

// Files are all of it, laid out as a team lays out its own repository.
//
//go:embed firebreak.yaml policy.yaml playbook handover postmortems pulse sample triage
var Files embed.FS
