// Command load is the client that tells the truth about a rollout: it sends requests on a fixed schedule, never
// waits for a slow answer before the next one, never sends one twice, and writes down what became of each.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

const controlAddress = ":8090"

func main() {
	// The work is nearly all in the kernel. A second thread would only be woken to find nothing to do, on a machine that the
	// measured cluster needs.
	runtime.GOMAXPROCS(1)

	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()

	server := &http.Server{Addr: controlAddress, Handler: newControl(), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
