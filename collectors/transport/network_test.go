package transport

// The real network, as far as this machine: cut, slow and reset answers, TLS, proxies of the environment.

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serve runs a handler that is told which attempt this is, from 1.
func serve(t *testing.T, h func(n int, w http.ResponseWriter, r *http.Request)) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	n := new(atomic.Int64)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(int(n.Add(1)), w, r) }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(srv.Close)
	return srv, n
}

// raw writes bytes as they are and closes the connection, gently or with a reset.
func raw(w http.ResponseWriter, reset bool, text string) {
	conn, buf, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	buf.WriteString(text)
	buf.Flush()
	if reset {
		conn.(*net.TCPConn).SetLinger(0)
	}
}

const message = `{"issues":[{"id":"1","key":"SUP-1"}]}`

func packed(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func TestAFaultOfTheWireIsTriedAgain(t *testing.T) {
	for name, fault := range map[string]func(w http.ResponseWriter, r *http.Request){
		"nothing": func(w http.ResponseWriter, r *http.Request) { raw(w, false, "") },
		"reset":   func(w http.ResponseWriter, r *http.Request) { raw(w, true, "HTTP/1.1 200 OK\r\nContent-Le") },
		"garbage": func(w http.ResponseWriter, r *http.Request) { raw(w, false, "\x00\x01 what?\r\n\r\n") },
		"cut before Content-Length": func(w http.ResponseWriter, r *http.Request) {
			raw(w, false, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(message), message[:20]))
		},
		"cut in a chunk": func(w http.ResponseWriter, r *http.Request) {
			raw(w, false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n25\r\n"+message[:20])
		},
		"cut between chunks": func(w http.ResponseWriter, r *http.Request) {
			raw(w, false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n"+message[:20]+"\r\n")
		},
		"reset in the body": func(w http.ResponseWriter, r *http.Request) {
			raw(w, true, "HTTP/1.1 200 OK\r\nContent-Length: 37\r\n\r\n"+message[:20])
		},
		"gzip cut, length none": func(w http.ResponseWriter, r *http.Request) {
			raw(w, false, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"+packed(message)[:30])
		},
		"gzip that is none": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, message)
		},
		"slow to begin": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"slow to end": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, message[:20])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			var sent []string
			srv, n := serve(t, func(n int, w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				sent = append(sent, string(body))
				if n <= 2 {
					fault(w, r)
					return
				}
				io.WriteString(w, message)
			})
			tr := must(t, Options{Origin: srv.URL, Pause: time.Millisecond, Timeout: 300 * time.Millisecond, Pace: 1e9})
			resp, err := (&http.Client{Transport: tr}).Post(srv.URL, "text/plain", strings.NewReader("question"))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if string(body) != message || err != nil || n.Load() != 3 {
				t.Errorf("%q, %v after %d attempts", body, err, n.Load())
			}
			for _, s := range sent {
				if s != "question" {
					t.Errorf("asked %q", s)
				}
			}
			if attempts, _ := tr.Spent(); attempts != 3 {
				t.Errorf("%d attempts counted", attempts)
			}
		})
	}
}

func TestAFaultOfTheWireThatLastsIsAnErrorAndNoAnswer(t *testing.T) {
	srv, n := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		raw(w, false, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(message), message[:20]))
	})
	tr := must(t, Options{Origin: srv.URL, Pause: time.Millisecond, Attempts: 3, Pace: 1e9})
	_, err := (&http.Client{Transport: tr}).Get(srv.URL)
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, io.ErrUnexpectedEOF) || n.Load() != 3 || e.Attempts != 3 || e.Status != 0 {
		t.Errorf("%v after %d", err, n.Load())
	}
	if !strings.Contains(err.Error(), "cut after 20 bytes") {
		t.Error(err)
	}
}

func TestATimeoutOfAnAttemptIsNotTheCallers(t *testing.T) {
	srv, _ := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	tr := must(t, Options{Origin: srv.URL, Pause: time.Millisecond, Attempts: 2, Timeout: 20 * time.Millisecond})
	_, err := (&http.Client{Transport: tr}).Get(srv.URL)
	if errors.Is(err, context.DeadlineExceeded) || err == nil || !strings.Contains(err.Error(), "no answer within 20 ms; tried 2 times") {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL, nil)
	tr = must(t, Options{Origin: srv.URL})
	if _, err := tr.RoundTrip(req); err != context.DeadlineExceeded {
		t.Error(err)
	}
}

