import { visible } from '../core/visible.ts';

/** The bell rings at most this often. One notice names all denials between two rings. */
const QUIET_MS = 10_000;
/** Hosts named in one notice. */
const NAMED = 3;
/** Characters of a name: an agent chose it. */
const LONGEST_NAME = 64;

/** The parts of the outside world that an alarm needs. */
export interface AlarmOptions {
  /** Rings, for an operator who may look elsewhere. The text is safe for a terminal. */
  readonly ring: (text: string) => void;
  /** The word before `hosts`: `newly denied` where none is given. */
  readonly word?: string;
  /** Runs the work once, later. Returns its cancel function. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
}

/** Rings for newly denied hosts: at once for the first, then once for all that came within ten seconds. */
export class Alarm {
  readonly #options: AlarmOptions;
  #waiting: string[] = [];
  #count = 0;
  #cancel: (() => void) | null = null;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** There is news of a host. */
  readonly hear = (host: string): void => {
    this.#count += 1;
    if (this.#waiting.length < NAMED) this.#waiting.push(host);
    if (this.#cancel === null) this.#ring();
  };

  #ring(): void {
    if (this.#count === 0) {
      this.#cancel = null;
      return;
    }
    this.#options.ring(
      noticeOf(this.#options.word ?? 'newly denied', { hosts: this.#waiting, count: this.#count }),
    );
    [this.#waiting, this.#count] = [[], 0];
    this.#cancel = this.#options.schedule(() => this.#ring(), QUIET_MS);
  }

  /** Cancels the ring that is due. */
  stop(): void {
    this.#cancel?.();
  }
}

/** `3 newly denied hosts: a.example, b.example, c.example`. */
function noticeOf(
  word: string,
  { hosts, count }: { readonly hosts: readonly string[]; readonly count: number },
): string {
  const names = hosts.map(host => visible(host.slice(0, LONGEST_NAME))).join(', ');
  const more = count > hosts.length ? ` and ${count - hosts.length} more` : '';
  return `${count} ${word} ${count === 1 ? 'host' : 'hosts'}: ${names}${more}`;
}
