package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// One address has about 28,000 ports, and each is taken for up to 60 s after its connection ended: more new
	// connections than this would run out of ports, and fail for our own reasons.
	maxNewPerSecond         = 400
	maxKeepAlivePerSecond   = 1000
	maxKeepAliveConnections = 256
	maxTimeoutMillis        = 60_000
	maxRunSeconds           = 21_600
	maxRequestsInRun        = 500_000
	maxOutstandingRequests  = 10_000
	maxPathBytes            = 1_024
	resolveTimeout          = 3 * time.Second
	orderFields             = "target, path, newPerSecond, keepAlivePerSecond, keepAliveConnections, requestTimeoutMillis, connectTimeoutMillis, maxSeconds, seed"
	exampleTarget           = "http://10.96.1.2:80"
	maxOrderBytes           = 64 * 1024
	unknownFieldErrorOfJSON = "json: unknown field "
)

// order is what POST /start asks for.
type order struct {
	Target               string  `json:"target"`
	Path                 string  `json:"path"`
	NewPerSecond         float64 `json:"newPerSecond"`
	KeepAlivePerSecond   float64 `json:"keepAlivePerSecond"`
	KeepAliveConnections int     `json:"keepAliveConnections"`
	RequestTimeoutMillis int     `json:"requestTimeoutMillis"`
	ConnectTimeoutMillis int     `json:"connectTimeoutMillis"`
	MaxSeconds           int     `json:"maxSeconds"`
	Seed                 uint64  `json:"seed"`

	address netip.AddrPort
}

func (o order) requestTimeout() time.Duration {
	return time.Duration(o.RequestTimeoutMillis) * time.Millisecond
}

func (o order) connectTimeout() time.Duration {
	return time.Duration(o.ConnectTimeoutMillis) * time.Millisecond
}

// secure tells whether the target speaks TLS.
func (o order) secure() bool { return strings.HasPrefix(o.Target, "https:") }

func (o order) perSecond(k kind) float64 {
	if k == kindNew {
		return o.NewPerSecond
	}
	return o.KeepAlivePerSecond
}

// readOrder gives an order that can be run as it stands, or an error of one line that names the field and the cure.
func readOrder(ctx context.Context, body io.Reader) (order, error) {
	var o order
	decoder := json.NewDecoder(io.LimitReader(body, maxOrderBytes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		return o, explainJSON(err)
	}
	if decoder.More() {
		return o, errors.New("body: more than one JSON object; send exactly one")
	}
	host, err := o.check()
	if err != nil {
		return o, err
	}
	o.address, err = resolve(ctx, host)
	return o, err
}

func explainJSON(err error) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return fmt.Errorf("%s: a JSON %s does not fit here; send %s", wrongType.Field, wrongType.Value, wanted(wrongType))
	case strings.HasPrefix(err.Error(), unknownFieldErrorOfJSON):
		field, _ := strconv.Unquote(strings.TrimPrefix(err.Error(), unknownFieldErrorOfJSON))
		return fmt.Errorf("%s: unknown field; the fields are %s", field, orderFields)
	default:
		return fmt.Errorf("body: not a JSON object (%v); send one with the fields %s", err, orderFields)
	}
}

func wanted(wrongType *json.UnmarshalTypeError) string {
	switch wrongType.Type.Kind().String() {
	case "string":
		return "a string"
	case "float64":
		return "a number"
	default:
		return "a whole number"
	}
}

func (o order) check() (*url.URL, error) {
	target, err := checkTarget(o.Target)
	if err != nil {
		return nil, err
	}
	if err := checkPath(o.Path); err != nil {
		return nil, err
	}
	leastConnections := 0
	if o.KeepAlivePerSecond > 0 {
		leastConnections = 1
	}
	for _, field := range []struct {
		name              string
		value, low, limit float64
	}{
		{"newPerSecond", o.NewPerSecond, 0, maxNewPerSecond},
		{"keepAlivePerSecond", o.KeepAlivePerSecond, 0, maxKeepAlivePerSecond},
		{"keepAliveConnections", float64(o.KeepAliveConnections), float64(leastConnections), maxKeepAliveConnections},
		{"requestTimeoutMillis", float64(o.RequestTimeoutMillis), 1, maxTimeoutMillis},
		{"connectTimeoutMillis", float64(o.ConnectTimeoutMillis), 1, maxTimeoutMillis},
		{"maxSeconds", float64(o.MaxSeconds), 1, maxRunSeconds},
	} {
		if field.value < field.low || field.value > field.limit {
			return nil, fmt.Errorf("%s: %v is out of bounds; set it from %v to %v", field.name, field.value, field.low, field.limit)
		}
	}
	rate := o.NewPerSecond + o.KeepAlivePerSecond
	if rate == 0 {
		return nil, errors.New("newPerSecond: 0, and keepAlivePerSecond too, so nothing would be sent; set one of them above 0")
	}
	if requests := rate * float64(o.MaxSeconds); requests > maxRequestsInRun {
		return nil, fmt.Errorf("maxSeconds: %d s at these rates are %.0f requests, of at most %d; set it to %d or less",
			o.MaxSeconds, requests, maxRequestsInRun, int(maxRequestsInRun/rate))
	}
	if outstanding := rate * (o.requestTimeout() + o.connectTimeout()).Seconds(); outstanding > maxOutstandingRequests {
		return nil, fmt.Errorf("requestTimeoutMillis: a silent server would hold %.0f requests at these rates, of at most %d; lower the timeouts or the rates",
			outstanding, maxOutstandingRequests)
	}
	return target, nil
}

func checkTarget(text string) (*url.URL, error) {
	target, err := url.Parse(text)
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") || target.Hostname() == "" || target.Port() == "" ||
		(target.Path != "" && target.Path != "/") || target.User != nil || target.RawQuery != "" || target.ForceQuery || target.Fragment != "" {
		return nil, fmt.Errorf("target: %q is no http or https URL of host and port; write it like %s", text, exampleTarget)
	}
	if port, err := strconv.ParseUint(target.Port(), 10, 16); err != nil || port == 0 {
		return nil, fmt.Errorf("target: %q has no port from 1 to 65535; write it like %s", text, exampleTarget)
	}
	return target, nil
}

func checkPath(path string) error {
	if !strings.HasPrefix(path, "/") || len(path) > maxPathBytes {
		return fmt.Errorf("path: %.40q does not begin with / or is longer than %d bytes; write it like /work", path, maxPathBytes)
	}
	for _, b := range []byte(path) {
		if b <= ' ' || b >= 0x7f || b == '#' {
			return fmt.Errorf("path: %.40q holds a character that may not stand in a request line; percent-encode it", path)
		}
	}
	return nil
}

// resolve looks the name up once: a lookup for each request would put the name server's troubles into the log.
func resolve(ctx context.Context, target *url.URL) (netip.AddrPort, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", target.Hostname())
	if err != nil || len(addresses) == 0 {
		return netip.AddrPort{}, fmt.Errorf("target: no address found for %q; use one that resolves from this pod, or an IP address", target.Hostname())
	}
	port, _ := strconv.ParseUint(target.Port(), 10, 16)
	return netip.AddrPortFrom(addresses[0].Unmap(), uint16(port)), nil
}
