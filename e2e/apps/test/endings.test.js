import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as secureRequest } from 'node:https';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, ask, openRequest, refused, start } from './process.js';

const ids = JSON.parse(readFileSync(new URL('../ids.json', import.meta.url), 'utf8'));
const idOf = (pattern) => Object.keys(ids).find((id) => ids[id] === pattern);
const limit = { timeout: 60_000 };
const freePort = () => new Promise((done) => {
  const server = createServer().listen(0, () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});
const ended = (code) => ({ code, signal: null });

async function askedToEnd(t, pattern, environment) {
  const app = await start(t, idOf(pattern), environment);
  app.terminate = async () => {
    app.child.kill('SIGTERM');
    assert.equal(await app.nextLine(), 'SIGTERM received');
  };
  app.get = (path, options) => ask(app.port, path, options);
  return app;
}

// Each starts an app of its own and mostly waits for it.
describe('endings', { concurrency: true }, () => {
  test('exit is gone at once, whatever is in flight', limit, async (t) => {
    const app = await askedToEnd(t, 'exit');
    const inFlight = await openRequest(app.port, new Agent());
    app.child.kill('SIGTERM');
    await assert.rejects(inFlight.finish());
    assert.deepEqual(await app.exited, ended(0));
    assert.deepEqual(app.access.filter(({ method }) => method === 'POST').map(({ status }) => status), ['-']);
  });

  test('nohandler leaves the signal to the kernel', limit, async (t) => {
    const app = await askedToEnd(t, 'nohandler');
    app.child.kill('SIGTERM');
    assert.deepEqual(await app.exited, { code: null, signal: 'SIGTERM' });
  });

  test('keepalive refuses at SIGTERM and serves a busy connection on', limit, async (t) => {
    const app = await askedToEnd(t, 'keepalive');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const inFlight = await openRequest(app.port, agent);
    await app.terminate();
    await refused(app.port);
    assert.equal((await inFlight.finish()).headers['keep-alive'], 'timeout=65');
    assert.equal((await app.get('/fast', { agent })).status, 200);
    agent.destroy();
    assert.deepEqual(await app.exited, ended(0));
  });

  test('closeidle tells its clients to go and exits 0', limit, async (t) => {
    const app = await askedToEnd(t, 'closeidle');
    const inFlight = await openRequest(app.port, new Agent({ keepAlive: true }));
    await app.terminate();
    await refused(app.port);
    assert.equal((await inFlight.finish()).headers.connection, 'close');
    assert.deepEqual(await app.exited, ended(0));
  });

  test('closeidlehit answers everybody and exits 1 all the same', limit, async (t) => {
    const app = await askedToEnd(t, 'closeidlehit');
    const inFlight = await openRequest(app.port, new Agent());
    await app.terminate();
    await refused(app.port);
    assert.equal((await inFlight.finish()).status, 200);
    assert.deepEqual(await app.exited, ended(1));
  });

  test('waitclose serves as if nothing had happened, then ends its connections', limit, async (t) => {
    const app = await askedToEnd(t, 'waitclose');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await app.terminate();
    const ready = await app.get('/ready', { agent });
    assert.deepEqual([ready.status, ready.headers.connection], [200, 'keep-alive']);
    const inFlight = await openRequest(app.port, agent);
    await refused(app.port);
    assert.equal((await inFlight.finish()).headers.connection, 'close');
    assert.deepEqual(await app.exited, ended(0));
  });

  test('poolearly answers 500 where it needs its pool, and serves the rest', limit, async (t) => {
    const app = await askedToEnd(t, 'poolearly');
    await app.terminate();
    assert.equal((await app.get('/query')).status, 500);
    assert.equal((await app.get('/work')).status, 500);
    assert.equal((await app.get('/ready')).status, 200);
    assert.equal((await app.get('/fast')).status, 200);
    await refused(app.port);
    assert.deepEqual(await app.exited, ended(0));
  });

  for (const pattern of ['poolnever', 'hangs']) {
    test(`${pattern} closes and never exits`, limit, async (t) => {
      const app = await askedToEnd(t, pattern);
      const inFlight = await openRequest(app.port, new Agent());
      await app.terminate();
      await refused(app.port);
      assert.equal((await inFlight.finish()).status, 200);
      assert.equal(await Promise.race([app.exited, sleep(1_000, 'still there')]), 'still there');
    });
  }

  for (const [pattern, readiness] of [['ready503', 503], ['ready500', 500], ['readynever', 200]]) {
    test(`${pattern} says ${readiness} while it drains, and serves the rest`, limit, async (t) => {
      const app = await askedToEnd(t, pattern);
      await app.terminate();
      assert.equal((await app.get('/ready')).status, readiness);
      const query = await app.get('/query');
      assert.deepEqual([query.status, query.headers.connection], [200, 'close']);
      await refused(app.port);
      assert.deepEqual(await app.exited, ended(0));
    });
  }

  test('unavailable turns everybody away, whatever they ask for', limit, async (t) => {
    const app = await askedToEnd(t, 'unavailable');
    await app.terminate();
    assert.deepEqual([(await app.get('/query')).status, (await app.get('/ready')).status], [503, 503]);
    await refused(app.port);
    assert.deepEqual(await app.exited, ended(0));
  });

  test('unavailablelater serves for a while, and turns away later', limit, async (t) => {
    const app = await askedToEnd(t, 'unavailablelater');
    await app.terminate();
    assert.equal((await app.get('/query')).status, 200);
    await sleep(5_500);
    assert.equal((await app.get('/query')).status, 503);
    assert.deepEqual(await app.exited, ended(0));
  });

  test('keptunavailable turns away who was there before, and serves who comes', limit, async (t) => {
    const app = await askedToEnd(t, 'keptunavailable');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal((await app.get('/fast', { agent })).status, 200);
    await app.terminate();
    const { status, headers } = await app.get('/fast', { agent });
    assert.deepEqual([status, headers.connection], [503, 'close']);
    assert.equal((await app.get('/fast', { agent })).status, 200);
    assert.deepEqual(await app.exited, ended(0));
  });

  test('slows answers 3 s later', limit, async (t) => {
    const app = await askedToEnd(t, 'slows');
    await app.terminate();
    const asked = performance.now();
    assert.equal((await app.get('/fast')).status, 200);
    assert.ok(performance.now() - asked >= 2_990);
    assert.deepEqual(await app.exited, ended(0));
  });

  test('mute answers nothing', limit, async (t) => {
    const app = await askedToEnd(t, 'mute');
    await app.terminate();
    await assert.rejects(app.get('/fast'));
    assert.deepEqual(await app.exited, ended(0));
  });

  for (const [pattern, first, last] of [['managementfirst', 'management', 'clients'], ['managementlast', 'clients', 'management']]) {
    test(`${pattern} closes the port of the ${first} and serves that of the ${last}`, limit, async (t) => {
      const ports = { management: await freePort() };
      const app = await askedToEnd(t, pattern, { MANAGEMENT_PORT: ports.management });
      ports.clients = app.port;
      assert.equal((await ask(ports.management, '/ready')).status, 200);
      await app.terminate();
      await refused(ports[first]);
      assert.equal((await ask(ports[last], '/ready')).status, 200);
      assert.deepEqual(await app.exited, ended(0));
    });
  }

  test('an app whose helper is gone answers 502, but for what needs none', limit, async (t) => {
    const app = await askedToEnd(t, 'waitclose', { HELPER_PORT: await freePort() });
    assert.deepEqual([(await app.get('/query')).status, (await app.get('/ready')).status], [502, 200]);
  });

  test('oom serves, closes, and then takes more memory than a small limit allows', limit, async (t) => {
    const app = await askedToEnd(t, 'oom');
    await app.terminate();
    assert.equal((await app.get('/query')).status, 200);
    await refused(app.port);
    // Nothing limits it here.
    assert.deepEqual(await app.exited, ended(4));
  });

  test('second serves one after the other, and dies of two', limit, async (t) => {
    const app = await askedToEnd(t, 'second');
    for (let i = 0; i < 20; i++) {
      const { status, headers } = await app.get('/fast', { agent: new Agent({ keepAlive: true }) });
      assert.deepEqual([status, headers.connection], [200, 'close']);
    }
    for (let i = 0; i < 2; i++) {
      const socket = connect(app.port, '127.0.0.1').on('error', () => {});
      t.after(() => socket.destroy());
    }
    assert.deepEqual(await app.exited, ended(1));
  });

  test('second ends well when it is left in peace', limit, async (t) => {
    const app = await askedToEnd(t, 'second');
    await app.terminate();
    assert.equal((await app.get('/query')).status, 200);
    assert.deepEqual(await app.exited, ended(0));
  });

  test('error does all well and exits 3', limit, async (t) => {
    const app = await askedToEnd(t, 'error');
    const inFlight = await openRequest(app.port, new Agent({ keepAlive: true }));
    await app.terminate();
    assert.equal((await app.get('/query')).status, 200);
    await refused(app.port);
    assert.equal((await inFlight.finish()).headers.connection, 'close');
    assert.deepEqual(await app.exited, ended(3));
  });

  test('notfound knows no path any more, and ends well', limit, async (t) => {
    const app = await askedToEnd(t, 'notfound');
    await app.terminate();
    for (const path of ['/ready', '/query', '/fast']) {
      const answer = await app.get(path);
      assert.deepEqual([answer.status, answer.headers['served-by'] !== undefined], [404, true]);
    }
    await refused(app.port);
    assert.deepEqual(await app.exited, ended(0));
  });

  test('sickens serves on when its readiness fails, and is gone at SIGTERM', limit, async (t) => {
    const app = await askedToEnd(t, 'sickens');
    assert.equal((await app.get('/ready')).status, 200);
    await sleep(6_500);
    assert.equal((await app.get('/ready')).status, 503);
    assert.equal((await app.get('/fast')).status, 200);
    await app.terminate();
    assert.deepEqual(await app.exited, ended(1));
  });

  test('every request has its line, and so has a connection without one', limit, async (t) => {
    const app = await askedToEnd(t, 'closeidle');
    await app.get('/query?x=1', { headers: { 'User-Agent': 'graceful-operator/0.1' } });
    await app.get('/ready', { headers: { 'User-Agent': 'kube-probe/1.36' } });
    await app.get('/missing');
    const silent = connect(app.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.end();
    await once(silent.resume(), 'close');
    await app.terminate();
    assert.deepEqual(await app.exited, ended(0));
    await sleep(100);
    assert.deepEqual(
      app.access.map(({ caller, method, path, status }) => [caller, method, path, status].join(' ')).sort(),
      ['- - - -', 'kubelet GET /ready 200', 'operator GET /query 200', 'other GET /missing 404'],
    );
    for (const { at, from } of app.access) {
      assert.ok(Math.abs(Date.now() - at) < 60_000);
      assert.match(from, /^127\.0\.0\.1:\d+$/);
    }
  });

  test('TLS=1 serves the same over TLS', limit, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'tls-'));
    t.after(() => rmSync(directory, { recursive: true }));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=web',
      '-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')], { stdio: 'ignore' });
    const app = await askedToEnd(t, 'waitclose', { TLS: '1', TLS_DIRECTORY: directory });
    const sent = secureRequest({ port: app.port, host: '127.0.0.1', path: '/fast', rejectUnauthorized: false }).end();
    const [response] = await once(sent, 'response');
    assert.equal(response.statusCode, 200);
    response.resume();
    const silent = connect(app.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.destroy();
    await sleep(500);
    assert.deepEqual(app.access.map(({ method, path }) => `${method} ${path}`).sort(), ['- -', 'GET /fast']);
  });
});
