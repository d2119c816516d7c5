// Package analysis judges: records and the team's policy go in, one night's report comes out. It
// neither fetches nor draws, and it is pure: no file, no network, no clock. The same records, policy
// and as-of give the same report, byte for byte.
//
// Its words: the [Policy] is the team's written process; an [Item] is an issue as judged by it, with
// its pages; a [Stage] is a state of the team's workflow; a [Metric] is a question and a [Figure] its
// answer, with unit, series, the rows behind it and its doubts; a [Report] is one night's figures;
// as-of is the one instant a report speaks for.
//
// Its one rule: a number that cannot be explained is worse than none. Every figure names the items
// behind it, the n it rests on and the definition it follows, and says aloud what was left out.
//
// The story of a night is told by [Run]: every issue is judged into an Item (life.go, classify.go,
// sla.go), then every Metric of the table in metrics.go is measured over the items. A new metric is
// one file and one line in that table; its entry in the wiki, its chart, table, definition and JSON
// appear by themselves.
package analysis
