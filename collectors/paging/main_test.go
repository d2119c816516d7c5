package paging

import (
	"flag"
	"os"
	"testing"

	"github.com/firebreak/firebreak/collectors/collectortest"
)

// Where trials are dear, random ones are fewer, unless -rapid.checks says how many.
func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); collectortest.Hurried() && checks.Value.String() == checks.DefValue {
		checks.Value.Set("20")
	}
	os.Exit(m.Run())
}
