package main

import (
	"net/http"
	"strings"
)

// apiRequest is what a request to the Kubernetes API is about, in the API's own words.
type apiRequest struct {
	verb     string // get, list, watch, create, update, patch, delete, deletecollection
	resource string // plural, with its subresource if there is one, such as pods or pods/status; "" outside the resources
}

// readRequest follows the API server's own reading of a path:
// /api/v1 or /apis/<group>/<version>, then [watch/][namespaces/<namespace>/]<resource>[/<name>[/<subresource>]].
func readRequest(r *http.Request) apiRequest {
	method := strings.ToLower(r.Method)
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) > 2 && parts[0] == "api":
		parts = parts[2:]
	case len(parts) > 3 && parts[0] == "apis":
		parts = parts[3:]
	default:
		return apiRequest{verb: method}
	}
	watched := r.URL.Query().Get("watch")
	isWatch := r.Method == http.MethodGet && (watched == "true" || watched == "1")
	if parts[0] == "watch" && len(parts) > 1 {
		isWatch, parts = true, parts[1:]
	}
	// Of namespaces/a/pods the resource is pods; of namespaces/a and namespaces/a/status it is namespaces itself.
	if parts[0] == "namespaces" && len(parts) > 2 && !(len(parts) == 3 && (parts[2] == "status" || parts[2] == "finalize")) {
		parts = parts[2:]
	}
	resource, named := parts[0], len(parts) > 1
	if len(parts) > 2 {
		resource += "/" + parts[2]
	}
	return apiRequest{verb: verbOf(method, isWatch, named), resource: resource}
}

func verbOf(method string, isWatch, named bool) string {
	switch {
	case isWatch:
		return "watch"
	case method == "get" && !named:
		return "list"
	case method == "post":
		return "create"
	case method == "put":
		return "update"
	case method == "delete" && !named:
		return "deletecollection"
	default:
		return method
	}
}
