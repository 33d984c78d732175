package main

import (
	"testing"
	"time"
)

func TestScheduleIsEvenAndItsOwn(t *testing.T) {
	const perSecond, interval = 50, 20 * time.Millisecond
	s, same, other := newSchedule(perSecond, 7, 0), newSchedule(perSecond, 7, 0), newSchedule(perSecond, 8, 0)
	methods := map[method]int{}
	differs := false
	for i := range 1000 {
		at, m := s.next()
		if again, n := same.next(); again != at || n != m {
			t.Fatalf("request %d: the same seed gives %v %s and %v %s", i, at, m, again, n)
		}
		if elsewhere, _ := other.next(); elsewhere != at {
			differs = true
		}
		if slot := s.phase + time.Duration(i)*interval; at < slot || at > slot+interval/2 {
			t.Fatalf("request %d is due at %v, not within half an interval of %v", i, at, slot)
		}
		methods[m]++
	}
	if !differs {
		t.Error("another seed gives the same schedule")
	}
	if methods[methodGet] != 500 || methods[methodPost] != 500 {
		t.Errorf("methods %v, want half of each", methods)
	}
}
