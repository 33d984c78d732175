"""Python's own server; its one argument says how it ends."""
import os
import random
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import access_log

PROPAGATION_SECONDS = 5
ANNOUNCED_SECONDS = 2
IDLE_SECONDS = 5
BODY = b"{}\n"

leaving = threading.Event()
servedBy = socket.gethostname()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # An answer is written in two pieces, and the second must not wait for the first to be acknowledged.
    disable_nagle_algorithm = True

    def do_GET(self):
        came = time.time()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.split("?", 1)[0]
        status = 200 if path in ("/query", "/ready") else 404
        if path == "/query":
            time.sleep(random.uniform(0.02, 0.05))
        self.send_response(status)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("Served-By", servedBy)
        if leaving.is_set():
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(BODY)
        access_log.write(came, self.headers.get("User-Agent", ""), self.command, path, status, *self.client_address[:2])

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 1024
    # Closing waits for those who are being served.
    daemon_threads = False


def main():
    end = sys.argv[1]
    access_log.begin()
    server = Server(("", int(os.environ.get("PORT", "8080"))), Handler)

    def leave():
        if end == "wait":
            time.sleep(PROPAGATION_SECONDS)
            leaving.set()
            time.sleep(ANNOUNCED_SECONDS)
        leaving.set()
        server.shutdown()

    if end != "nothing":
        # From the main thread, which is the one that serves, shutdown() would wait for itself.
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=leave).start())
    server.serve_forever(poll_interval=0.05)
    server.server_close()


main()
