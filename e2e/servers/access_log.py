"""The lines of ../apps/access-log.js, written ten times a second."""
import atexit
import sys
import threading

FLUSH_SECONDS = 0.1

over = threading.Event()


def begin():
    sys.stdout.reconfigure(line_buffering=False, write_through=False)
    flushing = threading.Thread(target=flush_again_and_again, daemon=True)
    flushing.start()
    # A daemon thread that writes while the interpreter is taken down can bring it down: exit code 139 or 134.
    atexit.register(lambda: (over.set(), flushing.join()))


def flush_again_and_again():
    while not over.wait(FLUSH_SECONDS):
        sys.stdout.flush()


def write(came, agent, method, path, status, address, port):
    sys.stdout.write(f"access\t{came * 1000:.0f}\t{caller(agent)}\t{method}\t{path}\t{status}\t{address}:{port}\n")


def caller(agent):
    if agent.startswith("graceful-operator/"):
        return "operator"
    return "kubelet" if agent.startswith("kube-probe/") else "other"
