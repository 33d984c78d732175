// Command server becomes the server that APP_ID stands for: Go's own in this process, or in its place another.
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
)

//go:embed ids.json
var idsJSON []byte

type choice struct {
	Server, End string
}

// What it becomes, unless it is Go's own. The end is the last argument, where it is not the server's own.
var commands = map[string][]string{
	"java":   {"/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/app", "Server"},
	"python": {"/usr/local/bin/python3", "/app/server.py"},
	// Its access log would be a second one.
	"uvicorn": {"/usr/local/bin/python3", "-m", "uvicorn", "--host", "0.0.0.0", "--port", "8080", "--no-access-log", "asgi:app"},
	// One request at a time, and each connection ends with its answer.
	"gunicorn-sync": {"/usr/local/bin/python3", "-m", "gunicorn", "--bind", "0.0.0.0:8080", "--config", "/app/gunicorn.conf.py", "--worker-class", "sync",
		"--threads", "1", "wsgi:app"},
	"gunicorn": {"/usr/local/bin/python3", "-m", "gunicorn", "--bind", "0.0.0.0:8080", "--config", "/app/gunicorn.conf.py", "wsgi:app"},
}

// The address of the app that the proxy stands before, in the same pod.
const behindProxy = "127.0.0.1:8081"

// own is what this process serves itself, nil if it becomes another.
func own(server string) http.Handler {
	switch server {
	case "go":
		return answers()
	case "proxy":
		return passesOn(behindProxy)
	}
	return nil
}

func refuse(line string) {
	fmt.Fprintln(os.Stderr, line)
	os.Exit(2)
}

func main() {
	var ids map[string]choice
	if err := json.Unmarshal(idsJSON, &ids); err != nil {
		panic(err)
	}
	id := os.Getenv("APP_ID")
	chosen, known := ids[id]
	if !known {
		var all []string
		for id := range ids {
			all = append(all, id)
		}
		slices.Sort(all)
		refuse(fmt.Sprintf("APP_ID: %q is unknown; set it to one of %s", id, strings.Join(all, ", ")))
	}
	if chosen.Server == relayServer {
		listener, err := net.Listen("tcp", "127.0.0.1:"+port())
		if err != nil {
			refuse(fmt.Sprintf("PORT: %v; set PORT to a free port", err))
		}
		relay(listener, os.Getenv("RELAY_TO"))
		return
	}
	if handler := own(chosen.Server); handler != nil {
		serve(chosen.End, handler)
		return
	}
	command := slices.Clone(commands[chosen.Server])
	if chosen.End != "" {
		command = append(command, chosen.End)
	}
	err := syscall.Exec(command[0], command, os.Environ())
	refuse(fmt.Sprintf("APP_ID: %s cannot be run (%v); it is part of the image", command[0], err))
}
