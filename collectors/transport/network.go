package transport

// The network itself: proxies of the environment, and whose certificates are trusted.

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// network carries attempts over HTTP/1.1 and HTTP/2. The whole of an attempt has a time limit, so that
// only what should be far shorter has one of its own here.
func network(pool *x509.CertPool) http.RoundTripper {
	// Read here and not, as http.ProxyFromEnvironment does, once in the life of the process.
	env := httpproxy.FromEnvironment()
	proxy := env.ProxyFunc()
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			u, err := proxy(r.URL)
			if u != nil {
				// What httpproxy cannot read it reads again as a mere host, and so an address with a blank
				// in its password as the host "http".
				raw := env.HTTPProxy
				if r.URL.Scheme == "https" {
					raw = env.HTTPSProxy
				}
				if strings.Contains(raw, "://") {
					_, err = url.Parse(raw)
				}
			}
			if err != nil {
				return nil, errProxy // the error itself quotes the address, which may hold a password
			}
			return u, nil
		},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			if resp.StatusCode != http.StatusOK {
				return proxied{resp.StatusCode}
			}
			return nil
		},
		DialContext:            (&net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    15 * time.Second,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		ForceAttemptHTTP2:      true,
		// Without these a connection that died in silence is used for every further attempt.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 15 * time.Second},
	}
}

// authorities are the system's and those of a PEM file; nil is the system's alone.
func authorities(file []byte) (*x509.CertPool, error) {
	if file == nil {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any; the file's are trusted all the same
	}
	n := 0
	for block, rest := pem.Decode(file); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d of the CA file cannot be read: %w", n+1, err)
		}
		pool.AddCert(cert)
		n++
	}
	if n == 0 {
		return nil, errors.New("the CA file holds no certificate; it is to be PEM, with -----BEGIN CERTIFICATE-----")
	}
	return pool, nil
}
