package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func call(c *control, method, path, body string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	c.ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
	return answer
}

func TestBadOrders(t *testing.T) {
	good := map[string]any{"target": "http://127.0.0.1:1", "path": "/work", "newPerSecond": 25, "keepAlivePerSecond": 25, "keepAliveConnections": 8,
		"requestTimeoutMillis": 10000, "connectTimeoutMillis": 3000, "maxSeconds": 300, "seed": 1}
	for field, values := range map[string][]any{
		"target": {"", "127.0.0.1:80", "ftp://127.0.0.1:80", "http://127.0.0.1", "http://127.0.0.1:0", "http://127.0.0.1:70000",
			"http://a:b@127.0.0.1:80", "http://127.0.0.1:80/work", "http://127.0.0.1:80?x=1", "http://nowhere.invalid:80", 5},
		"path":                 {"", "work", "/a b", "/a\r\nHost: b", "/" + strings.Repeat("a", maxPathBytes), "/grüße"},
		"newPerSecond":         {-1, maxNewPerSecond + 1, "25"},
		"keepAlivePerSecond":   {-1, maxKeepAlivePerSecond + 1},
		"keepAliveConnections": {0, -1, maxKeepAliveConnections + 1, 1.5},
		"requestTimeoutMillis": {0, maxTimeoutMillis + 1},
		"connectTimeoutMillis": {0, maxTimeoutMillis + 1},
		"maxSeconds":           {0, maxRunSeconds + 1},
		"seed":                 {-1, "one"},
		"retries":              {3},
	} {
		for _, value := range values {
			t.Run(fmt.Sprintf("%s=%.20v", field, value), func(t *testing.T) {
				bad := maps.Clone(good)
				bad[field] = value
				body, _ := json.Marshal(bad)
				c := newControl()
				answer := call(c, "POST", "/start", string(body))
				text := answer.Body.String()
				if answer.Code != http.StatusBadRequest || !strings.HasPrefix(text, field+": ") || strings.Count(text, "\n") != 1 || !strings.Contains(text, ";") {
					t.Errorf("%d %q, want 400 and one line that names %s and the cure", answer.Code, text, field)
				}
				if c.last != nil {
					t.Error("it began all the same")
				}
			})
		}
	}
}

func TestOrdersThatAreTooMuchTogether(t *testing.T) {
	for _, c := range []struct{ body, field string }{
		{`{"newPerSecond":0,"requestTimeoutMillis":1,"connectTimeoutMillis":1,"maxSeconds":1}`, "newPerSecond"},
		{`{"newPerSecond":400,"requestTimeoutMillis":1,"connectTimeoutMillis":1,"maxSeconds":3600}`, "maxSeconds"},
		{`{"newPerSecond":400,"requestTimeoutMillis":60000,"connectTimeoutMillis":60000,"maxSeconds":1}`, "requestTimeoutMillis"},
		{`[]`, "body"},
		{``, "body"},
		{`{} {}`, "body"},
	} {
		body := strings.Replace(c.body, `{"new`, `{"target":"http://127.0.0.1:1","path":"/","new`, 1)
		answer := call(newControl(), "POST", "/start", body)
		if text := answer.Body.String(); answer.Code != http.StatusBadRequest || !strings.HasPrefix(text, c.field+": ") || strings.Count(text, "\n") != 1 {
			t.Errorf("%s: %d %q, want 400 and one line that names %s", c.body, answer.Code, text, c.field)
		}
	}
}

func TestARunFromStartToLog(t *testing.T) {
	c := newControl()
	for _, path := range []string{"/log", "/summary"} {
		if answer := call(c, "GET", path, ""); answer.Code != http.StatusNotFound {
			t.Errorf("%s before any run: %d, want 404", path, answer.Code)
		}
	}
	served := make(chan struct{}, 1000)
	address := listen(t, func(p *peer) {
		for {
			if _, ok := p.receive(); !ok {
				return
			}
			served <- struct{}{}
			p.send(okAnswer)
		}
	})
	start := fmt.Sprintf(`{"target":"http://%s","path":"/work","newPerSecond":100,"keepAlivePerSecond":100,"keepAliveConnections":2,
		"requestTimeoutMillis":10000,"connectTimeoutMillis":3000,"maxSeconds":60,"seed":1}`, address)
	if answer := call(c, "POST", "/start", start); answer.Code != http.StatusAccepted {
		t.Fatalf("start: %d %s", answer.Code, answer.Body)
	}
	if answer := call(c, "POST", "/start", start); answer.Code != http.StatusConflict {
		t.Errorf("second start: %d, want 409", answer.Code)
	}
	for range 20 {
		<-served
	}
	var stopped, summed totals
	answer := call(c, "POST", "/stop", "")
	if err := json.Unmarshal(answer.Body.Bytes(), &stopped); err != nil {
		t.Fatal(err)
	}
	if stopped.Failed != 0 || stopped.Requests < 20 {
		t.Errorf("stop: %s", answer.Body)
	}
	if err := json.Unmarshal(call(c, "GET", "/summary", "").Body.Bytes(), &summed); err != nil || summed != stopped {
		t.Errorf("the summary says %+v (%v), stop said %+v", summed, err, stopped)
	}

	lines := strings.Split(strings.TrimSuffix(call(c, "GET", "/log", "").Body.String(), "\n"), "\n")
	if len(lines) != stopped.Requests+1 || lines[0]+"\n" != logHeader {
		t.Fatalf("%d lines for %d requests, the first %q", len(lines), stopped.Requests, lines[0])
	}
	columns := strings.Split(lines[0], "\t")
	for _, line := range lines[1:] {
		values := strings.Split(line, "\t")
		if len(values) != len(columns) {
			t.Fatalf("%q has %d columns, want %d", line, len(values), len(columns))
		}
		of := map[string]string{}
		for i, column := range columns {
			of[column] = values[i]
		}
		if reused := of["requestOnConnection"] != "1"; of["outcome"] != "ok" || of["httpStatus"] != "200" || of["servedBy"] != "pod-1" || (of["connectMicros"] == "") != reused {
			t.Errorf("%q", line)
		}
	}
	if answer := call(c, "POST", "/start", start); answer.Code != http.StatusAccepted {
		t.Errorf("start after a run: %d %s", answer.Code, answer.Body)
	}
	call(c, "POST", "/stop", "")
}

func TestARunEndsByItself(t *testing.T) {
	address := listen(t, answering(okAnswer))
	r := startRun(order{Target: "http://" + address.String(), Path: "/", address: address, NewPerSecond: 50, RequestTimeoutMillis: 10_000, ConnectTimeoutMillis: 10_000, MaxSeconds: 1})
	<-r.finished
	// 49 or 50 are due in the second. A slow machine may be too late for the last of them.
	if got := r.ledger.summarize(); got.Requests == 0 || got.Requests > 50 || got.Failed != 0 {
		t.Errorf("%+v, want 1 to 50 requests and none failed", got)
	}
}

func TestASpoiltRunGivesNoTotals(t *testing.T) {
	c := newControl()
	c.last = startRun(order{Target: "http://127.0.0.1:1", MaxSeconds: 1})
	reason := "too many open files"
	c.last.spoilt.Store(&reason)
	for method, path := range map[string]string{"POST": "/stop", "GET": "/summary"} {
		if answer := call(c, method, path, ""); answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), reason) {
			t.Errorf("%s: %d %s, want 500 and the reason", path, answer.Code, answer.Body)
		}
	}
}
