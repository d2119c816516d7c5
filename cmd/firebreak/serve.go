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
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("serve on %s: %w; choose another address with --addr, 127.0.0.1:0 takes any free port", addr, err)
	}
	if host, _, _ := net.SplitHostPort(l.Addr().String()); !net.ParseIP(host).IsLoopback() {
		l.Close()
		return fmt.Errorf("serve on %s: only loopback addresses are served, since a wiki is the team's own; publish it with your CI instead", addr)
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
	if err := s.Shutdown(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
