package main

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// idleRun sends nothing by itself.
func idleRun(address netip.AddrPort, connections int) *run {
	o := order{Target: "http://" + address.String(), Path: "/work", address: address,
		KeepAliveConnections: connections, RequestTimeoutMillis: 20_000, ConnectTimeoutMillis: 20_000}
	return &run{order: o, requests: requestsFor(o), pool: &pool{want: connections}, began: time.Now(), finished: make(chan struct{})}
}

func (r *run) one(t *testing.T, k kind, m method) record {
	t.Helper()
	entry := record{kind: k, method: m, connectMicros: reusedConnection, servedBy: noName}
	if err := r.perform(&entry); err != nil {
		t.Fatal(err)
	}
	return entry
}

func TestWhatBecameOfARequest(t *testing.T) {
	for _, c := range []struct {
		name   string
		serve  func(*peer)
		want   outcome
		status uint16
	}{
		{"a whole answer", func(p *peer) { p.send(okAnswer) }, outcomeOK, 200},
		{"an answer in pieces", func(p *peer) {
			p.tcp.SetNoDelay(true)
			for _, b := range okAnswer {
				p.send(string(b))
			}
		}, outcomeOK, 200},
		{"chunks", func(p *peer) {
			p.send("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;note=x\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: yes\r\n\r\n")
		}, outcomeOK, 200},
		{"a word in between", func(p *peer) { p.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + okAnswer) }, outcomeOK, 200},
		{"no body at all", func(p *peer) { p.send("HTTP/1.1 204 No Content\r\n\r\n"); p.stay() }, outcomeOK, 204},
		{"a body that ends with the connection", func(p *peer) { p.send("HTTP/1.1 200 OK\r\n\r\nall of it") }, outcomeOK, 200},
		{"503", func(p *peer) { p.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n") }, outcomeStatus, 503},
		{"a redirect is not followed", func(p *peer) { p.send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n") }, outcomeStatus, 302},
		{"reset before the answer", func(p *peer) { p.reset() }, outcomeReset, 0},
		{"FIN before the answer", func(p *peer) {}, outcomeClosed, 0},
		{"FIN in the head", func(p *peer) { p.send("HTTP/1.1 200 OK\r\nContent-Le") }, outcomeClosed, 200},
		{"FIN in the body", func(p *peer) { p.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") }, outcomeClosed, 200},
		{"FIN in a chunk", func(p *peer) { p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf") }, outcomeClosed, 200},
		{"FIN before the last chunk", func(p *peer) { p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n") }, outcomeClosed, 200},
		{"not HTTP", func(p *peer) { p.send("SSH-2.0-x\r\n"); p.stay() }, outcomeMalformed, 0},
		{"a status in words", func(p *peer) { p.send("HTTP/1.1 OK 200\r\n\r\n"); p.stay() }, outcomeMalformed, 0},
		{"two lengths", func(p *peer) {
			p.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!")
			p.stay()
		}, outcomeMalformed, 200},
		{"a chunk that is too long", func(p *peer) {
			p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi!\r\n0\r\n\r\n")
			p.stay()
		}, outcomeMalformed, 200},
		{"a line without end", func(p *peer) { p.send("HTTP/1.1 200 " + strings.Repeat("x", 2*readBufferBytes)); p.stay() }, outcomeMalformed, 0},
	} {
		for _, k := range []kind{kindNew, kindKeepAlive} {
			t.Run(c.name+" on "+string(k), func(t *testing.T) {
				got := idleRun(listen(t, once(c.serve)), 1).one(t, k, methodPost)
				if got.outcome != c.want || got.httpStatus != c.status {
					t.Errorf("outcome %s with status %d, want %s with %d", got.outcome, got.httpStatus, c.want, c.status)
				}
				if got.requestOnConnection != 1 || got.connectMicros == reusedConnection || !got.localAddress.IsValid() {
					t.Errorf("%+v does not read like the first request of a connection", got)
				}
			})
		}
	}
}

func TestNeverAnswers(t *testing.T) {
	r := idleRun(listen(t, (*peer).stay), 1)
	r.order.RequestTimeoutMillis = 50
	if got := r.one(t, kindNew, methodGet); got.outcome != outcomeTimeout {
		t.Errorf("outcome %s, want timeout", got.outcome)
	}
}

func TestRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr).AddrPort()
	listener.Close()
	r := idleRun(address, 1)
	for _, k := range []kind{kindNew, kindKeepAlive} {
		got := r.one(t, k, methodGet)
		if got.outcome != outcomeRefused || got.connectMicros == reusedConnection || got.requestOnConnection != 1 {
			t.Errorf("%s: %+v, want refused at its connect", k, got)
		}
	}
	if r.pool.open != 0 {
		t.Errorf("the pool counts %d connections that were refused", r.pool.open)
	}
}

// A listener whose queue is full drops what comes, as a dead address does.
func TestConnectTimeout(t *testing.T) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	bound, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(bound.(*syscall.SockaddrInet4).Port))
	r := idleRun(address, 1)
	r.order.ConnectTimeoutMillis = 200
	for range 10 {
		held, err := net.DialTimeout("tcp", address.String(), 200*time.Millisecond)
		if err != nil {
			break
		}
		defer held.Close()
	}
	if got := r.one(t, kindNew, methodGet); got.outcome != outcomeConnectTimeout {
		t.Errorf("outcome %s, want connectTimeout", got.outcome)
	}
}

func TestConnectErrors(t *testing.T) {
	for errno, want := range map[syscall.Errno]outcome{
		syscall.EHOSTUNREACH: outcomeUnreachable, syscall.ENETUNREACH: outcomeUnreachable,
		syscall.ETIMEDOUT: outcomeConnectTimeout, syscall.ECONNRESET: outcomeReset,
	} {
		if got, err := outcomeOfConnect(&net.OpError{Op: "dial", Err: errno}); got != want || err != nil {
			t.Errorf("%v: %s (%v), want %s", errno, got, err, want)
		}
	}
	for _, errno := range []syscall.Errno{syscall.EADDRNOTAVAIL, syscall.EMFILE} {
		if got, err := outcomeOfConnect(&net.OpError{Op: "dial", Err: errno}); err == nil {
			t.Errorf("%v: blamed on the server as %s", errno, got)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	got := make(chan received, 4)
	r := idleRun(listen(t, func(p *peer) {
		for {
			request, ok := p.receive()
			if !ok {
				return
			}
			got <- request
			p.send(okAnswer)
		}
	}), 1)

	entry := r.one(t, kindNew, methodPost)
	request := <-got
	if request.line != "POST /work HTTP/1.1" || request.body != postBody || request.headers["Connection"] != "close" || request.headers["Host"] != r.order.address.String() {
		t.Errorf("sent %+v", request)
	}
	if entry.servedBy.Value() != "pod-1" {
		t.Errorf("served by %q", entry.servedBy.Value())
	}
	r.one(t, kindKeepAlive, methodGet)
	request = <-got
	if request.line != "GET /work HTTP/1.1" || request.body != "" || request.headers["Connection"] == "close" {
		t.Errorf("sent %+v", request)
	}
}

func TestKeptConnectionIsReused(t *testing.T) {
	r := idleRun(listen(t, answering(okAnswer)), 1)
	r.one(t, kindKeepAlive, methodPost)
	got := r.one(t, kindKeepAlive, methodPost)
	if got.outcome != outcomeOK || got.requestOnConnection != 2 || got.connectMicros != reusedConnection {
		t.Errorf("%+v, want the second request of a kept connection", got)
	}
}

func TestRequestsAreSpreadOverTheWantedConnections(t *testing.T) {
	r := idleRun(listen(t, answering(okAnswer)), 3)
	var used []netip.AddrPort
	for range 6 {
		used = append(used, r.one(t, kindKeepAlive, methodGet).localAddress)
	}
	if used[0] == used[1] || used[1] == used[2] || used[0] == used[2] {
		t.Errorf("the first three requests shared connections: %v", used)
	}
	for i := range 3 {
		if used[i] != used[i+3] {
			t.Errorf("requests %d and %d used %v and %v, want the same", i, i+3, used[i], used[i+3])
		}
	}
}

func TestOneMoreConnectionWhenNoneIsIdle(t *testing.T) {
	busy, release := make(chan struct{}), make(chan struct{})
	r := idleRun(listen(t, once(func(p *peer) {
		close(busy)
		<-release
		p.send(okAnswer)
		p.stay()
	}), answering(okAnswer)), 1)
	first := make(chan record)
	go func() { first <- r.one(t, kindKeepAlive, methodGet) }()
	<-busy
	if got := r.one(t, kindKeepAlive, methodGet); got.outcome != outcomeOK || got.requestOnConnection != 1 {
		t.Errorf("%+v, want an answer on a connection of its own", got)
	}
	close(release)
	if got := <-first; got.outcome != outcomeOK {
		t.Errorf("%+v, want ok", got)
	}
}

func TestConnectionCloseIsHonoured(t *testing.T) {
	for _, header := range []string{"Connection: close", "connection: Keep-Alive, Close"} {
		t.Run(header, func(t *testing.T) {
			r := idleRun(listen(t, answering("HTTP/1.1 200 OK\r\n"+header+"\r\nContent-Length: 0\r\n\r\n")), 1)
			for range 2 {
				if got := r.one(t, kindKeepAlive, methodPost); got.outcome != outcomeOK || got.requestOnConnection != 1 {
					t.Errorf("%+v, want a connection of its own", got)
				}
			}
		})
	}
}

func TestAnIdleConnectionThatTheServerEndsIsNoFailure(t *testing.T) {
	for name, end := range map[string]func(*peer){
		"FIN":                         func(p *peer) { p.tcp.CloseWrite(); p.stay() },
		"reset":                       func(p *peer) { p.reset() },
		"bytes that nobody asked for": func(p *peer) { p.send("HTTP/1.1 408 Request Timeout\r\n\r\n"); p.stay() },
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(chan struct{})
			r := idleRun(listen(t, once(func(p *peer) {
				p.send(okAnswer)
				<-seen
				end(p)
			}), answering(okAnswer)), 1)
			r.one(t, kindKeepAlive, methodPost)
			idle := r.pool.idle[0]
			if !idle.quiet() {
				t.Fatal("a connection that is open was taken for ended")
			}
			close(seen)
			for idle.quiet() {
				time.Sleep(time.Millisecond)
			}
			got := r.one(t, kindKeepAlive, methodPost)
			if got.outcome != outcomeOK || got.requestOnConnection != 1 {
				t.Errorf("%+v, want ok on a fresh connection", got)
			}
			if r.pool.open != 1 {
				t.Errorf("the pool counts %d open connections, want 1", r.pool.open)
			}
		})
	}
}

func TestSweepLetsGoOfWhatTheServerEnded(t *testing.T) {
	clientGone := make(chan struct{})
	r := idleRun(listen(t, once(func(p *peer) {
		p.send(okAnswer)
		p.tcp.CloseWrite()
		p.stay()
		close(clientGone)
	})), 1)
	r.one(t, kindKeepAlive, methodGet)
	for len(r.pool.idle) > 0 {
		r.pool.sweep()
	}
	<-clientGone
	if r.pool.open != 0 {
		t.Errorf("the pool counts %d open connections, want none", r.pool.open)
	}
}

func TestAConnectionEndedUnderARequestIsAFailure(t *testing.T) {
	for want, end := range map[outcome]func(*peer){
		outcomeClosed: func(p *peer) {},
		outcomeReset:  func(p *peer) { p.reset() },
	} {
		t.Run(string(want), func(t *testing.T) {
			r := idleRun(listen(t, once(func(p *peer) {
				p.send(okAnswer)
				if _, ok := p.receive(); ok {
					end(p)
				}
			}), answering(okAnswer)), 1)
			r.one(t, kindKeepAlive, methodGet)
			got := r.one(t, kindKeepAlive, methodGet)
			if got.outcome != want || got.requestOnConnection != 2 {
				t.Errorf("%+v, want %s on the second request, and no second try", got, want)
			}
		})
	}
}

func TestRequestsGoOnWhileTheServerStalls(t *testing.T) {
	const stalled = 40
	release := make(chan struct{})
	var arrived sync.WaitGroup
	arrived.Add(stalled)
	var mu sync.Mutex
	count := 0
	address := listen(t, once(func(p *peer) {
		mu.Lock()
		if count++; count <= stalled {
			arrived.Done()
		}
		mu.Unlock()
		<-release
		p.send(okAnswer)
	}))
	r := startRun(order{Target: "http://" + address.String(), Path: "/work", address: address, NewPerSecond: 100, KeepAlivePerSecond: 100,
		KeepAliveConnections: 2, RequestTimeoutMillis: 60_000, ConnectTimeoutMillis: 60_000, MaxSeconds: 60})
	// None of them is answered before all of them have come.
	arrived.Wait()
	if got := r.ledger.summarize(); got.Requests != 0 {
		t.Errorf("%d requests ended while the server stalled", got.Requests)
	}
	close(release)
	r.stop()
	<-r.finished
	if got := r.ledger.summarize(); got.Failed != 0 || got.Requests < stalled {
		t.Errorf("%+v, want at least %d requests and none failed", got, stalled)
	}
}
