package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
)

var resourceName = regexp.MustCompile(`^[a-z][a-z0-9]{0,62}$`)

func newControl(s *sabotage) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	for path, f := range map[string]fault{"/cut": faultCut, "/stall": faultStall, "/mend": faultNone} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			resource := r.URL.Query().Get("resource")
			if !resourceName.MatchString(resource) {
				http.Error(w, fmt.Sprintf("resource: %.70q is no plural name of a resource; write it like %s?resource=endpointslices", resource, path), http.StatusBadRequest)
				return
			}
			s.set(resource, f)
		})
	}
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(s.counts())
	})
	return mux
}
