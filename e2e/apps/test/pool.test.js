import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pool } from '../pool.js';

test('ending waits for every user, and nobody gets in afterwards', async () => {
  const pool = new Pool();
  const events = [];
  let release;
  const using = pool.use(() => new Promise((wake) => (release = wake))).then(() => events.push('used'));
  const ending = pool.end().then(() => events.push('ended'));

  await assert.rejects(pool.use(() => {}), /the pool has ended/);
  release();
  await Promise.all([using, ending]);
  assert.deepEqual(events, ['used', 'ended']);
});

test('a user that fails lets go of the pool', async () => {
  const pool = new Pool();
  await assert.rejects(pool.use(() => Promise.reject(new Error('boom'))), /boom/);
  await pool.end();
});
