package main

import (
	"net/http/httptest"
	"testing"
)

func TestWhatARequestIsAbout(t *testing.T) {
	for _, c := range []struct{ method, url, verb, resource string }{
		{"GET", "/api/v1/pods", "list", "pods"},
		{"GET", "/api/v1/pods?watch=true&resourceVersion=5", "watch", "pods"},
		{"GET", "/api/v1/pods?watch=1", "watch", "pods"},
		{"GET", "/api/v1/pods?watch=false", "list", "pods"},
		{"GET", "/api/v1/watch/pods", "watch", "pods"},
		{"GET", "/api/v1/namespaces/a/pods", "list", "pods"},
		{"GET", "/api/v1/namespaces/a/pods/b", "get", "pods"},
		{"GET", "/api/v1/namespaces/a/pods/b?watch=true", "watch", "pods"},
		{"PUT", "/api/v1/namespaces/a/pods/b/status", "update", "pods/status"},
		{"POST", "/api/v1/namespaces/a/pods/b/eviction", "create", "pods/eviction"},
		{"DELETE", "/api/v1/namespaces/a/pods/b", "delete", "pods"},
		{"DELETE", "/api/v1/namespaces/a/pods", "deletecollection", "pods"},
		{"GET", "/api/v1/namespaces", "list", "namespaces"},
		{"GET", "/api/v1/namespaces/a", "get", "namespaces"},
		{"PUT", "/api/v1/namespaces/a/finalize", "update", "namespaces/finalize"},
		{"GET", "/apis/discovery.k8s.io/v1/endpointslices?watch=true", "watch", "endpointslices"},
		{"GET", "/apis/discovery.k8s.io/v1/namespaces/a/endpointslices", "list", "endpointslices"},
		{"PATCH", "/apis/apps/v1/namespaces/a/deployments/b", "patch", "deployments"},
		{"GET", "/apis/apps/v1", "get", ""},
		{"GET", "/api/v1", "get", ""},
		{"GET", "/version", "get", ""},
	} {
		got := readRequest(httptest.NewRequest(c.method, c.url, nil))
		if got.verb != c.verb || got.resource != c.resource {
			t.Errorf("%s %s: %+v, want %s %s", c.method, c.url, got, c.verb, c.resource)
		}
	}
}
