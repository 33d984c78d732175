import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from './pool.js';

const USUAL_MIN_MILLIS = 5;
const USUAL_MAX_MILLIS = 50;
const SLOW_MILLIS = 2_000;
const SLOW_SHARE = 0.01;

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

function portOf(text = '8080') {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) {
    refuse(`PORT: "${text}" is no port; set it to a number from 0 (any free port) to 65535, or leave it out for 8080`);
  }
  return Number(text);
}

const pattern = patternOf(process.env.APP_ID);
const port = portOf(process.env.PORT);
const servedBy = hostname();
const pool = new Pool();
let leaving = false;

// The headers are chosen when the answer is written, not when the request came: a request that was in flight at SIGTERM is told too.
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

const server = createServer((request, response) => {
  const path = request.url.split('?', 1)[0];
  if (path === '/work') {
    // A client that goes away while it sends its body ends that read with an error; nobody is left to be answered.
    work(request, response).catch(() => response.destroy());
  } else if (path === '/ready') {
    answer(response, leaving ? 503 : 200, { ready: !leaving });
  } else {
    answer(response, 404, { error: 'use /work or /ready' });
  }
});

const app = {
  server,
  pool,
  // From now on every answer ends its connection, and readiness says no.
  startLeaving() {
    leaving = true;
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
server.listen(port, () => console.log(`listening on ${server.address().port}`));
