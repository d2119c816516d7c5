// Package paging reads what pagers know: pages and shifts, from the exports of many tools and from two
// services themselves.
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
// [Files] is the source of all exports. Which one a file is, is told by what is in it and never by its name
// (read.go), by the table of formats (files.go). [PagerDutyLive] and [OpsgenieLive] ask the services, and
// read their answers with the same readers. [ServiceNow] is a log of tickets, which are issues.
//
// A new tool is a file with
//
//   - a comment that says which export it is, from which menu or call, and who documents it;
//   - its line, or lines, of the table of formats: how to recognise it, and what takes its rows or objects;
//   - that reader: it finds columns and members by name (cells.go, object.go), turns each record into a
//     [record.Page], and hands it to file.page, which doubts what cannot be;
//   - fixtures in testdata, and seeds of the fuzzer.
//
// `kind:` of firebreak.yaml and its schema take the tool's name from there.
package paging
