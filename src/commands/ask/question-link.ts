import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/event.ts';
import { parseObject, text } from '../../core/record.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { noMediator } from '../mediator/no-mediator.ts';
import { placesOf } from '../places.ts';

/** A connection to the socket of a mediator that asks. */
export interface QuestionLink {
  /** Where its policy file is. */
  readonly policyPath: string | null;
  /** Its messages, from the newest that nobody took on; ends with the connection. */
  readonly messages: AsyncGenerator<JsonObject>;
  readonly say: (request: object) => void;
  /** Waits for the next message of one of these types; null where the mediator is gone before. */
  readonly hears: (...types: readonly string[]) => Promise<JsonObject | null>;
  readonly close: () => void;
}

/** Joins the mediator behind the socket. Fails where none is up, and where it asks nobody. */
export async function openQuestionLink(path: string | undefined): Promise<QuestionLink> {
  const place = resolve(path ?? ownFiles(placesOf(undefined), process.getuid?.()).socket);
  const socket = connect(place);
  socket.on('error', () => socket.destroy()); // nobody serves it: its messages end
  const messages = messagesOf(socket);
  const hears = async (...types: readonly string[]): Promise<JsonObject | null> => {
    for (;;) {
      const next = await messages.next();
      if (next.done) return null;
      if (types.includes(text(next.value, 'type') ?? '')) return next.value;
    }
  };
  const hello = await hears('hello');
  if (!hello) throw noMediator(place);
  const [mode, listen] = [text(hello, 'mode') ?? 'unknown', text(hello, 'listen') ?? place];
  if (mode !== 'ask') {
    socket.destroy();
    throw new Failure(`the mediator on ${listen} asks nobody: its mode is ${mode}`, 1, {
      remedy: 'start it with --mode ask',
    });
  }
  const policy = hello['policy'] as JsonObject | null; // mode ask has one
  return {
    policyPath: policy && text(policy, 'path'),
    messages,
    say: request => void socket.write(`${JSON.stringify(request)}\n`),
    hears,
    close: () => socket.destroy(),
  };
}

async function* messagesOf(socket: Socket): AsyncGenerator<JsonObject> {
  const lines = createInterface({ input: socket, crlfDelay: Infinity });
  lines.on('error', () => socket.destroy()); // the socket's own error, told once more
  try {
    for await (const line of lines) {
      const message = parseObject(line);
      if (message) yield message;
    }
  } catch (error) {
    if (!socket.destroyed) throw error; // the socket's own error ends its messages
  }
}
