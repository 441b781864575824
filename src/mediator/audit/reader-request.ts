import type { Readable } from 'node:stream';

/** A request of a reader of the mediator's socket. */
export type ReaderRequest =
  | { readonly type: 'subscribe'; readonly replay: number }
  | { readonly type: 'reload' }
  | { readonly type: 'status' }
  /** The mediator is to end. */
  | { readonly type: 'stop' }
  /** The connection stands for a program behind the mediator, which stays up as long as the connection. */
  | { readonly type: 'hold' };

/** Longest line a reader may send. */
const LONGEST_REQUEST = 4096;

/** The requests in a stream of lines; throws on an endless one. */
export async function* readRequests(stream: Readable): AsyncGenerator<ReaderRequest> {
  let pending = '';
  for await (const text of stream.setEncoding('utf8')) {
    const lines = (pending + String(text)).split('\n');
    pending = lines.pop() ?? '';
    if (pending.length > LONGEST_REQUEST) throw new Error('an endless line');
    for (const line of lines) {
      const request = readRequest(line);
      if (request) yield request;
    }
  }
}

/** Lines that are not JSON, and requests of a later protocol, are ignored. */
function readRequest(line: string): ReaderRequest | null {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null || !('type' in request)) return null;
    const { type } = request;
    const replay =
      'replay' in request && typeof request.replay === 'number' ? Math.max(0, request.replay) : 0;
    if (type === 'subscribe') return { type, replay };
    return type === 'reload' || type === 'status' || type === 'stop' || type === 'hold' ? { type } : null;
  } catch {
    return null; // not JSON
  }
}