func TestGzipIsUnpacked(t *testing.T) {
	for name, write := range map[string]func(w http.ResponseWriter, r *http.Request){
		"gzip": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				w.WriteHeader(400)
			}
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, packed(message))
		},
		"two members": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "x-gzip")
			io.WriteString(w, packed(message[:20])+packed(message[20:]))
		},
		"plain": func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, message) },
	} {
		srv, n := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) { write(w, r) })
		tr := must(t, Options{Origin: srv.URL})
		resp, err := (&http.Client{Transport: tr}).Get(srv.URL)
		if err != nil {
			t.Fatal(name, err)
		}
		body, _ := io.ReadAll(resp.Body)
		if string(body) != message || n.Load() != 1 || resp.ContentLength != int64(len(message)) || resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d %q, length %d, %v", name, resp.StatusCode, body, resp.ContentLength, resp.Header)
		}
	}
}

func TestAnswersWithoutABodyNeedNone(t *testing.T) {
	srv, n := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		switch r.URL.Path {
		case "/204":
			w.WriteHeader(204)
		case "/304":
			w.WriteHeader(304)
		case "/head":
			w.Header().Set("Content-Length", "1000")
		}
	})
	tr := must(t, Options{Origin: srv.URL, Attempts: 1})
	client := http.Client{Transport: tr}
	for i, path := range []string{"/204", "/304", "/empty", "/head"} {
		method := "GET"
		if path == "/head" {
			method = "HEAD"
		}
		req, _ := http.NewRequest(method, srv.URL+path, nil)
		resp, err := client.Do(req)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		if len(body) != 0 || err != nil || int(n.Load()) != i+1 || path == "/head" && resp.ContentLength != 1000 {
			t.Errorf("%s: %q %v, length %d", path, body, err, resp.ContentLength)
		}
	}
}

func TestATooLargeAnswerIsRefusedAtOnce(t *testing.T) {
	zeros := strings.Repeat("0", 3<<20)
	for name, write := range map[string]func(w http.ResponseWriter){
		"said": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", fmt.Sprint(len(zeros)))
			io.WriteString(w, zeros)
		},
		"chunked": func(w http.ResponseWriter) { w.(http.Flusher).Flush(); io.WriteString(w, zeros) },
		"unpacked": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, packed(zeros))
		},
	} {
		srv, n := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) { write(w) })
		tr := must(t, Options{Origin: srv.URL, MaxBody: 2 << 20})
		_, err := (&http.Client{Transport: tr}).Get(srv.URL)
		if err == nil || !strings.Contains(err.Error(), "larger than 2 MiB") || !errors.Is(err, ErrTooLarge) || n.Load() != 1 {
			t.Errorf("%s: %v after %d", name, err, n.Load())
		}
		tr = must(t, Options{Origin: srv.URL, MaxBody: 3 << 20})
		resp, err := (&http.Client{Transport: tr}).Get(srv.URL)
		if err != nil {
			t.Errorf("%s: %v; it is exactly as large as it may be", name, err)
		} else if body, _ := io.ReadAll(resp.Body); string(body) != zeros {
			t.Errorf("%s: %d bytes", name, len(body))
		}
	}
}

func TestAnEncodingThatWasNotAskedForIsAnError(t *testing.T) {
	srv, n := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		io.WriteString(w, "\x8b\x02")
	})
	_, err := (&http.Client{Transport: must(t, Options{Origin: srv.URL})}).Get(srv.URL)
	if err == nil || !strings.Contains(err.Error(), `"br"`) || n.Load() != 1 {
		t.Error(err)
	}
}

