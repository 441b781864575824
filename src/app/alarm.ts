import { visible } from '../core/visible.ts';

/** The least time between two rings. One notice names all hosts since the last ring. */
const QUIET_MS = 10_000;
/** The most hosts that a notice names. */
const NAMED = 3;
/** The most characters of a name, because an agent chooses it. */
const LONGEST_NAME = 64;

/** The effects that an alarm needs, passed in. */
export interface AlarmOptions {
  /** Rings, for an operator who may look elsewhere. The text is safe for a terminal. */
  readonly ring: (text: string) => void;
  /** The words before `hosts`; by default `newly denied`. */
  readonly word?: string;
  /** Runs `work` once after the delay. Returns a function that cancels it. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
}

/** Rings at once for the first newly denied host, then once for all further ones within ten seconds. */
export class Alarm {
  readonly #options: AlarmOptions;
  #waiting: string[] = [];
  #count = 0;
  #cancel: (() => void) | null = null;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** Reports a newly denied host. */
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

  /** Cancels a pending ring. */
  stop(): void {
    this.#cancel?.();
  }
}

/** The text of a notice: `3 newly denied hosts: a.example, b.example, c.example`. */
function noticeOf(
  word: string,
  { hosts, count }: { readonly hosts: readonly string[]; readonly count: number },
): string {
  const names = hosts.map(host => visible(host.slice(0, LONGEST_NAME))).join(', ');
  const more = count > hosts.length ? ` and ${count - hosts.length} more` : '';
  return `${count} ${word} ${count === 1 ? 'host' : 'hosts'}: ${names}${more}`;
}
