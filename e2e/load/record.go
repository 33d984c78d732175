package main

import (
	"bufio"
	"cmp"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"unique"
)

type kind string

const (
	kindNew       kind = "new"
	kindKeepAlive kind = "keepAlive"
)

type method string

const (
	methodGet  method = "GET"
	methodPost method = "POST"
)

type outcome string

const (
	outcomeOK             outcome = "ok"
	outcomeRefused        outcome = "refused"
	outcomeReset          outcome = "reset"
	outcomeClosed         outcome = "closed"
	outcomeUnreachable    outcome = "unreachable"
	outcomeConnectTimeout outcome = "connectTimeout"
	outcomeTimeout        outcome = "timeout"
	outcomeMalformed      outcome = "malformed"
	outcomeStatus         outcome = "status"
)

// reusedConnection stands in connectMicros for a request that needed no connect.
const reusedConnection = -1

// record is what became of one request. A run keeps up to maxRequestsInRun of them.
type record struct {
	kind                kind
	method              method
	outcome             outcome
	servedBy            unique.Handle[string]
	localAddress        netip.AddrPort
	scheduledUnixMicros int64
	startedUnixMicros   int64
	connectMicros       int32
	durationMicros      int32
	requestOnConnection uint32
	httpStatus          uint16
}

const logHeader = "scheduledUnixMicros\tkind\tmethod\tstartedUnixMicros\tconnectMicros\tdurationMicros\toutcome\thttpStatus\tservedBy\tlocalAddress\trequestOnConnection\tlateMicros\n"

func (r record) appendLine(line []byte) []byte {
	line = strconv.AppendInt(line, r.scheduledUnixMicros, 10)
	line = append(line, '\t')
	line = append(line, r.kind...)
	line = append(line, '\t')
	line = append(line, r.method...)
	line = append(line, '\t')
	line = strconv.AppendInt(line, r.startedUnixMicros, 10)
	line = append(line, '\t')
	if r.connectMicros != reusedConnection {
		line = strconv.AppendInt(line, int64(r.connectMicros), 10)
	}
	line = append(line, '\t')
	line = strconv.AppendInt(line, int64(r.durationMicros), 10)
	line = append(line, '\t')
	line = append(line, r.outcome...)
	line = append(line, '\t')
	if r.httpStatus != 0 {
		line = strconv.AppendUint(line, uint64(r.httpStatus), 10)
	}
	line = append(line, '\t')
	line = append(line, r.servedBy.Value()...)
	line = append(line, '\t')
	if r.localAddress.IsValid() {
		line = r.localAddress.AppendTo(line)
	}
	line = append(line, '\t')
	line = strconv.AppendUint(line, uint64(r.requestOnConnection), 10)
	line = append(line, '\t')
	line = strconv.AppendInt(line, r.lateMicros(), 10)
	return append(line, '\n')
}

// lateMicros is our own stall, never the server's.
func (r record) lateMicros() int64 { return r.startedUnixMicros - r.scheduledUnixMicros }

// ledger holds the records of one run. Requests end in any order; it is read in the order they were due.
type ledger struct {
	mu      sync.Mutex
	records []record
}

func (l *ledger) add(r record) {
	l.mu.Lock()
	l.records = append(l.records, r)
	l.mu.Unlock()
}

func (l *ledger) inOrder() []record {
	l.mu.Lock()
	records := slices.Clone(l.records)
	l.mu.Unlock()
	slices.SortStableFunc(records, func(a, b record) int { return cmp.Compare(a.scheduledUnixMicros, b.scheduledUnixMicros) })
	return records
}

func (l *ledger) writeLog(to io.Writer) error {
	out := bufio.NewWriterSize(to, 64*1024)
	out.WriteString(logHeader)
	var line []byte
	for _, r := range l.inOrder() {
		line = r.appendLine(line[:0])
		out.Write(line)
	}
	return out.Flush()
}

type totals struct {
	Requests int `json:"requests"`
	Failed   int `json:"failed"`
}

func (t *totals) count(r record) {
	t.Requests++
	if r.outcome != outcomeOK {
		t.Failed++
	}
}

type summary struct {
	totals
	Running       bool                  `json:"running"`
	MaxLateMicros int64                 `json:"maxLateMicros"`
	Kinds         map[kind]*kindSummary `json:"kinds"`
	ServedBy      map[string]*totals    `json:"servedBy"`
}

type kindSummary struct {
	totals
	Outcomes map[outcome]int `json:"outcomes"`
}

func (l *ledger) summarize() summary {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := summary{Kinds: map[kind]*kindSummary{}, ServedBy: map[string]*totals{}}
	for _, r := range l.records {
		s.count(r)
		s.MaxLateMicros = max(s.MaxLateMicros, r.lateMicros())
		of := s.Kinds[r.kind]
		if of == nil {
			of = &kindSummary{Outcomes: map[outcome]int{}}
			s.Kinds[r.kind] = of
		}
		of.count(r)
		of.Outcomes[r.outcome]++
		if name := r.servedBy.Value(); name != "" {
			if s.ServedBy[name] == nil {
				s.ServedBy[name] = &totals{}
			}
			s.ServedBy[name].count(r)
		}
	}
	return s
}
