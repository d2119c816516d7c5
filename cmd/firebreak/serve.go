package main

// Serving the wiki on loopback, for a look at it.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// serve serves dir on a loopback address until ctx is done.
func serve(ctx context.Context, dir, addr string, out io.Writer) error {
	if err := loopback(addr); err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("serve on %s: %w; choose another address with --addr, 127.0.0.1:0 takes any free port", addr, err)
	}
	fmt.Fprintf(out, "serving %s on http://%s/ (stop with Ctrl-C)\n", dir, l.Addr())
	s := &http.Server{Handler: http.FileServer(http.Dir(dir)), ReadHeaderTimeout: 5 * time.Second}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := s.Shutdown(end); errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	} else if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// loopback refuses addresses that others could reach: a wiki is the team's own.
func loopback(addr string) error {
	if host, _, err := net.SplitHostPort(addr); err != nil || host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return usage("--addr %s: only loopback addresses are served, such as 127.0.0.1:8080; publish the wiki with your CI instead", addr)
	}
	return nil
}
