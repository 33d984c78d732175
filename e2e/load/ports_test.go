package main

import (
	"net"
	"strconv"
	"testing"
)

func TestEachPortComesBackOnlyAfterAllOthers(t *testing.T) {
	p := portsOf("100\t104\n")
	var round []uint16
	for range 10 {
		round = append(round, p.take())
	}
	seen := map[uint16]bool{}
	for i, port := range round[:5] {
		seen[port] = true
		if again := round[i+5]; again != port {
			t.Errorf("port %d comes back as %d, want the same order again", port, again)
		}
	}
	for port := uint16(100); port <= 104; port++ {
		if !seen[port] {
			t.Errorf("port %d is not among %v", port, round[:5])
		}
	}
}

func TestARangeThatIsNoneIsLinuxsOwn(t *testing.T) {
	for _, text := range []string{"", "x y", "5 4", "0 10"} {
		if p := portsOf(text); p.first != 32768 || p.end != 61000 {
			t.Errorf("%q: from %d to before %d", text, p.first, p.end)
		}
	}
}

func TestConnectionsWalkThroughThePortsPastThoseThatAreTaken(t *testing.T) {
	r := idleRun(listen(t, answering(okAnswer)), 1)
	first := r.one(t, kindNew, methodGet)
	// Whoever listens on the next port has it.
	taken, err := net.Listen("tcp", ":"+strconv.Itoa(int(first.localAddress.Port())+1))
	if err != nil {
		t.Skip("the next port is not to be had: ", err)
	}
	defer taken.Close()
	second := r.one(t, kindNew, methodGet)
	if first.outcome != outcomeOK || second.outcome != outcomeOK {
		t.Fatalf("%s and %s, want ok", first.outcome, second.outcome)
	}
	all := localPorts().end - localPorts().first
	if step := (int(second.localAddress.Port()) - int(first.localAddress.Port()) + all) % all; step < 2 || step > 2+maxPortsTaken {
		t.Errorf("from port %d to %d, want the next that is free", first.localAddress.Port(), second.localAddress.Port())
	}
}
