"""The lines of ../apps/access-log.js, written ten times a second."""
import sys
import threading
import time

FLUSH_SECONDS = 0.1


def begin():
    sys.stdout.reconfigure(line_buffering=False, write_through=False)
    threading.Thread(target=flush_again_and_again, daemon=True).start()


def flush_again_and_again():
    while True:
        time.sleep(FLUSH_SECONDS)
        sys.stdout.flush()


def write(came, agent, method, path, status, address, port):
    sys.stdout.write(f"access\t{came * 1000:.0f}\t{caller(agent)}\t{method}\t{path}\t{status}\t{address}:{port}\n")


def caller(agent):
    if agent.startswith("graceful-operator/"):
        return "operator"
    return "kubelet" if agent.startswith("kube-probe/") else "other"
