package transport

// Faults of the network: which of them may pass, and what a person can do about the others.

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"time"
)

// fault is what a failed attempt is worth: how many attempts at most, and a remedy.
type fault struct {
	most   int
	remedy string
}

const (
	proxyRemedy  = "Give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY, as http://user:password@proxy:port, or except this host from it in NO_PROXY."
	brokenRemedy = "The service has a fault of its own: see its status page; the next run goes on from here."
	tornRemedy   = "Something cuts its answers or slows them: the service itself, or a proxy or VPN in between. The next run goes on from here."
	reachRemedy  = "Is the service up, and reachable from this machine? Where a proxy is needed, HTTPS_PROXY and HTTP_PROXY name it, and NO_PROXY whom to ask directly."
)

// errUnfit is an authorisation that no header can carry.
var errUnfit = errors.New("the token holds a line break or another character that no header can carry")

// slow is an attempt that took too long. It is not context.DeadlineExceeded, which is for a caller's own.
type slow struct {
	after time.Duration
	code  int
}

func (s slow) Error() string {
	if s.code != 0 {
		return fmt.Sprintf("the answer (%s) did not come to its end within %s", status(s.code), spell(s.after))
	}
	return fmt.Sprintf("no answer within %s", spell(s.after))
}

// torn is an answer that began and is not whole.
type torn struct{ error }

func (t torn) Unwrap() error { return t.error }

// ErrTooLarge is what an [*Error] wraps where an answer is beyond [Options].MaxBody. It will be so again;
// whoever can ask for less at a time may do so.
var ErrTooLarge = errors.New("the answer is too large")

// large is an answer beyond Options.MaxBody.
type large struct{ limit int64 }

func (l large) Is(target error) bool { return target == ErrTooLarge }

func (l large) Error() string {
	return fmt.Sprintf("the answer is larger than %d MiB", max(l.limit>>20, 1))
}

// foreign is an answer in an encoding that was not asked for.
type foreign struct{ encoding string }

func (f foreign) Error() string {
	return fmt.Sprintf("the answer is in the encoding %q, which was not asked for", word(f.encoding))
}

// proxied is a proxy that would not connect us.
type proxied struct{ code int }

func (p proxied) Error() string {
	return fmt.Sprintf("the proxy answered %s when asked to connect", status(p.code))
}

// errProxy is a proxy of the environment that is no address.
var errProxy = errors.New("the proxy of the environment is no address")

// faultOf sorts an attempt's error. What is not known to be lasting may pass, and is tried again.
func faultOf(err error) fault {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		plain     tls.RecordHeaderError
		dns       *net.DNSError
		proxy     proxied
		op        *net.OpError
		packed    foreign
		half      torn
		late      slow
		big       large
	)
	switch {
	case errors.Is(err, errUnfit):
		return fault{1, "Look at the token's variable or file: it is one line of plain characters."}
	case errors.Is(err, errProxy):
		return fault{1, "Write HTTPS_PROXY and HTTP_PROXY as http://proxy:port, with the special characters of a password as %XX."}
	case errors.As(err, &authority), errors.As(err, new(x509.SystemRootsError)):
		return fault{1, "The certificate is of an authority that this machine does not know, as is usual behind a company's own authority or proxy: name the authority's PEM file with `ca_file:`."}
	case errors.As(err, &host):
		return fault{1, "Is the address right? Something else answers there, or a proxy in between."}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fault{1, "The certificate is out of date, or this machine's clock is wrong."}
	case errors.As(err, &invalid), errors.As(err, &verify):
		return fault{1, "The service's certificate does not hold; whoever runs the service can mend it."}
	case errors.As(err, &plain):
		return fault{1, "What answers there speaks no TLS: is it http:// or another port?"}
	case errors.As(err, &proxy):
		if proxy.code >= 500 {
			return fault{math.MaxInt, reachRemedy}
		}
		return fault{1, proxyRemedy}
	case errors.As(err, &packed):
		return fault{1, "Something in between packs answers anew; ask the service directly (NO_PROXY)."}
	case errors.As(err, &big):
		return fault{1, "Nothing of it was used. Ask for fewer fields or a narrower scope."}
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return fault{math.MaxInt, "The proxy that HTTPS_PROXY or HTTP_PROXY names cannot be reached; NO_PROXY excepts hosts from it."}
	case errors.As(err, &dns) && dns.IsNotFound:
		// A name server that has just come up says so, too; but a misspelt name stays misspelt.
		return fault{3, "Is the address spelt right, and known to this machine's name server? Behind a proxy, HTTPS_PROXY names it."}
	case errors.As(err, &half), errors.As(err, &late) && late.code != 0:
		return fault{math.MaxInt, tornRemedy}
	}
	return fault{math.MaxInt, reachRemedy}
}

// bare takes off the layers that say the whole address once more, secrets and all.
func bare(err error) error {
	for {
		u, ok := err.(*url.Error)
		if !ok {
			return err
		}
		err = u.Err
	}
}