func TestARefusedConnectionIsTriedAgainAndThenSaysSo(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	tr := must(t, Options{Origin: srv.URL, Pause: time.Millisecond})
	_, err := (&http.Client{Transport: tr}).Get(srv.URL)
	var e *Error
	if !errors.As(err, &e) || e.Attempts != 6 || !strings.Contains(e.Error(), "refused") || !strings.Contains(e.Error(), "HTTPS_PROXY") {
		t.Error(err)
	}
}

// authority makes a certificate that signs itself.
func authority(t *testing.T, until time.Time, names ...string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "acme"}, NotBefore: until.Add(-time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, DNSNames: names, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func TestWhoIsTrusted(t *testing.T) {
	good, goodPEM := authority(t, time.Now().Add(30*time.Minute), "tracker.example")
	old, oldPEM := authority(t, time.Now().Add(-time.Minute))
	start := func(cert tls.Certificate) (*httptest.Server, *atomic.Int64) {
		n := new(atomic.Int64)
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { n.Add(1); return nil, nil }}
		srv.EnableHTTP2 = true
		srv.StartTLS()
		t.Cleanup(srv.Close)
		return srv, n
	}
	goodSrv, goodN := start(good)
	oldSrv, oldN := start(old)
	plain, _ := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) { io.WriteString(w, "plain") })
	for _, row := range []struct {
		name, url string
		ca        []byte
		says      string
		hellos    *atomic.Int64
	}{
		{"own authority", goodSrv.URL, append([]byte("# acme\n"), append(oldPEM, goodPEM...)...), "", goodN},
		{"unknown authority", goodSrv.URL, nil, "`ca_file:`", goodN},
		{"another host", strings.Replace(goodSrv.URL, "127.0.0.1", "localhost", 1), goodPEM, "Is the address right?", goodN},
		{"expired", oldSrv.URL, oldPEM, "out of date", oldN},
		{"no TLS at all", strings.Replace(plain.URL, "http:", "https:", 1), nil, "speaks no TLS", nil},
	} {
		before := int64(0)
		if row.hellos != nil {
			before = row.hellos.Load()
		}
		tr, err := New(Options{Service: "tickets", Origin: row.url, CA: row.ca, Pause: time.Millisecond})
		if err != nil {
			t.Fatal(row.name, err)
		}
		resp, err := (&http.Client{Transport: tr}).Get(row.url)
		var e *Error
		switch {
		case row.says == "" && err != nil:
			t.Errorf("%s: %v", row.name, err)
		case row.says == "":
			if body, _ := io.ReadAll(resp.Body); string(body) != "HTTP/2.0" {
				t.Errorf("%s: spoke %s", row.name, body)
			}
		case !errors.As(err, &e) || !strings.Contains(err.Error(), row.says) || e.Attempts != 1:
			t.Errorf("%s: %v; want %q after one attempt", row.name, err, row.says)
		}
		if row.hellos != nil && row.hellos.Load() != before+1 {
			t.Errorf("%s: %d handshakes", row.name, row.hellos.Load()-before)
		}
		tr.CloseIdleConnections()
	}
}

// proxy forwards to one place, whatever the host, and counts.
func proxy(t *testing.T, to string, refuse int) (*httptest.Server, *[]string) {
	t.Helper()
	var asked []string
	target, _ := url.Parse(to)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.String()+r.Header.Get("Proxy-Authorization"))
		switch {
		case refuse != 0:
			w.WriteHeader(refuse)
		case r.Method == "CONNECT":
			up, err := net.Dial("tcp", target.Host)
			if err != nil {
				w.WriteHeader(502)
				return
			}
			conn, buf, _ := w.(http.Hijacker).Hijack()
			io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
			go func() { io.Copy(up, buf); up.Close() }()
			go func() { io.Copy(conn, bufio.NewReader(up)); conn.Close() }()
		default:
			io.WriteString(w, "by the proxy")
		}
	}))
	t.Cleanup(srv.Close)
	return srv, &asked
}

// direct takes the environment's proxies away for a test.
func direct(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "REQUEST_METHOD"} {
		t.Setenv(name, "")
	}
}

