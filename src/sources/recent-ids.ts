/** More than a mediator replays, so that every replayed event is known; 4096 ids are some hundred kB. */
const MAX_IDS = 4096;

/** The ids of the latest events of a socket and the connection each came by. */
export class RecentIds {
  readonly #connections = new Map<string, number>();

  /** Remembers an id; false when an earlier connection brought it already. Twice in one connection is the server's own business. */
  add(id: string, connection: number): boolean {
    const known = this.#connections.get(id);
    if (known !== undefined && known !== connection) return false;
    this.#connections.set(id, connection);
    if (this.#connections.size > MAX_IDS) {
      const [oldest] = this.#connections.keys();
      if (oldest !== undefined) this.#connections.delete(oldest);
    }
    return true;
  }
}
