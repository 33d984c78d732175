package main

import (
	"context"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	sweepEvery = 250 * time.Millisecond
	postBody   = `{"from":"load","say":"hello"}`
)

// run is one execution of an order.
type run struct {
	order    order
	requests map[kind]map[method][]byte
	pool     *pool
	ledger   ledger
	began    time.Time

	stop     context.CancelFunc // stops scheduling; what is outstanding goes on
	finished chan struct{}
	spoilt   atomic.Pointer[string]
}

func startRun(o order) *run {
	scheduling, stop := context.WithTimeout(context.Background(), time.Duration(o.MaxSeconds)*time.Second)
	r := &run{order: o, requests: requestsFor(o), pool: &pool{want: o.KeepAliveConnections}, began: time.Now(), stop: stop, finished: make(chan struct{})}

	var senders sync.WaitGroup
	for stream, k := range []kind{kindNew, kindKeepAlive} {
		if perSecond := o.perSecond(k); perSecond > 0 {
			s := newSchedule(perSecond, o.Seed, uint64(stream))
			senders.Go(func() { r.send(scheduling, k, s) })
		}
	}
	sweeping, stopSweeping := context.WithCancel(context.Background())
	go r.sweep(sweeping)
	go func() {
		senders.Wait()
		stop()
		stopSweeping()
		r.pool.closeIdle()
		close(r.finished)
	}()
	return r
}

func (r *run) isFinished() bool {
	select {
	case <-r.finished:
		return true
	default:
		return false
	}
}

// requestsFor writes each kind of request once, before the first is due.
func requestsFor(o order) map[kind]map[method][]byte {
	target, _ := url.Parse(o.Target)
	write := func(m method, connection, body string) []byte {
		return []byte(string(m) + " " + o.Path + " HTTP/1.1\r\nHost: " + target.Host + "\r\nUser-Agent: load\r\nConnection: " + connection + "\r\n" + body)
	}
	withBody := "Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(postBody)) + "\r\n\r\n" + postBody
	requests := map[kind]map[method][]byte{}
	for k, connection := range map[kind]string{kindNew: "close", kindKeepAlive: "keep-alive"} {
		requests[k] = map[method][]byte{
			methodGet:  write(methodGet, connection, "\r\n"),
			methodPost: write(methodPost, connection, withBody),
		}
	}
	return requests
}

// send fires the requests of one kind when they are due and comes back when the last of them has ended. It waits for the
// clock and for nothing else: a server that is slow gets its requests all the same, as from many clients.
func (r *run) send(scheduling context.Context, k kind, s *schedule) {
	var outstanding sync.WaitGroup
	defer outstanding.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		due, m := s.next()
		// Not left to the context alone: a process that stood still past the end finds the timer and the context due at once.
		if due >= time.Duration(r.order.MaxSeconds)*time.Second {
			return
		}
		timer.Reset(time.Until(r.began.Add(due)))
		select {
		case <-scheduling.Done():
			return
		case <-timer.C:
		}
		outstanding.Go(func() { r.fire(k, m, due) })
	}
}

func (r *run) sweep(until context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-until.Done():
			return
		case <-ticker.C:
			r.pool.sweep()
		}
	}
}

// fire sends one request and writes down what became of it.
func (r *run) fire(k kind, m method, due time.Duration) {
	started := time.Since(r.began)
	entry := record{
		kind: k, method: m, servedBy: noName,
		// One clock for the whole log: a step of the wall clock must not reorder it.
		scheduledUnixMicros: r.began.UnixMicro() + due.Microseconds(),
		startedUnixMicros:   r.began.UnixMicro() + started.Microseconds(),
		connectMicros:       reusedConnection,
	}
	err := r.perform(&entry)
	entry.durationMicros = int32((time.Since(r.began) - started).Microseconds())
	if err != nil {
		// It says nothing about the server, so it is no line of the log; but a run that could not send what was due proves nothing.
		reason := err.Error()
		r.spoilt.CompareAndSwap(nil, &reason)
		return
	}
	r.ledger.add(entry)
}

func (r *run) perform(entry *record) error {
	var c *connection
	if entry.kind == kindKeepAlive {
		c = r.pool.take()
	}
	if c == nil {
		dialled := time.Now()
		var err error
		c, err = dial(context.Background(), r.order.address, r.order.secure(), r.order.connectTimeout())
		entry.connectMicros = int32(time.Since(dialled).Microseconds())
		entry.requestOnConnection = 1
		if err != nil {
			r.letGo(entry.kind, nil)
			entry.outcome, err = outcomeOfConnect(err)
			return err
		}
	}
	a, err := c.exchange(r.requests[entry.kind][entry.method], r.order.requestTimeout())
	entry.requestOnConnection = c.requests
	entry.localAddress = c.local
	entry.httpStatus = a.status
	entry.servedBy = a.servedBy
	entry.outcome, err = outcomeOfExchange(a, err)
	if entry.kind == kindKeepAlive && a.reusable && (entry.outcome == outcomeOK || entry.outcome == outcomeStatus) {
		r.pool.put(c)
	} else {
		r.letGo(entry.kind, c)
	}
	return err
}

func (r *run) letGo(k kind, c *connection) {
	if c != nil {
		c.close()
	}
	if k == kindKeepAlive {
		r.pool.gone()
	}
}
