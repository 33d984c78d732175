"""What uvicorn serves."""
import asyncio
import random
import socket
import time

import access_log

BODY = b"{}\n"
servedBy = socket.gethostname().encode()

access_log.begin()


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    came = time.time()
    while (await receive()).get("more_body"):
        pass
    path = scope["path"]
    if path == "/query":
        await asyncio.sleep(random.uniform(0.02, 0.05))
    status = 200 if path in ("/query", "/ready") else 404
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-length", b"%d" % len(BODY)), (b"served-by", servedBy)]})
    await send({"type": "http.response.body", "body": BODY})
    agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
    access_log.write(came, agent, scope["method"], path, status, *scope["client"])
