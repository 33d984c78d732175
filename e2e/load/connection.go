package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// connection is one TCP connection to the target, with or without TLS, used by one request at a time.
type connection struct {
	stream   net.Conn
	raw      syscall.RawConn
	reader   *bufio.Reader
	local    netip.AddrPort
	requests uint32
	lastUsed time.Time
}

var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, readBufferBytes) }}

// dial connects, and with TLS shakes hands within the same time.
func dial(ctx context.Context, address netip.AddrPort, secure bool, timeout time.Duration) (*connection, error) {
	// TCP's own probes would wake idle connections that we look at ourselves.
	dialer := net.Dialer{KeepAlive: -1}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tcp, err := dialFromNextPort(ctx, dialer, address)
	if err != nil {
		return nil, err
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		tcp.Close()
		return nil, err
	}
	var stream net.Conn = tcp
	if secure {
		// Like the kubelet: who the server is, is not the question.
		shaken := tls.Client(tcp, &tls.Config{InsecureSkipVerify: true})
		if err := shaken.HandshakeContext(ctx); err != nil {
			tcp.Close()
			return nil, err
		}
		stream = shaken
	}
	reader := readers.Get().(*bufio.Reader)
	reader.Reset(stream)
	local := tcp.LocalAddr().(*net.TCPAddr).AddrPort()
	return &connection{stream: stream, raw: raw, reader: reader, local: netip.AddrPortFrom(local.Addr().Unmap(), local.Port())}, nil
}

func dialFromNextPort(ctx context.Context, dialer net.Dialer, address netip.AddrPort) (*net.TCPConn, error) {
	local := netip.IPv4Unspecified()
	if address.Addr().Is6() {
		local = netip.IPv6Unspecified()
	}
	for taken := 0; ; taken++ {
		tcp, err := dialer.DialTCP(ctx, "tcp", netip.AddrPortFrom(local, localPorts().take()), address)
		if taken < maxPortsTaken && (errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EADDRNOTAVAIL)) {
			continue
		}
		return tcp, err
	}
}

func (c *connection) close() {
	c.stream.Close()
	c.reader.Reset(nil)
	readers.Put(c.reader)
	c.reader = nil
}

// quiet tells whether the server has left this idle connection open and said nothing on it. Anything else (FIN, RST, bytes
// that nobody asked for) ends it, and since nothing had been written, no request is lost by that.
func (c *connection) quiet() bool {
	var peeked error
	err := c.raw.Control(func(fd uintptr) {
		var one [1]byte
		_, _, peeked = syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return err == nil && errors.Is(peeked, syscall.EAGAIN)
}

// exchange sends a request once and reads its answer.
func (c *connection) exchange(request []byte, timeout time.Duration) (answer, error) {
	c.requests++
	c.stream.SetDeadline(time.Now().Add(timeout))
	_, writeErr := c.stream.Write(request)
	// A server may answer and close without having read all: the answer counts, if it is there.
	a, err := readAnswer(c.reader)
	if err != nil && writeErr != nil {
		err = writeErr
	}
	// Bytes after the end of an answer belong to no request.
	if c.reader.Buffered() > 0 {
		a.reusable = false
	}
	return a, err
}

// errOurs marks an error that says nothing about the server.
var errOurs = errors.New("this client's own failure")

func ours(err error) error { return errors.Join(errOurs, err) }

func outcomeOfConnect(err error) (outcome, error) {
	switch {
	case err == nil:
		return outcomeOK, nil
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT), isTimeout(err):
		return outcomeConnectTimeout, nil
	case errors.Is(err, syscall.ECONNREFUSED):
		return outcomeRefused, nil
	case errors.Is(err, syscall.ECONNRESET):
		return outcomeReset, nil
	// Only a handshake can end so: a connection that stands is no failure yet.
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE):
		return outcomeClosed, nil
	case isNoTLS(err):
		return outcomeMalformed, nil
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTDOWN), errors.Is(err, syscall.ENETDOWN):
		return outcomeUnreachable, nil
	default:
		return "", ours(err)
	}
}

func outcomeOfExchange(a answer, err error) (outcome, error) {
	switch {
	case err == nil && a.status >= 200 && a.status < 300:
		return outcomeOK, nil
	case err == nil:
		return outcomeStatus, nil
	case errors.Is(err, errMalformed):
		return outcomeMalformed, nil
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		return outcomeTimeout, nil
	case errors.Is(err, syscall.ECONNRESET):
		return outcomeReset, nil
	// EPIPE is what the kernel says of a reset that came after the server's FIN: the FIN was its word.
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE):
		return outcomeClosed, nil
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return outcomeUnreachable, nil
	default:
		return "", ours(err)
	}
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

func isNoTLS(err error) bool {
	var header tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &header) || errors.As(err, &alert)
}
