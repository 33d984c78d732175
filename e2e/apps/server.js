import { readFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logAccess } from './access-log.js';
import { openPool } from './pool.js';

const USUAL_MIN_MILLIS = 5;
const USUAL_MAX_MILLIS = 50;
const SLOW_MILLIS = 2_000;
const SLOW_SHARE = 0.01;
const ANNOUNCED_MILLIS = 2_000;
const LONG_MILLIS = 300;
const VERY_LONG_MILLIS = 2_000;
const LARGE_BODY = { padding: 'x'.repeat(100 * 1024) };

function refuse(line) {
  console.error(line);
  process.exit(2);
}

// The id is opaque on purpose: whoever judges this pod through the Kubernetes API must not be able to read how it will end.
function patternOf(id) {
  const ids = JSON.parse(readFileSync(new URL('ids.json', import.meta.url), 'utf8'));
  if (!Object.hasOwn(ids, id ?? '')) {
    refuse(`APP_ID: ${id === undefined ? 'not set' : `"${id}" is unknown`}; set it to one of ${Object.keys(ids).join(', ')}`);
  }
  return ids[id];
}

function portOf(variable, text = process.env[variable] ?? '8080') {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    refuse(`${variable}: "${text}" is no port; set it to a number from 0 (any free port) to 65535, or leave it out`);
  }
  return Number(text);
}

// The key and the certificate are made with the image; none is checked in.
function certificateOf(directory = new URL('tls/', import.meta.url).pathname) {
  try {
    return { key: readFileSync(join(directory, 'key.pem')), cert: readFileSync(join(directory, 'cert.pem')) };
  } catch (error) {
    refuse(`TLS: ${error.path} cannot be read (${error.code}); set TLS_DIRECTORY to the folder of key.pem and cert.pem, or leave TLS out`);
  }
}

const pattern = patternOf(process.env.APP_ID);
const port = portOf('PORT');
const servedBy = hostname();
const pool = await openPool(process.env.DATABASE_URL);
let leaving = false;
let readiness = 200;
let first = (_request, _response, next) => next();
const helperUrl = process.env.HELPER_PORT && `http://127.0.0.1:${portOf('HELPER_PORT')}/fast`;

// The headers are chosen when the answer is written, not when the request came: the response to a request that was in flight at SIGTERM has them too.
function answer(response, status, body) {
  const text = JSON.stringify(body) + '\n';
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Served-By': servedBy,
    ...(leaving && { Connection: 'close' }),
  });
  response.end(text);
}

async function readBody(request) {
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
  }
  return bytes;
}

function workMillis() {
  if (Math.random() < SLOW_SHARE) {
    return SLOW_MILLIS;
  }
  return USUAL_MIN_MILLIS + Math.random() * (USUAL_MAX_MILLIS - USUAL_MIN_MILLIS);
}

async function work(request, response) {
  if (request.method !== 'GET' && request.method !== 'POST') {
    return answer(response, 405, { error: 'use GET or POST' });
  }
  const bytes = await readBody(request);
  const tookMillis = workMillis();
  try {
    await pool.use(() => sleep(tookMillis));
  } catch (error) {
    return answer(response, 500, { error: error.message });
  }
  answer(response, 200, { bytes, tookMillis: Math.round(tookMillis) });
}

async function query(response, body = {}) {
  try {
    await pool.query();
  } catch (error) {
    return answer(response, 500, { error: error.message });
  }
  answer(response, 200, body);
}

async function takeLong(response, millis) {
  await sleep(millis);
  answer(response, 200, {});
}

// Asks the helper for its permission, on a connection of its own, as whoever lives in another container.
function permitted() {
  return new Promise((done) => {
    const asked = get(helperUrl, { agent: false }, (permission) => permission.resume().once('end', () => done(permission.statusCode === 200)));
    asked.once('error', () => done(false));
  });
}

async function serveWithHelper(request, response) {
  if (await permitted()) {
    serveAlone(request, response);
  } else {
    answer(response, 502, { error: 'the helper does not answer' });
  }
}

function serve(request, response) {
  first(request, response, () => {
    if (helperUrl && !['/fast', '/ready'].includes(request.url)) {
      serveWithHelper(request, response);
    } else {
      serveAlone(request, response);
    }
  });
}

function serveAlone(request, response) {
  const path = request.url.split('?', 1)[0];
  if (path === '/work') {
    // A client that goes away while it sends its body ends that read with an error; nobody is left to be answered.
    work(request, response).catch(() => response.destroy());
  } else if (path === '/query') {
    query(response);
  } else if (path === '/large') {
    query(response, LARGE_BODY);
  } else if (path === '/slow') {
    takeLong(response, LONG_MILLIS);
  } else if (path === '/two-seconds') {
    takeLong(response, VERY_LONG_MILLIS);
  } else if (path === '/fast') {
    answer(response, 200, {});
  } else if (path === '/ready') {
    answer(response, readiness, { ready: readiness === 200 });
  } else {
    answer(response, 404, { error: 'use /work, /query, /large, /slow, /two-seconds, /fast or /ready' });
  }
}

const server = process.env.TLS === '1' ? createTlsServer(certificateOf(process.env.TLS_DIRECTORY), serve) : createServer(serve);
logAccess(server);
// It serves the same, beside the one of the clients.
const management = createServer(serve);

// From now on every answer ends its connection, and readiness answers with this status.
function startLeaving({ readiness: status = 503 } = {}) {
  leaving = true;
  readiness = status;
}

const app = {
  server,
  management,
  pool,
  answer,
  startLeaving,
  // Each request goes to this first, with what would serve it.
  putFirst(handler) {
    first = handler;
  },
  // For so long. A client that learns of it within the last seconds does not send its next request into the closing of its connection.
  async serveOn(millis) {
    await sleep(millis - ANNOUNCED_MILLIS);
    startLeaving({ readiness });
    await sleep(ANNOUNCED_MILLIS);
  },
  // Done when the last connection is gone. Those that wait for a request have no response to say so on.
  closeServer() {
    return new Promise((done) => {
      server.close(done);
      server.closeIdleConnections();
    });
  },
  // Says the same line for every pattern, so that the log tells the signal and not the pattern.
  onSigterm(end) {
    process.on('SIGTERM', () => {
      console.log('SIGTERM received');
      end();
    });
  },
};

const { default: prepareEnd } = await import(`./patterns/${pattern}.js`);
prepareEnd(app);

server.on('error', (error) => refuse(`PORT: cannot listen on ${port} (${error.code}); set PORT to a free port`));
if (process.env.MANAGEMENT_PORT) {
  management.listen(portOf('MANAGEMENT_PORT'));
}
server.listen(port, () => console.log(`listening on ${server.address().port}`));
