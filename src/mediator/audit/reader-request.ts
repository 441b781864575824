import type { Readable } from 'node:stream';

/** A request of a reader of the mediator's socket. */
export type ReaderRequest =
  /** `answers`: an operator reads, who answers questions. */
  | { readonly type: 'subscribe'; readonly replay: number; readonly answers: boolean }
  /** The answer to a question, as the reader spelled it. */
  | {
      readonly type: 'answer';
      readonly id: string;
      readonly verdict: string;
      readonly term: string;
      readonly by: string;
      readonly via: string;
    }
  /** The open questions, and the rules in memory. */
  | { readonly type: 'questions' }
  /** Takes a rule in memory back. */
  | { readonly type: 'forget'; readonly rule: string }
  | { readonly type: 'reload' }
  | { readonly type: 'status' }
  /** The mediator is to end. */
  | { readonly type: 'stop' }
  /** The connection stands for a program behind the mediator, which stays up as long as the connection. The program may be confined to it. */
  /** A connection of a held program that went round the mediator, as fields of a record. */
  | { readonly type: 'bypass'; readonly fields: BypassFields }
  | { readonly type: 'hold'; readonly isConfined: boolean };

/** A connection that was seen beside the mediator, of whose program. */
interface BypassFields {
  readonly host: string;
  readonly dst: string;
  readonly proto: string;
  readonly pid: number;
  readonly process: string;
  readonly agent: string | null;
  readonly tool: string | null;
}

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

/** Longest text of an answer that is taken. */
const LONGEST_TEXT = 128;

function textOf(request: object, name: string): string {
  const value = Object.entries(request).find(([key]) => key === name)?.[1] as unknown;
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : '';
}

/** Lines that are not JSON, and requests of a later protocol, are ignored. */
function readRequest(line: string): ReaderRequest | null {
  try {
    const request: unknown = JSON.parse(line);
    if (typeof request !== 'object' || request === null || !('type' in request)) return null;
    const { type } = request;
    const text = (name: string): string => textOf(request, name);
    const replay =
      'replay' in request && typeof request.replay === 'number' ? Math.max(0, request.replay) : 0;
    if (type === 'subscribe')
      return { type, replay, answers: 'answers' in request && request.answers === true };
    if (type === 'answer')
      return {
        type,
        id: text('id'),
        verdict: text('verdict'),
        term: text('for') || 'once',
        by: text('by') || 'somebody',
        via: text('via') || 'socket',
      };
    if (type === 'bypass')
      return {
        type,
        fields: {
          host: text('host'),
          dst: text('dst'),
          proto: text('proto') || 'tcp',
          pid: 'pid' in request && typeof request.pid === 'number' ? request.pid : 0,
          process: text('process'),
          agent: text('agent') || null,
          tool: text('tool') || null,
        },
      };
    if (type === 'hold') return { type, isConfined: 'confined' in request && request.confined === true };
    if (type === 'forget') return { type, rule: text('rule') };
    return type === 'questions' || type === 'reload' || type === 'status' || type === 'stop'
      ? { type }
      : null;
  } catch {
    return null; // not JSON
  }
}
