package collectortest

import (
	"net/http"
	"testing"

	"github.com/firebreak/firebreak/collectors/record"
	"github.com/firebreak/firebreak/collectors/transport"
)

// patient is the way to the service, and its clock.
func patient(t testing.TB, rt http.RoundTripper, f flaw) (http.RoundTripper, func() record.Instant) {
	o := transport.Options{Service: "tiny", Origin: "https://tiny.example", Auth: transport.Bearer(Token), Base: rt}
	if f == "gives up at once" {
		o.Attempts = 1
	}
	tr, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return tr, func() record.Instant { return record.At(tr.Served()) }
}

func TestAnHonestLiveSourceKeepsTheContract(t *testing.T) {
	RunLive(t, tinyLive(""))
}
