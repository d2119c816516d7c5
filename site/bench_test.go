package site

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// BenchmarkItemEntry renders entries of items, as publishing does.
func BenchmarkItemEntry(b *testing.B) {
	tree := build(b, input(b, 400))
	var files []File
	for _, name := range names(tree, "items/tickets/") {
		f, _ := tree.Find(name)
		files = append(files, f)
	}
	var out bytes.Buffer
	bytes := 0
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		out.Reset()
		if err := files[i%len(files)].Render(&out); err != nil {
			b.Fatal(err)
		}
		bytes += out.Len()
		i++
	}
	b.ReportMetric(float64(bytes)/float64(i), "bytes/entry")
}

// BenchmarkBuild10k makes the tree of a wiki of 10,000 items and renders every file of it.
func BenchmarkBuild10k(b *testing.B) {
	in := input(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		tree := build(b, in)
		var out bytes.Buffer
		total := 0
		for _, f := range tree.Files {
			out.Reset()
			if err := f.Render(&out); err != nil {
				b.Fatal(err)
			}
			total += out.Len()
		}
		b.ReportMetric(float64(total)/1e6, "MB")
		b.ReportMetric(float64(len(tree.Files)), "files")
	}
}

// BenchmarkPublish10k writes the same wiki to a disk, over the one of the night before.
func BenchmarkPublish10k(b *testing.B) {
	tree := build(b, input(b, 10_000))
	dir := filepath.Join(b.TempDir(), "wiki")
	b.ReportAllocs()
	for b.Loop() {
		if err := Publish(context.Background(), dir, tree, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMarkdown10k makes a wiki of 10,000 plays of some 3 KB.
func BenchmarkMarkdown10k(b *testing.B) {
	in := input(b, 20)
	files := fstest.MapFS{}
	for i := range 10_000 {
		text := fmt.Sprintf("# Play %d\n\nSee [the next](play-%d.md) and SUP-%d.\n\n", i, (i+1)%10_000, i%20+1)
		for n := range 4 {
			text += fmt.Sprintf("## Part %d\n\nWhen the *gateway* stops answering, look at the **queue** first: `fb queue --age` says how old the oldest order is. "+
				"Everything below ten minutes is weather; above it somebody is waiting for a receipt that will not come.\n\n- Drain node %d\n- Restart it\n- [ ] Tell the desk\n\n"+
				"| Node | Port | Owner |\n|---|--:|---|\n| one | 8080 | maya |\n| two | 8081 | tomas |\n\n> Never restart both.\n\n", n, n)
		}
		files[fmt.Sprintf("playbook/play-%d.md", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	in.Report, in.Content = night(b, many(b, 20), nil), files
	b.ReportAllocs()
	for b.Loop() {
		tree := build(b, in)
		var out bytes.Buffer
		for _, f := range tree.Files {
			out.Reset()
			if err := f.Render(&out); err != nil {
				b.Fatal(err)
			}
		}
		if len(tree.Complaints) > 0 {
			b.Fatal(tree.Complaints[0])
		}
	}
}
