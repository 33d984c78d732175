package main

import (
	"sync"
	"time"
)

// maxIdle is longer than the idle limit of nearly every server, so that it is the server who lets go, as with real clients.
const maxIdle = 75 * time.Second

// pool keeps the persistent connections. It opens none ahead of a request: a connection that never carried one is kept open by
// some servers for ever, and would make a good app look bad.
type pool struct {
	want int // connections to spread over, as long as they last

	mu   sync.Mutex
	idle []*connection // the longest idle first
	open int           // idle or busy
}

// take gives the connection that has been idle longest, so that requests are spread evenly, or nil: then the caller dials
// one, and calls put() or gone() for it in the end.
func (p *pool) take() *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.open >= p.want && len(p.idle) > 0 {
		c := p.idle[0]
		p.idle[0] = nil
		p.idle = p.idle[1:]
		if c.quiet() {
			return c
		}
		c.close()
		p.open--
	}
	p.open++
	return nil
}

func (p *pool) put(c *connection) {
	c.lastUsed = time.Now()
	p.mu.Lock()
	p.idle = append(p.idle, c)
	p.mu.Unlock()
}

// gone tells that a connection that was taken will not come back.
func (p *pool) gone() {
	p.mu.Lock()
	p.open--
	p.mu.Unlock()
}

// sweep lets go of what the server closed, as some servers wait for that before they end.
func (p *pool) sweep() {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.idle[:0]
	for _, c := range p.idle {
		if now.Sub(c.lastUsed) < maxIdle && c.quiet() {
			kept = append(kept, c)
		} else {
			c.close()
			p.open--
		}
	}
	clear(p.idle[len(kept):])
	p.idle = kept
}

func (p *pool) closeIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
		p.open--
	}
	p.idle = nil
}
