package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// procStat is the node's, also in a pod.
const procStat = "/proc/stat"

// processors tells what the node's processors have done since it was started, in ticks of the kernel, all of them together.
type processors struct {
	Count int    `json:"count"`
	Busy  uint64 `json:"busyTicks"`
	Idle  uint64 `json:"idleTicks"`
}

var errNoTicks = errors.New("it counts no ticks")

func readProcessors(file string) (processors, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return processors{}, err
	}
	p, err := parseProcessors(string(text))
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// parseProcessors takes what another guest of the machine took (steal) for busy: it was not free for us.
func parseProcessors(text string) (processors, error) {
	var p processors
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "cpu") {
			continue
		}
		if fields[0] != "cpu" {
			p.Count++
			continue
		}
		// user nice system idle iowait irq softirq steal; what follows is in user and nice already.
		for i, field := range fields[1:min(len(fields), 9)] {
			ticks, err := strconv.ParseUint(field, 10, 64)
			if err != nil {
				return p, err
			}
			if i == 3 || i == 4 {
				p.Idle += ticks
			} else {
				p.Busy += ticks
			}
		}
	}
	if p.Count == 0 || p.Busy+p.Idle == 0 {
		return p, errNoTicks
	}
	return p, nil
}
