package main

import (
	"bufio"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// The client against the real app on loopback: whoever fails here would blame a rollout for failures of its own making.
func TestNoFailuresAgainstTheAppAtRest(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("needs node on the PATH")
	}
	app := exec.Command(node, "../apps/server.js")
	app.Env = append(os.Environ(), "APP_ID=b04d", "PORT=0")
	app.Stderr = os.Stderr
	stdout, err := app.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Start(); err != nil {
		t.Fatal(err)
	}
	defer app.Wait()
	defer app.Process.Kill()
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	port, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !found {
		t.Fatalf("the app began with %q (%v)", line, err)
	}
	// Unread, its access log would make it wait for us.
	go io.Copy(io.Discard, lines)

	address := netip.MustParseAddrPort("127.0.0.1:" + port)
	r := startRun(order{Target: "http://" + address.String(), Path: "/work", address: address, NewPerSecond: 150, KeepAlivePerSecond: 150,
		KeepAliveConnections: 8, RequestTimeoutMillis: 10_000, ConnectTimeoutMillis: 3_000, MaxSeconds: 3, Seed: uint64(time.Now().UnixNano())})
	<-r.finished
	got := r.ledger.summarize()
	t.Logf("%d requests, at most %d µs late", got.Requests, got.MaxLateMicros)
	if reason := r.spoilt.Load(); reason != nil {
		t.Fatal(*reason)
	}
	if got.Failed != 0 || got.Kinds[kindNew] == nil || got.Kinds[kindKeepAlive] == nil {
		r.ledger.writeLog(os.Stderr)
		t.Errorf("%+v, want requests of both kinds and none failed", got)
	}
}
