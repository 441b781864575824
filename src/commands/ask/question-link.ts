import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/event.ts';
import { parseObject, text } from '../../core/record.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { noMediator } from '../mediator/no-mediator.ts';
import { placesOf } from '../places.ts';

/** A connection to the socket of a mediator with questions. */
export interface QuestionLink {
  /** The path of its policy file; null without one. */
  readonly policyPath: string | null;
  /** Its messages. Messages that `hears` did not take are kept. It ends with the connection. */
  readonly messages: AsyncGenerator<JsonObject>;
  readonly say: (request: object) => void;
  /** Waits for the next message of one of these types; null if the mediator ends before. */
  readonly hears: (...types: readonly string[]) => Promise<JsonObject | null>;
  readonly close: () => void;
}

/** Connects to a mediator's socket. Throws a Failure if no mediator serves it, and if it does not ask. */
export async function openQuestionLink(path: string | undefined): Promise<QuestionLink> {
  const place = resolve(path ?? ownFiles(placesOf(undefined), process.getuid?.()).socket);
  const socket = connect(place);
  socket.on('error', () => socket.destroy()); // no mediator: the messages end
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
    throw new Failure(`the mediator on ${listen} asks no questions: its mode is ${mode}`, 1, {
      remedy: 'start it with --mode ask',
    });
  }
  const policy = hello['policy'] as JsonObject | null; // a mediator in mode ask has a policy
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
  lines.on('error', () => socket.destroy()); // the error of the socket, reported again
  try {
    for await (const line of lines) {
      const message = parseObject(line);
      if (message) yield message;
    }
  } catch (error) {
    if (!socket.destroyed) throw error; // an error of the socket only ends the messages
  }
}
