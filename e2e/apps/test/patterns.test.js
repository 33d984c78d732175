import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { Agent, ask, openRequest, refused, run, start } from './process.js';

const ids = JSON.parse(readFileSync(new URL('../ids.json', import.meta.url), 'utf8'));
const idOf = (pattern) => Object.keys(ids).find((id) => ids[id] === pattern);
const limit = { timeout: 30_000 };

test('every pattern has one opaque id, and every id a pattern', () => {
  const patterns = readdirSync(new URL('../patterns', import.meta.url)).map((file) => file.replace(/\.js$/, ''));
  assert.deepEqual(Object.values(ids).sort(), patterns.sort());
  for (const id of Object.keys(ids)) {
    assert.match(id, /^[0-9a-f]{4}$/);
  }
});

for (const [name, environment, field] of [
  ['an unknown id', { APP_ID: 'beef' }, 'APP_ID'],
  ['a name that every object has', { APP_ID: 'constructor' }, 'APP_ID'],
  ['no id', {}, 'APP_ID'],
  ['a port that is none', { APP_ID: idOf('textbook'), PORT: 'http' }, 'PORT'],
]) {
  test(`${name} ends it with one line that names ${field}`, limit, async () => {
    const { child, exited } = run(environment);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    assert.deepEqual(await exited, { code: 2, signal: null });
    assert.match(errors, new RegExp(`^${field}: .+\n$`));
  });
}

// Two are releases that do not come up.
for (const [id, pattern] of Object.entries(ids).filter(([, pattern]) => !['crashes', 'neverready'].includes(pattern))) {
  test(`${pattern} answers while it lives`, limit, async (t) => {
    const { port } = await start(t, id);

    const get = await ask(port, '/work');
    assert.equal(get.status, 200);
    assert.equal(get.headers['served-by'], hostname());
    assert.equal(get.body.bytes, 0);

    const post = await ask(port, '/work', { method: 'POST', body: 'grüße' });
    assert.equal(post.status, 200);
    assert.equal(post.body.bytes, Buffer.byteLength('grüße'));

    for (const path of ['/ready', '/query', '/slow', '/two-seconds', '/fast']) {
      assert.equal((await ask(port, path)).status, 200);
    }
    const large = await ask(port, '/large');
    assert.equal(large.status, 200);
    assert.ok(Number(large.headers['content-length']) > 100 * 1024);
    assert.equal((await ask(port, '/work', { method: 'DELETE' })).status, 405);
    const missing = await ask(port, '/missing');
    assert.equal(missing.status, 404);
    assert.equal(missing.headers['served-by'], hostname());
  });
}

test('textbook refuses at SIGTERM, and a busy connection keeps it alive', limit, async (t) => {
  const app = await start(t, idOf('textbook'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const inFlight = await openRequest(app.port, agent);

  app.child.kill('SIGTERM');
  assert.equal(await app.nextLine(), 'SIGTERM received');
  await refused(app.port);

  const last = await inFlight.finish();
  assert.equal(last.status, 200);
  assert.equal(last.headers.connection, 'keep-alive');
  assert.equal((await ask(app.port, '/ready', { agent })).status, 200);

  agent.destroy();
  assert.deepEqual(await app.exited, { code: 0, signal: null });
});

test('drain serves on after SIGTERM, tells its clients to go, then closes and exits 0', limit, async (t) => {
  const app = await start(t, idOf('drain'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const inFlight = await openRequest(app.port, agent);

  app.child.kill('SIGTERM');
  assert.equal(await app.nextLine(), 'SIGTERM received');

  const ready = await ask(app.port, '/ready');
  assert.equal(ready.status, 503);
  const late = await ask(app.port, '/work', { agent: new Agent({ keepAlive: true }) });
  assert.equal(late.status, 200);
  assert.equal((await ask(app.port, '/missing')).headers.connection, 'close');
  assert.equal(late.headers.connection, 'close');

  // Held past the closing of the listener: what is in flight is still answered, and the exit waits for it.
  await refused(app.port);
  assert.equal(app.child.exitCode, null);
  const last = await inFlight.finish();
  assert.equal(last.status, 200);
  assert.equal(last.headers.connection, 'close');

  assert.deepEqual(await app.exited, { code: 0, signal: null });
});
