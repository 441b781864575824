/** More than a mediator replays, so that every replayed event is known; 4096 ids are some hundred kB. */
const MAX_IDS = 4096;

/** The ids of the latest events of a socket and the connection each came by. */
export class RecentIds {
  readonly #connections = new Map<string, number>();
  /** In the order they came, from `#oldest` on and round: to ask a Map for its first key, again and again, is slow. */
  readonly #ids: string[] = [];
  #oldest = 0;

  /** Remembers an id; false when an earlier connection brought it already. Twice in one connection is the server's own business. */
  add(id: string, connection: number): boolean {
    const known = this.#connections.get(id);
    if (known !== undefined && known !== connection) return false;
    if (known === undefined) this.#remember(id);
    this.#connections.set(id, connection);
    return true;
  }

  /** Puts the id in the place of the oldest, once there are too many. */
  #remember(id: string): void {
    const oldest = this.#ids[this.#oldest];
    if (oldest !== undefined) this.#connections.delete(oldest);
    this.#ids[this.#oldest] = id;
    this.#oldest = (this.#oldest + 1) % MAX_IDS;
  }
}
