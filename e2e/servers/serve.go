package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	propagation = 5 * time.Second
	announced   = 2 * time.Second
	flushEvery  = 100 * time.Millisecond
)

// accessLog writes the lines of ../apps/access-log.js.
type accessLog struct {
	mutex  sync.Mutex
	writer *bufio.Writer
}

func (l *accessLog) write(came time.Time, r *http.Request, status int) {
	caller := "other"
	switch agent := r.UserAgent(); {
	case strings.HasPrefix(agent, "graceful-operator/"):
		caller = "operator"
	case strings.HasPrefix(agent, "kube-probe/"):
		caller = "kubelet"
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	fmt.Fprintf(l.writer, "access\t%d\t%s\t%s\t%s\t%d\t%s\n", came.UnixMilli(), caller, r.Method, r.URL.Path, status, r.RemoteAddr)
}

func (l *accessLog) flush() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.writer.Flush()
}

// answers is the app that is served.
func answers() http.Handler {
	hostname, _ := os.Hostname()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		status := http.StatusOK
		switch r.URL.Path {
		case "/query":
			time.Sleep(time.Duration(20+rand.IntN(30)) * time.Millisecond)
		case "/ready":
		default:
			status = http.StatusNotFound
		}
		w.Header().Set("Served-By", hostname)
		w.WriteHeader(status)
		io.WriteString(w, "{}\n")
	})
}

// passesOn is a mesh's sidecar: it names itself as one, and answers 503 when there is nobody behind it.
func passesOn(address string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: address})
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(answer *http.Response) error {
			answer.Header.Set("Server", "envoy")
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			log.Print(err)
			w.Header().Set("Server", "envoy")
			w.WriteHeader(http.StatusServiceUnavailable)
		},
	}
}

// statusOf remembers what was answered.
type statusOf struct {
	http.ResponseWriter
	status int
}

func (s *statusOf) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

func serve(end string, handler http.Handler) {
	access := &accessLog{writer: bufio.NewWriter(os.Stdout)}
	go func() {
		for range time.Tick(flushEvery) {
			access.flush()
		}
	}()
	var leaving atomic.Bool
	logged := func(w http.ResponseWriter, r *http.Request) {
		came := time.Now()
		if leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		answered := &statusOf{w, http.StatusOK}
		handler.ServeHTTP(answered, r)
		access.write(came, r, answered.status)
	}
	server := &http.Server{Addr: ":" + port(), Handler: http.HandlerFunc(logged)}

	ended := make(chan struct{})
	if end != "nothing" {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, syscall.SIGTERM)
		go func() {
			<-signals
			if end == "wait" {
				time.Sleep(propagation)
				leaving.Store(true)
				time.Sleep(announced)
			}
			if err := server.Shutdown(context.Background()); err != nil {
				log.Print(err)
			}
			close(ended)
		}()
	}
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		refuse(fmt.Sprintf("PORT: %v; set PORT to a free port", err))
	}
	<-ended
	access.flush()
}

func port() string {
	if port, set := os.LookupEnv("PORT"); set {
		return port
	}
	return "8080"
}
