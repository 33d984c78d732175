package main

import (
	"io"
	"log"
	"net"
)

// The name of it in ids.json.
const relayServer = "relay"

// relay passes each connection on to the address, as a database's proxy does. It has no end of its own: SIGTERM ends it, and what it holds.
func relay(listener net.Listener, address string) {
	for {
		from, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer from.Close()
			to, err := net.Dial("tcp", address)
			if err != nil {
				log.Print(err)
				return
			}
			defer to.Close()
			go func() {
				io.Copy(to, from)
				to.Close()
			}()
			io.Copy(from, to)
		}()
	}
}
