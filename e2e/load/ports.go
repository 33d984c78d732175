package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
)

const (
	portRangeFile = "/proc/sys/net/ipv4/ip_local_port_range"
	// A port that another socket of this pod holds is passed over; so many in a row are no accident.
	maxPortsTaken = 256
)

// ports hands out the local ports one after the other, so that each comes back as late as it can.
//
// The kernel's own choice brings a port back after half a minute at 90 connections a second. A node remembers for two
// minutes to which pod it sent the connection from an address and port (nf_conntrack: SYN_SENT, FIN_WAIT, TIME_WAIT), and
// where that pod went away without a word, it sends the next connection from there to the same address, where nobody is.
// The client would blame the later rollout for that, and each try would make the node remember for two minutes more. Going
// through all 28,000 takes more than two minutes up to 235 connections a second.
type ports struct {
	mu         sync.Mutex
	first, end int // end is not handed out
	next       int
}

// localPorts is shared by all runs of this program: what one has used is as stale for the next.
var localPorts = sync.OnceValue(func() *ports {
	text, err := os.ReadFile(portRangeFile)
	if err != nil {
		text = []byte("32768 60999") // Linux' own
	}
	return portsOf(string(text))
})

func portsOf(text string) *ports {
	p := &ports{}
	var last int
	if n, _ := fmt.Sscan(text, &p.first, &last); n != 2 || p.first < 1 || last < p.first {
		p.first, last = 32768, 60999
	}
	p.end = last + 1
	// A pod may get the address that another has just had.
	p.next = p.first + rand.IntN(p.end-p.first)
	return p
}

func (p *ports) take() uint16 {
	p.mu.Lock()
	defer p.mu.Unlock()
	port := p.next
	if p.next++; p.next == p.end {
		p.next = p.first
	}
	return uint16(port)
}
