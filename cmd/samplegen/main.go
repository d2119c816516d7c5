// Command samplegen writes the exports that the sample wiki is made from, and those that the benchmarks
// read. It is never part of a night.
//
//	samplegen --out content/sample                     the story: tickets.jsonl.gz, code.jsonl.gz, pages.csv, log.json
//	samplegen --out content/sample --truth             and what the simulation itself knows of it
//	samplegen --bench 10000 --out DIR [--bytes 15000] [--search]
//	                                                   so many Jira issues, as JSON Lines or as answers of the search
//	samplegen --pages 1000000 --out DIR               so many pages, as reports of PagerDuty
//	samplegen --entries 10000 --out DIR                so many postmortems and playbook entries
//
// The story is a simulation of a support team over eighteen months (story.go): work comes in
// (arrivals.go) and is looked at (triage.go), fires break out (fire.go), people with working hours,
// absences and a rota (team.go) do what there is to do in the way they do things at the time (work.go,
// hands.go), the rest of the world does not wait for them (unrest.go), and what remains is what their
// trackers and their pager would have exported (jira.go, github.go, pager.go, log.go). The incidents that the
// postmortems tell are scripted (script.go, scenes.go); truth.go knows how it came out.
//
// Its one rule: the same bytes on every machine and every run. It draws whole numbers from named streams
// (random.go), never ranges over a map, and has no clock.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "samplegen:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	fs := flag.NewFlagSet("samplegen", flag.ContinueOnError)
	dir := fs.String("out", "", "the `folder` to write to")
	truth := fs.Bool("truth", false, "print what the simulation itself knows, by quarter")
	issues := fs.Int("bench", 0, "write `N` Jira issues for the benchmarks instead of the story")
	size := fs.Int("bytes", 15_000, "how large an issue of the benchmarks is, about")
	search := fs.Bool("search", false, "write the benchmarks' issues as answers of the search, not as JSON Lines")
	pages := fs.Int("pages", 0, "write `N` pages for the benchmarks instead of the story")
	entries := fs.Int("entries", 0, "write `N` postmortems and playbook entries for the benchmarks instead of the story")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("it takes no arguments, but got %s", strings.Join(fs.Args(), " "))
	}
	switch {
	case (*issues > 0 || *pages > 0 || *entries > 0) && *dir == "":
		return fmt.Errorf("--out is missing: the folder to write to")
	case *issues > 0 || *pages > 0:
		b, err := newBench(*size)
		if err != nil {
			return err
		}
		if *pages > 0 {
			return b.pages(*dir, *pages)
		}
		return b.write(*dir, *issues, *search)
	case *entries > 0:
		return writeEntries(*dir, *entries)
	}
	w, err := newWorld()
	if err != nil {
		return err
	}
	if *truth {
		defer w.tell(out)
	}
	if *dir == "" {
		return nil
	}
	files, err := w.exports()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*dir, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(*dir, f.name), f.data, 0o666); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d bytes\n", f.name, len(f.data))
	}
	return nil
}

// file is one export as it lies on the disk.
type file struct {
	name string
	data []byte
}

// exports are the sample's files.
func (w *world) exports() ([]file, error) {
	tickets, err := pack(w.tickets())
	if err != nil {
		return nil, err
	}
	code, err := pack(w.code())
	if err != nil {
		return nil, err
	}
	var pages bytes.Buffer
	if err := writePager(&pages, w); err != nil {
		return nil, err
	}
	return []file{{"tickets.jsonl.gz", tickets}, {"code.jsonl.gz", code}, {"pages.csv", pages.Bytes()}, {"log.json", w.pagerLog()}}, nil
}

// tickets are the Jira issues as JSON Lines, in the order of their last update: as a search for changes
// would have fetched them.
func (w *world) tickets() []byte {
	j := &jiraWriter{zone: w.cal.zone, history: 50000}
	for _, it := range w.sorted(false) {
		j.issue(it)
		j.b = append(j.b, '\n')
	}
	return j.b
}

// code are the code host's issues and pull requests as JSON Lines, by number.
func (w *world) code() []byte {
	g := &githubWriter{}
	for _, it := range w.sorted(true) {
		g.record(it)
		g.b = append(g.b, '\n')
	}
	return g.b
}

func (w *world) sorted(code bool) []*item {
	var all []*item
	for _, it := range w.items {
		if it.code == code {
			all = append(all, it)
		}
	}
	slices.SortStableFunc(all, func(a, b *item) int { return a.n - b.n })
	return all
}

// pack compresses with the module's own compressor, whose bytes change with go.mod and not with the
// toolchain. The header carries no name and no time.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
