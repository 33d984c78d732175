package main

import (
	"context"
	"maps"
	"sync"
)

type fault string

const (
	faultNone  fault = ""
	faultCut   fault = "cut"
	faultStall fault = "stall"
)

// sabotage knows which resources suffer from which fault, and every watch that is open.
type sabotage struct {
	mu       sync.Mutex
	faults   map[string]fault
	changed  chan struct{} // closed and replaced with every change
	watches  map[string]map[*watch]struct{}
	requests map[string]map[string]int
}

// watch is one that is open, or hangs before it opens.
type watch struct{ end context.CancelFunc }

func newSabotage() *sabotage {
	return &sabotage{faults: map[string]fault{}, changed: make(chan struct{}),
		watches: map[string]map[*watch]struct{}{}, requests: map[string]map[string]int{}}
}

func (s *sabotage) set(resource string, f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f == faultNone {
		delete(s.faults, resource)
	} else {
		s.faults[resource] = f
	}
	if f == faultCut {
		for w := range s.watches[resource] {
			w.end()
		}
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// admit counts a request and tells whether it may go on.
func (s *sabotage) admit(r apiRequest) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.requests[r.verb] == nil {
		s.requests[r.verb] = map[string]int{}
	}
	s.requests[r.verb][r.resource]++
	return s.faults[r.resource] != faultCut || (r.verb != "list" && r.verb != "watch")
}

// open registers a watch; a cut ends its context. The cut that came between admit and open counts too: ok is false then.
func (s *sabotage) open(ctx context.Context, resource string) (_ context.Context, done func(), ok bool) {
	ctx, end := context.WithCancel(ctx)
	w := &watch{end: end}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults[resource] == faultCut {
		end()
		return ctx, end, false
	}
	if s.watches[resource] == nil {
		s.watches[resource] = map[*watch]struct{}{}
	}
	s.watches[resource][w] = struct{}{}
	return ctx, func() {
		end()
		s.mu.Lock()
		delete(s.watches[resource], w)
		s.mu.Unlock()
	}, true
}

// pass comes back when the resource is not stalled, or with the context's error.
func (s *sabotage) pass(ctx context.Context, resource string) error {
	for {
		s.mu.Lock()
		stalled, changed := s.faults[resource] == faultStall, s.changed
		s.mu.Unlock()
		if err := ctx.Err(); err != nil || !stalled {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

type counts struct {
	Requests    map[string]map[string]int `json:"requests"`
	WatchesOpen map[string]int            `json:"watchesOpen"`
	Faults      map[string]fault          `json:"faults"`
}

func (s *sabotage) counts() counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := counts{Requests: map[string]map[string]int{}, WatchesOpen: map[string]int{}, Faults: maps.Clone(s.faults)}
	for verb, of := range s.requests {
		c.Requests[verb] = maps.Clone(of)
	}
	for resource, watches := range s.watches {
		if open := len(watches); open > 0 {
			c.WatchesOpen[resource] = open
		}
	}
	return c
}
