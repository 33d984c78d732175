package main

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"
)

const okAnswer = "HTTP/1.1 200 OK\r\nServed-By: pod-1\r\nContent-Length: 2\r\n\r\nhi"

// peer is the server's side of one connection, in a test's own hands.
type peer struct {
	t      *testing.T
	tcp    *net.TCPConn
	reader *bufio.Reader
}

// listen serves each connection with the next of the scripts, and the last one for all that follow.
func listen(t *testing.T, scripts ...func(*peer)) netip.AddrPort {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for i := 0; ; i++ {
			accepted, err := listener.Accept()
			if err != nil {
				return
			}
			script := scripts[min(i, len(scripts)-1)]
			go func() {
				defer accepted.Close()
				script(&peer{t: t, tcp: accepted.(*net.TCPConn), reader: bufio.NewReader(accepted)})
			}()
		}
	}()
	return listener.Addr().(*net.TCPAddr).AddrPort()
}

type received struct {
	line    string
	headers map[string]string
	body    string
}

// receive reads one whole request; ok is false when the client has gone.
func (p *peer) receive() (r received, ok bool) {
	r.headers = map[string]string{}
	for first := true; ; first = false {
		line, err := p.reader.ReadString('\n')
		if err != nil {
			return r, false
		}
		line = strings.TrimSuffix(line, "\r\n")
		if first {
			r.line = line
			continue
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ": ")
		r.headers[name] = value
	}
	length, _ := strconv.Atoi(r.headers["Content-Length"])
	body := make([]byte, length)
	for read := 0; read < length; {
		n, err := p.reader.Read(body[read:])
		if err != nil {
			return r, false
		}
		read += n
	}
	r.body = string(body)
	return r, true
}

func (p *peer) send(text string) { p.tcp.Write([]byte(text)) }

func (p *peer) reset() {
	p.tcp.SetLinger(0)
	p.tcp.Close()
}

// stay keeps the connection open until the client goes.
func (p *peer) stay() { io.Copy(io.Discard, p.reader) }

// answering gives one answer to each request for as long as the client stays.
func answering(text string) func(*peer) {
	return func(p *peer) {
		for {
			if _, ok := p.receive(); !ok {
				return
			}
			p.send(text)
		}
	}
}

// once serves the first request only.
func once(serve func(*peer)) func(*peer) {
	return func(p *peer) {
		if _, ok := p.receive(); ok {
			serve(p)
		}
	}
}
