package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// unavailable is how the API server itself would say it.
const unavailable = `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"cut by the fault-injecting proxy","reason":"ServiceUnavailable","code":503}` + "\n"

// newProxy forwards all to the API server as the caller, whose credentials it passes on unread, and lets sabotage have its way.
func newProxy(api *url.URL, transport http.RoundTripper, s *sabotage) http.Handler {
	forward := &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(api) },
		Transport:      transport,
		FlushInterval:  -1, // an event of a watch must not wait for the next one
		ModifyResponse: func(response *http.Response) error { return throttle(response, s) },
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() != nil {
				// Cut before its answer came; or the caller has gone, and hears nothing anyway.
				refuse(w, http.StatusServiceUnavailable, unavailable)
				return
			}
			log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
			refuse(w, http.StatusBadGateway, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the API server was not reached","code":502}`+"\n")
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := readRequest(r)
		if !s.admit(asked) {
			refuse(w, http.StatusServiceUnavailable, unavailable)
			return
		}
		if asked.verb != "watch" {
			forward.ServeHTTP(w, r)
			return
		}
		ctx, done, ok := s.open(r.Context(), asked.resource)
		defer done()
		if !ok || errors.Is(s.pass(ctx, asked.resource), context.Canceled) {
			refuse(w, http.StatusServiceUnavailable, unavailable)
			return
		}
		forward.ServeHTTP(w, r.WithContext(context.WithValue(ctx, watchedResource{}, asked.resource)))
	})
}

func refuse(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// watchedResource is the key under which a watch's request carries its resource to its response.
type watchedResource struct{}

// throttle puts the stall between the API server and the watcher.
func throttle(response *http.Response, s *sabotage) error {
	ctx := response.Request.Context()
	resource, isWatch := ctx.Value(watchedResource{}).(string)
	if !isWatch {
		return nil
	}
	body := throttledBody{ReadCloser: response.Body, pass: func() error { return s.pass(ctx, resource) }}
	// The tunnel of a WebSocket is written to as well.
	if tunnel, ok := response.Body.(io.ReadWriteCloser); ok {
		response.Body = throttledTunnel{body, tunnel}
	} else {
		response.Body = body
	}
	return nil
}

type throttledBody struct {
	io.ReadCloser
	pass func() error
}

// Read holds what has arrived during a stall, and hands it on when the stall is over, as a network does.
func (b throttledBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if stopped := b.pass(); stopped != nil {
		return 0, stopped
	}
	return n, err
}

type throttledTunnel struct {
	throttledBody
	to io.Writer
}

func (t throttledTunnel) Write(p []byte) (int, error) {
	if err := t.pass(); err != nil {
		return 0, err
	}
	return t.to.Write(p)
}
