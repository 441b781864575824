import { connect, type Socket } from 'node:net';
import { until } from '../../until.ts';
import { readMessage } from '../exchange/read-message.ts';
import type { World } from '../world.ts';
import type { ConformanceCase, Seen } from './conformance-case.ts';

/** The host that every proxy lets through, and finds on loopback. */
export const ORIGIN = 'origin.test';

/** An origin that hears bytes and answers each whole request as it is told. */
export class Origin {
  heard: string[] = [];
  answer = '';
  port = 0;
  readonly #open = new Set<Socket>();

  async start(world: World): Promise<void> {
    this.port = await world.tcp(socket => this.#hear(socket));
  }

  /** Begins a case: connections that a proxy keeps for later belong to the case before. */
  begin(answer: string): void {
    for (const socket of this.#open) socket.destroy();
    this.heard = [];
    this.answer = answer;
  }

  #hear(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    const at = this.heard.push('') - 1;
    const { heard } = this; // of this case alone
    let answered = 0;
    socket.on('data', (chunk: Buffer) => {
      heard[at] += chunk.toString('latin1');
      for (; answered < wholeRequests(heard[at] ?? ''); answered += 1) socket.write(this.answer, 'latin1');
    });
    socket.once('end', () => socket.destroy());
  }
}

/** Whole requests in the bytes of a connection, as far as these cases go: one with a body, or several without. */
function wholeRequests(text: string): number {
  const first = readMessage(text, { answers: null, hasEnded: false });
  if (first.is !== 'whole') return 0;
  return first.body === '' ? text.split('\r\n\r\n').filter(head => / HTTP\/1\.\d/.test(head)).length : 1;
}

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain';
/** A proxy that neither answers nor closes by then waits for more. */
const QUIET_MS = 1500;

/** Sends a case through the proxy on a port of loopback. */
export async function runCase(
  port: number,
  origin: Origin,
  { send, answer = PLAIN }: ConformanceCase,
): Promise<Seen> {
  origin.begin(answer);
  const { heard } = origin;
  const at = `${ORIGIN}:${origin.port}`;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let answered = '';
  let isOver = false;
  const over = (): void => void (isOver = true);
  socket.on('error', () => socket.destroy()); // a reset is an answer as well
  socket.once('end', over).once('close', over);
  socket.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')));
  socket.write(send.replaceAll('@', `http://${at}`).replaceAll('#', at), 'latin1');
  const wanted = send.split(' HTTP/1.').length - 1;
  const isAnswered = (): boolean =>
    answered.split(/HTTP\/1\.[01] [2-5]\d\d/).length > wanted && answersEnd(answered, send);
  await until(() => isOver || isAnswered(), { deadlineMs: QUIET_MS }).catch(() => {});
  socket.destroy();
  return { answered, heard, isPassed: heard.some(text => wholeRequests(text) > 0) };
}

const answersEnd = (answered: string, send: string): boolean =>
  send.startsWith('HEAD') || / (?:204|304) /.test(answered) || /plain|\r\n\r\n[^]+$/.test(answered);
