package main

import (
	"math/rand/v2"
	"time"
)

// schedule says when requests are due and with which method. It depends on the order alone, never on an answer.
type schedule struct {
	interval time.Duration
	phase    time.Duration
	due      int64
	random   *rand.Rand
	second   method // of the pair that was begun
}

// stream keeps the two kinds of one seed apart.
func newSchedule(perSecond float64, seed, stream uint64) *schedule {
	s := &schedule{interval: time.Duration(float64(time.Second) / perSecond), random: rand.New(rand.NewPCG(seed, stream))}
	// Several clients with a seed each do not send in step.
	s.phase = time.Duration(s.random.Int64N(int64(s.interval)))
	return s
}

// next gives the time of the next request since the start of the run. The jitter is at most half an interval, so that the
// order is kept and no two requests of a kind are due together.
func (s *schedule) next() (time.Duration, method) {
	at := s.phase + time.Duration(s.due)*s.interval + time.Duration(s.random.Int64N(int64(s.interval)/2+1))
	s.due++
	return at, s.nextMethod()
}

// nextMethod draws in pairs, one GET and one POST in either order: half of each, and not in step with the connections.
func (s *schedule) nextMethod() method {
	if m := s.second; m != "" {
		s.second = ""
		return m
	}
	first, second := methodGet, methodPost
	if s.random.IntN(2) == 0 {
		first, second = second, first
	}
	s.second = second
	return first
}
