package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"
)

const (
	listSlices = "/apis/discovery.k8s.io/v1/endpointslices"
	watchSlice = listSlices + "?watch=true"
	watchPods  = "/api/v1/pods?watch=true"
)

// stage is the proxy with an API server behind it whose watches say what they are given.
type stage struct {
	t       *testing.T
	proxy   *httptest.Server
	control http.Handler
	client  *http.Client
	events  map[string]chan string // by resource; of several watches one hears an event
}

func newStage(t *testing.T, version string) *stage {
	events := map[string]chan string{"pods": make(chan string), "endpointslices": make(chan string)}
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") == "websocket":
			echo(w)
		case r.URL.Query().Get("watch") != "":
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			for {
				select {
				case event := <-events[path.Base(r.URL.Path)]:
					fmt.Fprintln(w, event)
					w.(http.Flusher).Flush()
				case <-r.Context().Done():
					return
				}
			}
		default:
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s %q as %q over HTTP/%d", r.Method, r.URL, body, r.Header.Get("Authorization"), r.ProtoMajor)
		}
	}))
	api.EnableHTTP2 = true
	api.StartTLS()

	transport, err := newTransport(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: api.Certificate().Raw}))
	if err != nil {
		t.Fatal(err)
	}
	target, _ := url.Parse(api.URL)
	s := newSabotage()
	certificate, err := selfSigned()
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewUnstartedServer(newProxy(target, transport, s))
	proxy.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	proxy.EnableHTTP2 = true
	proxy.StartTLS()
	mine := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: version == "HTTP/2.0"}
	t.Cleanup(func() {
		mine.CloseIdleConnections()
		proxy.CloseClientConnections()
		proxy.Close()
		api.CloseClientConnections()
		api.Close()
	})
	return &stage{t: t, proxy: proxy, control: newControl(s), client: &http.Client{Transport: mine}, events: events}
}

// echo answers an upgrade and says back every line.
func echo(w http.ResponseWriter) {
	connection, both, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	fmt.Fprint(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
	io.Copy(connection, both)
}

func (s *stage) command(path string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	s.control.ServeHTTP(answer, httptest.NewRequest("POST", path, nil))
	return answer
}

func (s *stage) counts() (c counts) {
	answer := httptest.NewRecorder()
	s.control.ServeHTTP(answer, httptest.NewRequest("GET", "/counts", nil))
	if err := json.Unmarshal(answer.Body.Bytes(), &c); err != nil {
		s.t.Fatal(err)
	}
	return c
}

// untilWatchesOpen waits for that many watches of endpointslices, hanging ones included.
func (s *stage) untilWatchesOpen(want int) {
	for s.counts().WatchesOpen["endpointslices"] != want {
		time.Sleep(time.Millisecond)
	}
}

func (s *stage) do(method, path, body string) *http.Response {
	s.t.Helper()
	request, _ := http.NewRequest(method, s.proxy.URL+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer mine")
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { response.Body.Close() })
	return response
}

type watching struct {
	t     *testing.T
	lines *bufio.Reader
}

func (s *stage) watch(path string) watching {
	s.t.Helper()
	response := s.do("GET", path, "")
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", path, response.Status)
	}
	return watching{s.t, bufio.NewReader(response.Body)}
}

func (w watching) expect(event string) {
	w.t.Helper()
	if line, err := w.lines.ReadString('\n'); err != nil || line != event+"\n" {
		w.t.Fatalf("the watch said %q (%v), want %q", line, err, event)
	}
}

func (w watching) expectEnd() {
	w.t.Helper()
	if line, err := w.lines.ReadString('\n'); err == nil {
		w.t.Fatalf("the watch said %q, want its end", line)
	}
}

func inBothVersions(t *testing.T, test func(*testing.T, *stage)) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(version, func(t *testing.T) {
			s := newStage(t, version)
			if got := s.do("GET", "/version", "").Proto; got != version {
				t.Fatalf("the proxy speaks %s here, want %s", got, version)
			}
			test(t, s)
		})
	}
}