func TestTheProxiesOfTheEnvironmentAreUsed(t *testing.T) {
	direct(t)
	cert, ca := authority(t, time.Now().Add(time.Hour), "tracker.example")
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "by the service") }))
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	srv.StartTLS()
	defer srv.Close()
	through, asked := proxy(t, srv.URL, 0)
	t.Setenv("HTTP_PROXY", through.URL)
	t.Setenv("HTTPS_PROXY", strings.Replace(through.URL, "http://", "http://bot:not-a-real-password@", 1))
	t.Setenv("NO_PROXY", "direct.example")

	tr := must(t, Options{Origin: "https://tracker.example", CA: ca, Auth: Bearer("not-a-real-token")})
	client := http.Client{Transport: tr}
	for url, want := range map[string]string{"https://tracker.example/a": "by the service", "http://tracker.example/a": "by the proxy"} {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(resp.Body); string(body) != want {
			t.Errorf("%s: %q", url, body)
		}
	}
	all := strings.Join(*asked, "\n")
	if !strings.Contains(all, "CONNECT //tracker.example:443Basic ") || !strings.Contains(all, "GET http://tracker.example/a") || strings.Contains(all, "token") {
		t.Errorf("the proxy was asked:\n%s", all)
	}
	n := len(*asked)
	tr = must(t, Options{Origin: "http://direct.example", Attempts: 1})
	if _, err := (&http.Client{Transport: tr}).Get("http://direct.example/a"); err == nil || len(*asked) != n {
		t.Errorf("%v; NO_PROXY excepts this host", err)
	}
}

func TestAProxyThatRefusesIsToldApart(t *testing.T) {
	direct(t)
	for _, row := range []struct {
		env, url string
		refuse   int
		says     string
		attempts int
	}{
		{"HTTPS_PROXY", "https://tracker.example/a", 407, "the proxy answered 407 Proxy Authentication Required when asked to connect. Give the proxy's user and password in HTTPS_PROXY", 1},
		{"HTTPS_PROXY", "https://tracker.example/a", 403, "the proxy answered 403 Forbidden when asked to connect", 1},
		{"HTTPS_PROXY", "https://tracker.example/a", 502, "the proxy answered 502 Bad Gateway when asked to connect", 6},
		{"HTTP_PROXY", "http://tracker.example/a", 407, "a proxy in between answered 407 Proxy Authentication Required. Give", 1},
		{"HTTP_PROXY", "http://tracker.example/a", 0, "The proxy that HTTPS_PROXY or HTTP_PROXY names cannot be reached", 6},
	} {
		p, _ := proxy(t, origin, row.refuse)
		if row.refuse == 0 {
			p.Close()
		}
		t.Setenv(row.env, strings.Replace(p.URL, "http://", "http://bot:not-a-real-password@", 1))
		tr := must(t, Options{Pause: time.Millisecond})
		_, err := (&http.Client{Transport: tr}).Get(row.url)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), row.says) || e.Attempts != row.attempts || strings.Contains(err.Error(), "not-a-real-password") {
			t.Errorf("%d: %v; want %q after %d", row.refuse, err, row.says, row.attempts)
		}
		t.Setenv(row.env, "")
	}
	t.Setenv("HTTP_PROXY", "http://bot:not a real password@proxy:port:port")
	_, err := (&http.Client{Transport: must(t, Options{})}).Get("http://tracker.example/a")
	if err == nil || strings.Contains(err.Error(), "not a real password") || !strings.Contains(err.Error(), "Write HTTPS_PROXY and HTTP_PROXY as") {
		t.Error(err)
	}
}

func TestAHostThatIsUnknownIsAskedThreeTimes(t *testing.T) {
	m := &memory{answer: func(int, *http.Request) (answer, error) {
		return answer{}, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "tracker.example", IsNotFound: true}}
	}}
	tr := must(t, Options{Base: m, Pause: time.Millisecond})
	_, _, err := get(t, tr, "/a")
	if len(m.seen) != 3 || !strings.Contains(err.Error(), "spelt right") {
		t.Errorf("%v after %d", err, len(m.seen))
	}
}

