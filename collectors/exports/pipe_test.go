//go:build unix

package exports

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe among the exports, such as a script leaves that died, must not hold the night up for ever.
func TestAPipeIsAGapAndIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.json"), 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "good.json"), []byte(`{"id": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"*.json", "pipe.json", "."} {
		o := fetch(t, Set{Dir: dir, Patterns: []string{pattern}}, "")
		if !strings.Contains(o.said(), "gap: everything in pipe.json: it is no file but a pipe") {
			t.Errorf("%s: %s", pattern, o.said())
		}
		if pattern != "pipe.json" && len(o.batch.Issues) != 1 {
			t.Errorf("%s: %d records of the file beside it; want 1", pattern, len(o.batch.Issues))
		}
	}
}
