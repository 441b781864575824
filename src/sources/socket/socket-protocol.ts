import { parseObject } from '../../core/record.ts';
import { RecentIds } from './recent-ids.ts';
import type { Line, SourceListener, SourceMessage } from '../source.ts';

export interface ReplayOptions {
  /** How many past events are asked for; 1000. With 0, those of a time without a connection are missed, and that is said. */
  readonly replay?: number;
}
const EVENT_START = '{"type":"event",';

/**
 * The conversation of one socket source over all its connections, without the socket. Its promises:
 *
 * - A server whose first line is no hello is only listened to. Every line is delivered as it came. A last line that the end of the
 *   connection cut off is marked as unterminated. Lines that such a server repeats after a reconnect count twice.
 * - A server that says hello is asked for its past events. After a reconnect none of them counts twice. Replayed events are recognised
 *   by their `event_id`, or by `seq` and `ts` together, because `seq` starts again after a restart.
 * - If some event had no id, no past events are asked for. A `{"type":"missed"}` message says that there may be a gap.
 * - A line that the end of the connection cut off is dropped, because the replay or the gap has it.
 * - Line numbers count the delivered lines over all connections.
 */
export class SocketProtocol {
  readonly #source: string;
  readonly #listener: SourceListener;
  readonly #replay: number;
  readonly #ids = new RecentIds();
  #connection = 0;
  #next = 1;
  #isGreeted = false;
  #isFirstLine = true;
  #hasEvents = false;
  #haveAllIds = true;

  constructor(source: string, listener: SourceListener, { replay = 1000 }: ReplayOptions = {}) {
    this.#source = source;
    this.#listener = listener;
    this.#replay = replay;
  }

  /** A connection stands; what follows comes by it. */
  connect(): void {
    this.#connection += 1;
    this.#isFirstLine = true;
    this.#isGreeted = false;
  }

  /** Takes lines from the server and returns what to answer. */
  receive(lines: readonly Line[]): SourceMessage[] {
    const answers: SourceMessage[] = [];
    const events: Line[] = [];
    for (const line of lines) {
      if (this.#isFirstLine) this.#greet(line, answers);
      this.#isFirstLine = false;
      const event = this.#isGreeted ? this.#sort(line, () => this.#deliver(events)) : line;
      if (event !== null) events.push(event);
    }
    this.#deliver(events);
    return answers;
  }

  /** The connection is over, perhaps in the middle of a line. */
  disconnect(rest: Line | null): void {
    if (rest === null || this.#isGreeted) return;
    this.#listener.lines({ source: this.#source, first: this.#next, lines: [rest], unterminated: true });
    this.#next += 1;
  }

  #greet(line: Line, answers: SourceMessage[]): void {
    const hello = messageIn(line);
    this.#isGreeted = hello?.type === 'hello' && typeof hello['protocol'] === 'number';
    if (!this.#isGreeted) return;
    const isSafe = !this.#hasEvents || this.#haveAllIds;
    const isGap = !isSafe || (this.#replay === 0 && this.#connection > 1);
    if (isGap) this.#listener.message?.(this.#source, { type: 'missed' });
    answers.push({ type: 'subscribe', replay: isSafe ? this.#replay : 0 });
  }

  /** The event in a line; null for one that came before, or for a message, which is passed on behind the events before it. */
  #sort(line: Line, flush: () => void): Line | null {
    const message = messageIn(line);
    if (message === null) return line;
    if (message.type !== 'event') {
      flush();
      this.#listener.message?.(this.#source, message);
      return null;
    }
    const id = idOf(message);
    this.#hasEvents = true;
    this.#haveAllIds &&= id !== null;
    if (id !== null && !this.#ids.add(id, this.#connection)) return null;
    const isPlain = typeof line === 'string' && line.startsWith(EVENT_START);
    return isPlain ? `{${line.slice(EVENT_START.length)}` : line;
  }

  #deliver(events: Line[]): void {
    if (events.length === 0) return;
    this.#listener.lines({ source: this.#source, first: this.#next, lines: [...events] });
    this.#next += events.length;
    events.length = 0;
  }
}

/** The object of a line that has a `type`; anything else is a line like any other. */
function messageIn(line: Line): SourceMessage | null {
  if (typeof line !== 'string' || !line.startsWith('{')) return null;
  const value = parseObject(line); // what is no JSON, the decoders will tell
  return isMessage(value) ? value : null;
}

function isMessage(value: unknown): value is SourceMessage {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function idOf({ event_id, seq, ts }: SourceMessage): string | null {
  if (typeof event_id === 'string' && event_id !== '') return event_id;
  return typeof seq === 'number' ? `${seq} ${JSON.stringify(ts)}` : null;
}