func TestARedirectTakesNoTokenAway(t *testing.T) {
	var far, near []http.Header
	elsewhere, _ := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		far = append(far, r.Header.Clone())
		io.WriteString(w, "elsewhere")
	})
	srv, _ := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		near = append(near, r.Header.Clone())
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, elsewhere.URL+"/there", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusMovedPermanently)
		}
	})
	tr := must(t, Options{Origin: strings.ToUpper(srv.URL[:4]) + srv.URL[4:] + "/jira/", Auth: Bearer("not-a-real-token"), Agent: "firebreak/v0"})
	client := http.Client{Transport: tr}
	for _, path := range []string{"/away?jql=secret+project", "/moved"} {
		if _, err := client.Get(srv.URL + path); err != nil {
			t.Fatal(err)
		}
	}
	req, _ := http.NewRequest("GET", srv.URL+"/away", nil)
	if resp, err := tr.RoundTrip(req); err != nil || resp.StatusCode != 302 || resp.Header.Get("Location") == "" {
		t.Errorf("%v, %v: whether a redirect is followed is the caller's to say", resp, err)
	}
	if len(far) != 1 || len(near) != 4 {
		t.Fatal(len(far), len(near))
	}
	if far[0].Get("Authorization") != "" || far[0].Get("Referer") != "" || far[0].Get("User-Agent") != "firebreak/v0" {
		t.Errorf("elsewhere was told %v", far[0])
	}
	for _, h := range near {
		if h.Get("Authorization") != "Bearer not-a-real-token" {
			t.Errorf("the service itself was told %v", h)
		}
	}
}

func TestTheTokenIsForOneOriginOnly(t *testing.T) {
	for url, want := range map[string]bool{
		"https://tracker.example/a":          true,
		"https://tracker.example:443/a":      true,
		"https://TRACKER.example/a":          true,
		"http://tracker.example/a":           false,
		"http://tracker.example:443/a":       false,
		"https://tracker.example:8443/a":     false,
		"https://tracker.example.evil.test/": false,
		"https://x.tracker.example/":         false,
		"https://evil.test/?tracker.example": false,
	} {
		m := &memory{answer: then(fine)}
		tr := must(t, Options{Base: m, Origin: "https://tracker.example", Auth: Basic(" bot@acme.com", "not-a-real-token\n")})
		if _, err := (&http.Client{Transport: tr}).Get(url); err != nil {
			t.Fatal(err)
		}
		r := http.Request{Header: m.seen[0].header}
		user, token, ok := r.BasicAuth()
		if ok != want || ok && (user != "bot@acme.com" || token != "not-a-real-token") {
			t.Errorf("%s: %v", url, m.seen[0].header)
		}
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	_, ca := authority(t, time.Now().Add(time.Hour))
	bad := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("no certificate")})
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("not-a-real-key")})
	for says, o := range map[string]Options{
		"with http:// or https://":       {Origin: "tracker.example"},
		"no address of a service":        {Origin: "https:///jira"},
		"is no URL":                      {Origin: "https://bot:not-a-real-token@tracker example"},
		"a user or a password":           {Origin: "https://bot:not-a-real-token@tracker.example"},
		"no origin that it is for":       {Auth: Bearer("not-a-real-token")},
		"holds no certificate":           {CA: []byte("nothing")},
		"CA file holds no certificate":   {CA: key},
		"certificate 2 of the CA file":   {CA: append(append([]byte{}, ca...), bad...)},
		"are above 0":                    {Attempts: -1},
		"pace, timeout":                  {Pace: -1},
		"holds what no header can carry": {Agent: "fire\nbreak"},
	} {
		o.Service = "tickets"
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "tickets: ") || strings.Contains(err.Error(), "not-a-real") {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

func TestAnAddressThatCannotBeAskedIsAnErrorAtOnce(t *testing.T) {
	tr := must(t, Options{})
	for _, address := range []string{"ftp://tracker.example/a", "https:///a", "/a", ""} {
		u, _ := url.Parse(address)
		if address == "" {
			u = nil
		}
		_, err := tr.RoundTrip(&http.Request{Method: "GET", URL: u, Header: http.Header{}})
		var e *Error
		if !errors.As(err, &e) || e.Attempts != 0 || e.Remedy == "" {
			t.Errorf("%s: %v", address, err)
		}
	}
}