func TestForwardsAsTheCaller(t *testing.T) {
	inBothVersions(t, func(t *testing.T, s *stage) {
		path := "/apis/apps/v1/namespaces/a/deployments/b?fieldManager=graceful&force=true"
		body, _ := io.ReadAll(s.do("PATCH", path, `{"a":1}`).Body)
		if want := fmt.Sprintf(`PATCH %s %q as "Bearer mine" over HTTP/2`, path, `{"a":1}`); string(body) != want {
			t.Errorf("the API server had %s, want %s", body, want)
		}
	})
}

func TestEventsOfAWatchComeAtOnce(t *testing.T) {
	inBothVersions(t, func(t *testing.T, s *stage) {
		w := s.watch(watchPods)
		for _, event := range []string{"one", "two"} {
			s.events["pods"] <- event
			w.expect(event)
		}
	})
}

func TestCutAndMend(t *testing.T) {
	inBothVersions(t, func(t *testing.T, s *stage) {
		cut, spared := s.watch(watchSlice), s.watch(watchPods)
		s.command("/cut?resource=endpointslices")
		cut.expectEnd()
		for _, path := range []string{listSlices, watchSlice} {
			response := s.do("GET", path, "")
			var status struct{ Kind, Reason string }
			if err := json.NewDecoder(response.Body).Decode(&status); err != nil || response.StatusCode != http.StatusServiceUnavailable || status.Reason != "ServiceUnavailable" {
				t.Errorf("%s: %s %+v (%v), want 503 in the API's words", path, response.Status, status, err)
			}
		}
		if response := s.do("GET", "/apis/discovery.k8s.io/v1/namespaces/a/endpointslices/b", ""); response.StatusCode != http.StatusOK {
			t.Errorf("a GET of one: %s, want it let through", response.Status)
		}
		s.events["pods"] <- "still here"
		spared.expect("still here")

		s.command("/mend?resource=endpointslices")
		s.watch(watchSlice)
		if response := s.do("GET", listSlices, ""); response.StatusCode != http.StatusOK {
			t.Errorf("after mending: %s", response.Status)
		}
	})
}

func TestStallAndMend(t *testing.T) {
	inBothVersions(t, func(t *testing.T, s *stage) {
		stalled := s.watch(watchSlice)
		s.command("/stall?resource=endpointslices")
		s.events["endpointslices"] <- "held"
		said := make(chan string)
		go func() {
			line, _ := stalled.lines.ReadString('\n')
			said <- line
		}()

		opened := make(chan string)
		go func() {
			s.watch(watchSlice)
			opened <- "opened"
		}()
		s.untilWatchesOpen(2)
		// Both have had every occasion by the time that a watch of another resource was opened and heard.
		other := s.watch(watchPods)
		go func() { s.events["pods"] <- "heard" }()
		select {
		case line := <-said:
			t.Fatalf("the stalled watch said %q", line)
		case <-opened:
			t.Fatal("a watch was opened during the stall")
		case line := <-readLine(other):
			if line != "heard\n" {
				t.Fatalf("the other watch said %q", line)
			}
		}
		if response := s.do("GET", listSlices, ""); response.StatusCode != http.StatusOK {
			t.Errorf("a list during the stall: %s, want it let through", response.Status)
		}

		s.command("/mend?resource=endpointslices")
		if line := <-said; line != "held\n" {
			t.Errorf("after mending the watch said %q, want what was held", line)
		}
		<-opened
	})
}

func readLine(w watching) <-chan string {
	said := make(chan string, 1)
	go func() {
		line, _ := w.lines.ReadString('\n')
		said <- line
	}()
	return said
}

func TestCutEndsWhatIsStalled(t *testing.T) {
	inBothVersions(t, func(t *testing.T, s *stage) {
		w := s.watch(watchSlice)
		s.command("/stall?resource=endpointslices")
		s.events["endpointslices"] <- "never heard"
		s.command("/cut?resource=endpointslices")
		w.expectEnd()
	})
}

