package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/firebreak/firebreak/analysis"
	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/themes"
)

func TestAnEntryTellsWhyItsItemIsWhereItIs(t *testing.T) {
	open := issue(t, "SUP-1", "Bug", "Major", "Label with <script> in it", "2026-10-30T14:00:00Z")
	open.Copies[0].Labels = []string{"<b>&"}
	open.Copies[0].Links = []record.Link{{Kind: "is blocked by", To: "SUP-2"}, {Kind: "relates to <i>", To: "GONE-1"}}
	move(&open, instant(t, "2026-10-30T15:00:00Z"), "In Progress")
	move(&open, instant(t, "2026-10-30T16:00:00Z"), "Needs info")
	long := issue(t, "SUP-2", "Bug", "Minor", "Finished long ago", "2026-02-02T14:00:00Z")
	move(&long, instant(t, "2026-02-03T14:00:00Z"), "Done")
	in := Input{Report: night(t, []record.Issue{open, long}, nil), Theme: themes.Firehouse(), ContentName: "content/", Content: content(map[string]string{"policy.yaml": "…"})}
	tree := build(t, in)

	entry := read(t, tree, "items/tickets/SUP-1/index.html")
	it := in.Report.Find("SUP-1")
	x := in.Report.Explain(it)
	for _, want := range []string{
		"What the rules saw", "priority is <bdi>&#34;Major&#34;</bdi>", "the requester waits for us", "a person of the team",
		"this one waits for it", "not known here", "relates to &lt;i&gt;", string(appendText(nil, in.Report.Total(&x.Resolve))), "stands still",
	} {
		if !strings.Contains(entry, want) {
			t.Errorf("the entry has no %q", want)
		}
	}
	for _, never := range []string{"<b>&", "<i>", "mlindqvist"} {
		if strings.Contains(entry, never) {
			t.Errorf("the entry has %q", never)
		}
	}
	if it.Resolve.Outcome != analysis.Stopped || !slices.ContainsFunc(x.Judged[0].Classes, func(a analysis.Asked) bool { return a.Held }) {
		t.Errorf("%+v", x)
	}
	if strings.Contains(read(t, tree, "items/tickets/SUP-2/index.html"), "What the rules saw") {
		t.Error("nobody argues about an item of nine months ago, and its entry tells of it")
	}
}
