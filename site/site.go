// Package site makes the wiki that people read in the morning. A report, the team's texts and a theme
// go in; a [Tree] of files comes out; [Publish] puts it where people look, all or nothing.
//
// Its words: an entry is a page of the wiki (a page is what a pager sends, so no type here is called
// Page); a place is where an entry lives, its path below the root, and never moves; the shell is what
// surrounds every entry (masthead, navigation, footer), made by the theme; an entry's body is made by
// the file of this package that is named after its kind.
//
// Its one rule: it computes no number. What is printed was computed, formatted and explained by
// package analysis; arithmetic here is for drawing only.
//
// What it promises:
//   - The same arguments give the same bytes: no clock, no random ids, no map order.
//   - Titles, texts and names of foreign origin are text wherever they land: in HTML they are escaped
//     (html.go), in the data blocks of charts and of the search they are JSON with < > & escaped, in
//     CSV a formula is disarmed (csv.go).
//   - No entry asks another host for anything. The policy in each head says so to the browser
//     (default-src 'none'; scripts, styles and fonts from the wiki's own files), and it works from
//     file:// and below any sub-path, because every link is relative and spelled to the file.
//   - No script is needed to read: charts have their tables, links are links.
//   - Every link between entries leads to a place that exists; one of ours that does not is an error of
//     [Build], one in an author's text is a complaint printed where it stands.
//   - Items are rendered as they are written, so a hundred thousand of them never sit in memory.
package site

import (
	"io/fs"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/analysis/strict"
)

// Input is everything a wiki is made of.
type Input struct {
	Report  *analysis.Report
	Content fs.FS // the team's folder: playbook/*.md, and the images beside it; nil for none
	Theme   fs.FS // layouts/ and static/; themes/README.md is its contract

	ContentName string // what comes before a file's path in Content when a complaint names it: "content/"

	// Loose is for looking into texts while there is no sound policy: nobody knows what entries the wiki will
	// have, so that a text's link to one is let be. Its links to the team's files are judged all the same.
	Loose bool

	Title   string // of the wiki; "" takes the team's name
	BaseURL string // where it will be served, for the entry shown where there is none (404.html); "" if unknown
	Version string // of the program, for the colophon

	// Complaints are about the team's texts, from whoever read them: shown on the Sources entry, and
	// on the entry of the file they are about.
	Complaints []strict.Complaint
}

// Build makes the wiki. The tree's errors of our own making (a template, a chart of impossible
// numbers, a dead link) are returned here, so that nothing is published. Faults in the team's texts
// are not errors: they are in the tree's Complaints, and printed where they stand.
func Build(in Input) (*Tree, error) {
	b, err := newBuilder(in)
	if err != nil {
		return nil, err
	}
	return b.build()
}
