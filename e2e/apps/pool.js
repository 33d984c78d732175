// Stands in for a database pool. It keeps the two properties of a real one that decide how a shutdown goes:
// ending it waits for those who still use it, and nobody may use it afterwards.
export class Pool {
  #users = 0;
  #ended = false;
  #whenIdle = [];

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
  }
}
