// Package strict reads hand-written YAML strictly: policy.yaml, firebreak.yaml and the front matter of
// postmortems share it. It tells the writer every mistake at once, each with its place and with what
// would be right, and it never stops at the first one nor takes silence for consent.
//
// Its words: a [Doc] is one text; a [Node] is a place in it, with readers for every kind of value that
// the files hold (Text, Int, Duration, Date …); a [Map] is a node with keys. A reader that does not
// find what it wants complains in the place and gives the zero value, so that reading goes on.
//
// Its one rule: asking for a key is what makes it known. A key that was in an opened map and that
// nobody asked for is a complaint, with the nearest key that was asked for as the suggestion. So the
// code that reads a file is its grammar, and no list of keys can fall behind it.
//
//	doc := strict.Read("policy.yaml", text)
//	top := doc.Map()
//	name := top.Need("name").Text()
//	limit := top.Get("limit").Int(0, 100)
//	return name, limit, doc.Complaints()
package strict
