import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('../server.js', import.meta.url));

export function run(environment) {
  const { APP_ID, PORT, DATABASE_URL, TLS, ...rest } = process.env;
  const child = spawn(process.execPath, [server], { env: { ...rest, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { child, exited };
}

// Starts the app on a free port and kills it when the test is over, however that test ends.
export async function start(t, id, environment = {}) {
  const { child, exited } = run({ APP_ID: id, PORT: '0', ...environment });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const unread = [];
  const waiting = [];
  const access = [];
  lines.on('line', (line) => {
    if (line.startsWith('access\t')) {
      const [, at, caller, method, path, status, from] = line.split('\t');
      access.push({ at: Number(at), caller, method, path, status, from });
    } else if (waiting.length) {
      waiting.shift()(line);
    } else {
      unread.push(line);
    }
  });
  const nextLine = () => (unread.length ? Promise.resolve(unread.shift()) : new Promise((wake) => waiting.push(wake)));
  const port = Number((await nextLine()).match(/^listening on (\d+)$/)[1]);
  return { child, exited, port, nextLine, access };
}

// Opens a request that the server has but cannot answer yet: its body is not complete until finish().
export async function openRequest(port, agent) {
  const sent = request({ port, host: '127.0.0.1', agent, method: 'POST', path: '/work', headers: { 'Content-Length': 4 } });
  const answered = once(sent, 'response').then(([response]) => read(response));
  answered.catch(() => {});
  sent.write('ab');
  // An answer on another connection, asked for later, shows that the server has read this one's head.
  await once(sent, 'socket').then(([socket]) => socket.connecting && once(socket, 'connect'));
  await ask(port, '/ready');
  return {
    finish() {
      sent.end('cd');
      return answered;
    },
  };
}

export async function ask(port, path, { method = 'GET', body, headers, agent = new Agent() } = {}) {
  const sent = request({ port, host: '127.0.0.1', agent, method, path, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return read(response);
}

async function read(response) {
  let text = '';
  for await (const chunk of response) {
    text += chunk;
  }
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(text) };
}

// Comes back once a new connection is refused. If the server never closes its listener, the test's own time limit ends this.
export async function refused(port) {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
    } catch (error) {
      if (error.code === 'ECONNREFUSED') {
        return;
      }
      throw error;
    } finally {
      socket.destroy();
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

export { Agent };
