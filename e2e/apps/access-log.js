import { writeSync } from 'node:fs';

const FLUSH_MILLIS = 100;
const CALLERS = [
  ['operator', /^graceful-operator\//],
  ['kubelet', /^kube-probe\//],
];

// One line on standard output for each request that came, and for each connection that went without ever asking, tab-separated:
//   access  unix millis when it came  operator|kubelet|other  method  path  status  the caller's address and port
// The status is that of an answer that was written whole, else `-`; without a request the three before the address are `-`, and
// so is the caller. The clock is the monotonic one. Lines are written ten times a second; a SIGKILL loses what came since.
export function logAccess(server) {
  const unwritten = [];
  const open = new Map();   // answers that are awaited, and connections that have not asked, with what their lines begin with

  function begin(key, line, socket) {
    const at = Math.round(performance.timeOrigin + performance.now());
    open.set(key, { begun: `access\t${at}\t${line}`, from: callerOf(socket) });
  }
  function end(key, status) {
    const entry = open.get(key);
    if (entry) {
      open.delete(key);
      unwritten.push(`${entry.begun}\t${status}\t${entry.from}\n`);
    }
  }
  function flush() {
    let bytes = Buffer.from(unwritten.splice(0).join(''));
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(writeSync(1, bytes));
      } catch (error) {
        if (error.code !== 'EAGAIN') {
          return;
        }
      }
    }
  }

  server.on('connection', (socket) => {
    const caller = callerOf(socket);
    begin(caller, '-\t-\t-', socket);
    socket.once('close', () => end(caller, '-'));
  });
  server.prependListener('request', (request, response) => {
    open.delete(callerOf(request.socket));
    const agent = request.headers['user-agent'] ?? '';
    const kind = CALLERS.find(([, pattern]) => pattern.test(agent))?.[0] ?? 'other';
    begin(response, `${kind}\t${request.method}\t${request.url.split('?', 1)[0]}`, request.socket);
    response.once('finish', () => end(response, response.statusCode));
    response.once('close', () => end(response, '-'));
  });
  setInterval(flush, FLUSH_MILLIS).unref();
  process.on('exit', () => {
    [...open.keys()].forEach((key) => end(key, '-'));
    flush();
  });
}

function callerOf({ remoteAddress = '-', remotePort = 0 }) {
  return `${remoteAddress.replace(/^::ffff:/, '')}:${remotePort}`;
}