func TestAStalledWatchThatItsCallerLeavesIsForgotten(t *testing.T) {
	inBothVersions(t, func(t *testing.T, s *stage) {
		s.command("/stall?resource=endpointslices")
		ctx, leave := context.WithCancel(t.Context())
		request, _ := http.NewRequestWithContext(ctx, "GET", s.proxy.URL+watchSlice, nil)
		left := make(chan struct{})
		go func() {
			s.client.Do(request)
			close(left)
		}()
		s.untilWatchesOpen(1)
		leave()
		<-left
		s.untilWatchesOpen(0)
	})
}

// tunnel opens a watch the way of clients that prefer WebSocket.
func (s *stage) tunnel() (io.Writer, watching) {
	s.t.Helper()
	connection, err := tls.Dial("tcp", s.proxy.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { connection.Close() })
	fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n", watchSlice)
	w := watching{s.t, bufio.NewReader(connection)}
	w.expect("HTTP/1.1 101 Switching Protocols\r")
	for line := ""; line != "\r\n"; {
		if line, err = w.lines.ReadString('\n'); err != nil {
			s.t.Fatal(err)
		}
	}
	return connection, w
}

func TestWebSocketIsTunnelledAndCut(t *testing.T) {
	s := newStage(t, "HTTP/1.1")
	to, w := s.tunnel()
	fmt.Fprintln(to, "ping")
	w.expect("ping")
	if open := s.counts().WatchesOpen; open["endpointslices"] != 1 {
		t.Errorf("watches open %v, want the tunnel counted", open)
	}
	s.command("/cut?resource=endpointslices")
	w.expectEnd()
}

func TestWebSocketIsStalledAndMended(t *testing.T) {
	s := newStage(t, "HTTP/1.1")
	to, w := s.tunnel()
	s.command("/stall?resource=endpointslices")
	fmt.Fprintln(to, "ping")
	said := readLine(w)
	s.do("GET", listSlices, "")
	select {
	case line := <-said:
		t.Fatalf("the stalled tunnel said %q", line)
	default:
	}
	s.command("/mend?resource=endpointslices")
	if line := <-said; line != "ping\n" {
		t.Errorf("after mending the tunnel said %q", line)
	}
}

func TestCounts(t *testing.T) {
	s := newStage(t, "HTTP/2.0")
	s.watch(watchPods)
	s.do("GET", listSlices, "")
	s.command("/cut?resource=endpointslices")
	s.do("GET", listSlices, "")
	got := s.counts()
	if got.Requests["list"]["endpointslices"] != 2 || got.Requests["watch"]["pods"] != 1 {
		t.Errorf("requests %v, want 2 lists of endpointslices, refused or not, and 1 watch of pods", got.Requests)
	}
	if !maps.Equal(got.WatchesOpen, map[string]int{"pods": 1}) || !maps.Equal(got.Faults, map[string]fault{"endpointslices": faultCut}) {
		t.Errorf("open %v, faults %v", got.WatchesOpen, got.Faults)
	}
}

func TestBadCommands(t *testing.T) {
	s := newStage(t, "HTTP/1.1")
	for _, path := range []string{"/cut", "/stall?resource=", "/mend?resource=Pods", "/cut?resource=discovery.k8s.io/endpointslices"} {
		answer := s.command(path)
		if text := answer.Body.String(); answer.Code != http.StatusBadRequest || !strings.HasPrefix(text, "resource: ") || strings.Count(text, "\n") != 1 {
			t.Errorf("%s: %d %q, want 400 and one line that names the resource", path, answer.Code, text)
		}
	}
	if faults := s.counts().Faults; len(faults) != 0 {
		t.Errorf("they did something all the same: %v", faults)
	}
}

func TestStartsOnlyWithAnAPIServer(t *testing.T) {
	if _, err := apiServer("", "443"); err == nil || !strings.HasPrefix(err.Error(), "KUBERNETES_SERVICE_HOST") {
		t.Errorf("no host: %v", err)
	}
	if api, err := apiServer("fd00::1", "443"); err != nil || api.Host != "[fd00::1]:443" {
		t.Errorf("%v %v", api, err)
	}
	if _, err := newTransport([]byte("no PEM")); err == nil {
		t.Error("a bundle without a certificate was taken")
	}
}
