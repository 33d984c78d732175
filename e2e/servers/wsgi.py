"""What gunicorn serves."""
import random
import socket
import time

import access_log

BODY = b"{}\n"
servedBy = socket.gethostname()


def app(environ, start_response):
    came = time.time()
    environ["wsgi.input"].read()
    path = environ["PATH_INFO"]
    if path == "/query":
        time.sleep(random.uniform(0.02, 0.05))
    status = "200 OK" if path in ("/query", "/ready") else "404 Not Found"
    start_response(status, [("Content-Length", str(len(BODY))), ("Served-By", servedBy)])
    access_log.write(came, environ.get("HTTP_USER_AGENT", ""), environ["REQUEST_METHOD"], path, status[:3],
                     environ["REMOTE_ADDR"], environ["REMOTE_PORT"])
    return [BODY]


def post_worker_init(_):
    """Gunicorn calls it in the process that serves, where alone a thread lives on."""
    access_log.begin()
