package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unique"
)

const (
	maxHeaderLines  = 128
	maxBodyBytes    = 16 * 1024 * 1024
	maxNameBytes    = 253
	readBufferBytes = 4 * 1024 // also the longest header line that is read
)

var errMalformed = errors.New("malformed answer")

// noName is what an answer without Served-By carries. A zero Handle cannot be read.
var noName = unique.Make("")

// answer is a complete answer; an incomplete one is an error.
type answer struct {
	status   uint16
	servedBy unique.Handle[string]
	reusable bool // by HTTP, the connection may carry another request
}

func malformed(what string) error { return fmt.Errorf("%w: %s", errMalformed, what) }

// readAnswer reads one final answer. The standard client would hide what this one is for: it sends a request again when
// a reused connection fails. io.EOF and io.ErrUnexpectedEOF mean that the server ended the connection.
func readAnswer(from *bufio.Reader) (answer, error) {
	for {
		a, err := readOne(from)
		if err != nil {
			return a, err
		}
		if a.status >= 200 {
			return a, nil
		}
		if a.status == 101 {
			return a, malformed("it switches protocols, which nobody asked for")
		}
	}
}

type framing struct {
	length  int64 // -1: not given
	chunked bool
}

func readOne(from *bufio.Reader) (answer, error) {
	a := answer{servedBy: noName}
	line, err := readLine(from)
	if err != nil {
		return a, err
	}
	if a.status, a.reusable, err = parseStatusLine(line); err != nil {
		return a, err
	}
	body := framing{length: -1}
	for range maxHeaderLines {
		if line, err = readLine(from); err != nil {
			return a, err
		}
		if len(line) == 0 {
			return a, a.readBody(from, body)
		}
		if err := a.parseHeader(line, &body); err != nil {
			return a, err
		}
	}
	return a, malformed("too many header lines")
}

func readLine(from *bufio.Reader) ([]byte, error) {
	line, err := from.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, malformed("a line is too long")
	}
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'}), nil
}

// parseStatusLine calls only HTTP/1.1 persistent: a server of 1.0 that would stay is let go, which costs a connect and no truth.
func parseStatusLine(line []byte) (status uint16, persistent bool, err error) {
	rest, isHTTP11 := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !isHTTP11 {
		var isHTTP10 bool
		if rest, isHTTP10 = bytes.CutPrefix(line, []byte("HTTP/1.0 ")); !isHTTP10 {
			return 0, false, malformed("it does not begin like HTTP/1")
		}
	}
	if len(rest) < 3 || (len(rest) > 3 && rest[3] != ' ') {
		return 0, false, malformed("its status is not three digits")
	}
	code, err := strconv.ParseUint(string(rest[:3]), 10, 16)
	if err != nil || code < 100 {
		return 0, false, malformed("its status is not three digits")
	}
	return uint16(code), isHTTP11, nil
}

func (a *answer) parseHeader(line []byte, body *framing) error {
	name, value, found := bytes.Cut(line, []byte{':'})
	if !found || len(name) == 0 || bytes.ContainsAny(name, " \t") {
		return malformed("a header line has no name")
	}
	value = bytes.Trim(value, " \t")
	switch {
	case equalName(name, "Content-Length"):
		length, err := strconv.ParseUint(string(value), 10, 63)
		if err != nil || (body.length >= 0 && body.length != int64(length)) {
			return malformed("its Content-Length is no number, or two of them")
		}
		body.length = int64(length)
	case equalName(name, "Transfer-Encoding"):
		if !equalName(value, "chunked") {
			return malformed("its Transfer-Encoding is not chunked")
		}
		body.chunked = true
	case equalName(name, "Connection"):
		for token := range bytes.SplitSeq(value, []byte{','}) {
			if equalName(bytes.TrimSpace(token), "close") {
				a.reusable = false
			}
		}
	case equalName(name, "Served-By"):
		a.servedBy = unique.Make(printable(value))
	}
	return nil
}

func equalName(name []byte, want string) bool {
	return len(name) == len(want) && bytes.EqualFold(name, []byte(want))
}

// printable keeps a server's name from breaking the columns of the log.
func printable(value []byte) string {
	name := bytes.Clone(value[:min(len(value), maxNameBytes)])
	for i, b := range name {
		if b <= ' ' || b >= 0x7f {
			name[i] = '?'
		}
	}
	return string(name)
}

func (a *answer) readBody(from *bufio.Reader, body framing) error {
	switch {
	case a.status < 200 || a.status == 204 || a.status == 304:
		return nil
	case body.chunked:
		return discardChunks(from)
	case body.length >= 0:
		return discard(from, body.length)
	default:
		// Without a length the end of the connection is the end of the answer, by design and not by accident.
		a.reusable = false
		read, err := io.Copy(io.Discard, io.LimitReader(from, maxBodyBytes+1))
		if err == nil && read > maxBodyBytes {
			return malformed("its body is too long")
		}
		return err
	}
}

func discard(from *bufio.Reader, count int64) error {
	if count > maxBodyBytes {
		return malformed("its body is too long")
	}
	_, err := from.Discard(int(count))
	return err
}

func discardChunks(from *bufio.Reader) error {
	for left := int64(maxBodyBytes); ; {
		line, err := readLine(from)
		if err != nil {
			return err
		}
		digits, _, _ := bytes.Cut(line, []byte{';'})
		size, err := strconv.ParseUint(string(bytes.TrimSpace(digits)), 16, 63)
		if err != nil || size > math.MaxInt32 {
			return malformed("a chunk has no size")
		}
		if size == 0 {
			return discardTrailers(from)
		}
		if left -= int64(size); left < 0 {
			return malformed("its body is too long")
		}
		if err := discard(from, int64(size)); err != nil {
			return err
		}
		if line, err = readLine(from); err != nil {
			return err
		}
		if len(line) != 0 {
			return malformed("a chunk is longer than it says")
		}
	}
}

func discardTrailers(from *bufio.Reader) error {
	for range maxHeaderLines {
		line, err := readLine(from)
		if err != nil || len(line) == 0 {
			return err
		}
	}
	return malformed("too many trailer lines")
}
