package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
)

// control starts and stops runs, one at a time, and hands out what the last one found.
type control struct {
	mux *http.ServeMux

	mu   sync.Mutex
	last *run
}

func newControl() *control {
	c := &control{mux: http.NewServeMux()}
	c.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	c.mux.HandleFunc("POST /start", c.start)
	c.mux.HandleFunc("POST /stop", c.stop)
	c.mux.HandleFunc("GET /log", c.log)
	c.mux.HandleFunc("GET /summary", c.summary)
	c.mux.HandleFunc("GET /processors", func(w http.ResponseWriter, _ *http.Request) { tellProcessors(w, procStat) })
	return c
}

func (c *control) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

func (c *control) start(w http.ResponseWriter, r *http.Request) {
	o, err := readOrder(r.Context(), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && !c.last.isFinished() {
		http.Error(w, "a run is going on; end it with POST /stop", http.StatusConflict)
		return
	}
	c.last = startRun(o)
	w.WriteHeader(http.StatusAccepted)
}

func (c *control) stop(w http.ResponseWriter, r *http.Request) {
	last := c.lastRun(w)
	if last == nil {
		return
	}
	last.stop()
	select {
	case <-last.finished:
	case <-r.Context().Done():
		return
	}
	if !refuseSpoilt(w, last) {
		writeJSON(w, last.ledger.summarize().totals)
	}
}

func (c *control) log(w http.ResponseWriter, _ *http.Request) {
	if last := c.lastRun(w); last != nil {
		w.Header().Set("Content-Type", "text/tab-separated-values; charset=utf-8")
		last.ledger.writeLog(w)
	}
}

func (c *control) summary(w http.ResponseWriter, _ *http.Request) {
	last := c.lastRun(w)
	if last == nil || refuseSpoilt(w, last) {
		return
	}
	s := last.ledger.summarize()
	s.Running = !last.isFinished()
	writeJSON(w, s)
}

func tellProcessors(w http.ResponseWriter, file string) {
	p, err := readProcessors(file)
	if err != nil {
		http.Error(w, fmt.Sprintf("the node does not tell what its processors do (%v)", err), http.StatusNotImplemented)
		return
	}
	writeJSON(w, p)
}

func (c *control) lastRun(w http.ResponseWriter) *run {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		http.Error(w, "nothing was run yet; begin with POST /start", http.StatusNotFound)
	}
	return c.last
}

// refuseSpoilt gives no totals for a run that could not send all that was due: they would be read as the server's.
func refuseSpoilt(w http.ResponseWriter, r *run) bool {
	reason := r.spoilt.Load()
	if reason == nil {
		return false
	}
	http.Error(w, fmt.Sprintf("this run proves nothing (%q); lower the rates or give this client more descriptors, and run it again", *reason), http.StatusInternalServerError)
	return true
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}
