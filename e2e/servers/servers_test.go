package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

const endVariable = "SERVER_END"

func TestMain(m *testing.M) {
	if end, set := os.LookupEnv(endVariable); set {
		serve(end, answers())
		return
	}
	os.Exit(m.Run())
}

// What runs each server outside its image, but for the end, and what that exits with when a signal ends it.
func runners(t *testing.T) map[string][]string {
	found := map[string][]string{"go": {os.Args[0]}}
	if home, err := exec.Command("../cluster/java-home.sh").Output(); err == nil {
		found["java"] = []string{strings.TrimSpace(string(home)) + "/bin/java", "Server.java"}
	}
	if python, err := exec.LookPath("python3"); err == nil {
		found["python"] = []string{python, "server.py"}
	}
	return found
}

func freePort(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

func start(t *testing.T, command []string, end string) (*exec.Cmd, string) {
	port := freePort(t)
	process := exec.Command(command[0], append(command[1:], end)...)
	process.Env = append(os.Environ(), "PORT="+port, endVariable+"="+end)
	process.Stderr = os.Stderr
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Process.Kill() })
	base := "http://127.0.0.1:" + port
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get(base + "/ready"); err == nil {
			answer.Body.Close()
			return process, base
		}
		if time.Now().After(deadline) {
			t.Fatal("it does not answer")
		}
	}
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer
}

func awaitRefusal(url string) {
	for {
		answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(url)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			answer.Body.Close()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// The code that a container would report, were the process not the first of its container.
func codeOf(err error) int {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0
	}
	if status := exit.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}

func TestEveryIdIsOpaqueAndStandsForAServer(t *testing.T) {
	var ids map[string]choice
	if err := json.Unmarshal(idsJSON, &ids); err != nil {
		t.Fatal(err)
	}
	seen := map[choice]bool{}
	for id, chosen := range ids {
		if !regexp.MustCompile(`^[a-z][0-9]$`).MatchString(id) || seen[chosen] {
			t.Errorf("%s: %v", id, chosen)
		}
		seen[chosen] = true
		if own(chosen.Server) == nil && commands[chosen.Server] == nil && chosen.Server != relayServer {
			t.Errorf("%s: nothing runs %s", id, chosen.Server)
		}
	}
}

func TestEnds(t *testing.T) {
	clean := map[string]int{"go": 0, "java": 143, "python": 0}
	for server, command := range runners(t) {
		for _, end := range []string{"wait", "shutdown", "nothing"} {
			t.Run(fmt.Sprintf("%s %s", server, end), func(t *testing.T) {
				t.Parallel()
				process, base := start(t, command, end)
				if got := get(t, base+"/query"); got.StatusCode != 200 || got.Close || got.Header.Get("Served-By") == "" {
					t.Errorf("%+v", got)
				}
				if got := get(t, base+"/missing"); got.StatusCode != 404 {
					t.Errorf("%+v", got)
				}

				process.Process.Signal(syscall.SIGTERM)
				want := clean[server]
				switch end {
				case "wait":
					if got := get(t, base+"/query"); got.StatusCode != 200 {
						t.Errorf("after SIGTERM: %+v", got)
					}
					for !get(t, base+"/query").Close {
						time.Sleep(100 * time.Millisecond)
					}
				case "nothing":
					want = 143
				}
				awaitRefusal(base)
				if code := codeOf(process.Wait()); code != want {
					t.Errorf("exits with %d, want %d", code, want)
				}
			})
		}
	}
}

func TestProxyPassesOnAndNamesItself(t *testing.T) {
	app := httptest.NewServer(answers())
	address := strings.TrimPrefix(app.URL, "http://")
	proxy := httptest.NewServer(passesOn(address))
	defer proxy.Close()
	for path, want := range map[string]int{"/query": 200, "/missing": 404} {
		if got := get(t, proxy.URL+path); got.StatusCode != want || got.Header.Get("Server") != "envoy" || got.Header.Get("Served-By") == "" {
			t.Errorf("%s: %+v", path, got)
		}
	}
	app.Close()
	if got := get(t, proxy.URL+"/query"); got.StatusCode != 503 || got.Header.Get("Server") != "envoy" {
		t.Errorf("with nobody behind it: %+v", got)
	}
}

func TestRelayPassesConnectionsOn(t *testing.T) {
	app := httptest.NewServer(answers())
	defer app.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go relay(listener, strings.TrimPrefix(app.URL, "http://"))
	if got := get(t, "http://"+listener.Addr().String()+"/query"); got.StatusCode != 200 {
		t.Errorf("%+v", got)
	}
}
