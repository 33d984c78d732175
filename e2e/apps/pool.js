import { setTimeout as sleep } from 'node:timers/promises';

const QUERY_MIN_MILLIS = 20;
const QUERY_MAX_MILLIS = 50;
const DATABASE_QUERY = 'select pg_sleep(0.03)';
const DATABASE_CONNECTIONS = 20;

// The database's own pool where there is a database, and what stands in for it where there is none.
export async function openPool(databaseUrl) {
  return databaseUrl ? DatabasePool.open(databaseUrl) : new Pool();
}

// Stands in for a database pool. It keeps the three properties of a real one that decide how a shutdown goes:
// ending it waits for those who still use it, nobody may use it afterwards, and until then it keeps the process alive.
export class Pool {
  #users = 0;
  #ended = false;
  #whenIdle = [];
  #open = setInterval(() => {}, 60_000);

  query() {
    return this.use(() => sleep(QUERY_MIN_MILLIS + Math.random() * (QUERY_MAX_MILLIS - QUERY_MIN_MILLIS)));
  }

  async use(work) {
    if (this.#ended) {
      throw new Error('the pool has ended');
    }
    this.#users++;
    try {
      return await work();
    } finally {
      this.#users--;
      if (this.#users === 0) {
        this.#whenIdle.splice(0).forEach((wake) => wake());
      }
    }
  }

  async end() {
    this.#ended = true;
    if (this.#users > 0) {
      await new Promise((wake) => this.#whenIdle.push(wake));
    }
    clearInterval(this.#open);
  }
}

// A PostgreSQL through node-postgres, with the same face.
class DatabasePool {
  #pool;

  constructor(pool) {
    this.#pool = pool;
  }

  static async open(connectionString) {
    const { default: pg } = await import('pg');
    // Connections stay open however long nobody asks, as in most services.
    const pool = new pg.Pool({ connectionString, max: DATABASE_CONNECTIONS, idleTimeoutMillis: 0 });
    // Of a connection that nobody uses at the time: the pool opens another one when it needs it.
    pool.on('error', (error) => console.error(`database: ${error.message}`));
    return new DatabasePool(pool);
  }

  async query() {
    await this.#pool.query(DATABASE_QUERY);
  }

  async use(work) {
    const client = await this.#pool.connect();
    try {
      return await work();
    } finally {
      client.release();
    }
  }

  end() {
    return this.#pool.end();
  }
}
