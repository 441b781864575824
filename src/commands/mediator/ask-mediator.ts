import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../../core/event.ts';
import { parseObject, text } from '../../core/record.ts';

/** A request to a mediator, and the type of the message that answers it. */
export interface MediatorQuestion {
  readonly request: 'reload' | 'stop';
  readonly answer: 'policy' | 'stopping';
}

const PATIENCE_MS = 10_000;

/** Sends a request to a mediator's socket and waits for the answer. Null if no mediator serves the socket, or no answer comes. */
export async function askMediator(
  path: string,
  { request, answer }: MediatorQuestion,
): Promise<JsonObject | null> {
  const socket = connect(path);
  let answered: JsonObject | null = null;
  socket.on('error', () => socket.destroy()); // `close` follows
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  const closed = once(socket, 'close');
  socket.write(`${JSON.stringify({ type: request })}\n`);
  createInterface({ input: socket })
    .on('error', () => socket.destroy()) // the error of the socket, reported again
    .on('line', line => {
      const message = parseObject(line);
      if (!message || text(message, 'type') !== answer) return;
      answered ??= message;
      socket.destroy();
    });
  await closed;
  return answered;
}
