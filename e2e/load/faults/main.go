// Command faults stands between the operator and the Kubernetes API server, and on command takes single resources away
// from it: their watches end, or stay open and say nothing more.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

const (
	proxyAddress   = ":8443"
	controlAddress = ":8090"
	certificateAge = 30 * 24 * time.Hour
	authorityFile  = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
)

func main() {
	log.SetFlags(log.LstdFlags | log.Lmicroseconds | log.LUTC)
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	api, err := apiServer(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(authorityFile)
	if err != nil {
		return fmt.Errorf("%w; run it in a pod that mounts its service account's token", err)
	}
	transport, err := newTransport(authority)
	if err != nil {
		return err
	}
	certificate, err := selfSigned()
	if err != nil {
		return err
	}
	s := newSabotage()
	proxy := &http.Server{
		Addr: proxyAddress, Handler: newProxy(api, transport, s), ReadHeaderTimeout: 10 * time.Second,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	control := &http.Server{Addr: controlAddress, Handler: newControl(s), ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error)
	go func() { failed <- proxy.ListenAndServeTLS("", "") }()
	go func() { failed <- control.ListenAndServe() }()
	return <-failed
}

func apiServer(host, port string) (*url.URL, error) {
	if host == "" || port == "" {
		return nil, errors.New("KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT: not set; run it in a pod, or set both to the API server's address")
	}
	return &url.URL{Scheme: "https", Host: net.JoinHostPort(host, port)}, nil
}

func newTransport(authority []byte) (*http.Transport, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, fmt.Errorf("%s: holds no certificate in PEM; run it in a pod that mounts its service account's token", authorityFile)
	}
	return &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:   true,
		DisableCompression:  true, // what the caller accepts is the caller's to say
		MaxIdleConnsPerHost: 32,
	}, nil
}

// selfSigned makes a certificate that no client knows: the client must be set to trust any.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "faults"},
		DNSNames:     []string{"localhost", "faults", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(certificateAge),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, nil
}
