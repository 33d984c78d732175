package main

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hi")) }))
	defer server.Close()
	r := secureRun(netip.MustParseAddrPort(server.Listener.Addr().String()))
	defer r.pool.closeIdle()
	if got := r.one(t, kindNew, methodPost); got.outcome != outcomeOK || got.httpStatus != 200 {
		t.Errorf("a new connection: %+v", got)
	}
	r.one(t, kindKeepAlive, methodGet)
	if got := r.one(t, kindKeepAlive, methodGet); got.outcome != outcomeOK || got.requestOnConnection != 2 {
		t.Errorf("a connection that is used again: %+v", got)
	}
}

func TestHandshakesThatFail(t *testing.T) {
	for _, c := range []struct {
		name  string
		serve func(*peer)
		want  outcome
	}{
		// The reader takes all of the greeting at once; had it left some, the FIN would be a reset.
		{"FIN", func(p *peer) { p.reader.ReadByte() }, outcomeClosed},
		{"reset", func(p *peer) { p.reader.ReadByte(); p.reset() }, outcomeReset},
		{"no TLS", func(p *peer) { p.send("HTTP/1.1 400 Bad Request\r\n\r\n"); p.stay() }, outcomeMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := secureRun(listen(t, c.serve)).one(t, kindNew, methodGet)
			if got.outcome != c.want {
				t.Errorf("%s, want %s", got.outcome, c.want)
			}
		})
	}
}

func secureRun(address netip.AddrPort) *run {
	r := idleRun(address, 1)
	r.order.Target = strings.Replace(r.order.Target, "http:", "https:", 1)
	return r
}
