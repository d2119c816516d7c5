// Package paging reads what pagers export: pages, and later shifts. One file of it is one tool, with
// its format and where that is documented; so far there is PagerDuty.
//
// Its words: a page is an alert that notified a person; a pager's own word for it (incident, alert,
// alert group) is translated here and nowhere else. A page is triggered, perhaps acknowledged by a
// person, and resolved by a person or by itself. Which issue a page is about, and whether two pages
// are one interruption, is for analysis to judge.
//
// Its one rule: what happened to a page is told by the field that is meant for it or not at all. The
// end of a page is its resolve event, never its last update; a time that cannot be (an end before the
// beginning, an empty or zero date) is no time, and a doubt.
//
// A new tool is a file with
//
//   - a comment that says which export it is, from which menu or call, and who documents it;
//   - a struct of its options around an [exports.Set], with Tracker, and a Fetch that gives the set a
//     function over the rows or values of one file;
//   - that function: it finds columns by name (cells.go), turns each record into a [record.Page],
//     says a doubt for what it cannot believe, and hands the page over;
//   - what a file of the tool looks like to the others, as a line in wrong.go;
//   - fixtures in testdata, a fuzzer, and a call of collectortest.
//
// Then `kind:` in firebreak.yaml gets its name, in cmd/firebreak.
package paging
