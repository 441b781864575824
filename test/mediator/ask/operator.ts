import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from '../../until.ts';

/** A message of the mediator's socket. */
export interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A program on the mediator's socket, as a dashboard or a command is one. */
export class Operator {
  readonly socket: Socket;
  readonly heard: Message[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    let pending = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', chunk => {
      const lines = (pending + chunk.toString()).split('\n');
      pending = lines.pop() ?? '';
      this.heard.push(...lines.map(line => JSON.parse(line) as Message));
    });
  }

  static async join(path: string): Promise<Operator> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Operator(socket);
  }

  /** Joins as somebody who answers questions, and is known as one when this resolves. */
  static async answering(path: string): Promise<Operator> {
    const operator = await Operator.join(path);
    operator.say({ type: 'subscribe', answers: true });
    await operator.hears('rules');
    return operator;
  }

  say(request: object): void {
    this.socket.write(`${JSON.stringify(request)}\n`);
  }

  answer(id: unknown, verdict: string, term: string, by = 'me'): void {
    this.say({ type: 'answer', id, verdict, for: term, by, via: 'test' });
  }

  /** Waits for a message of this type with these fields. */
  hears(type: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    const found = (): Message | undefined =>
      this.heard.find(
        message =>
          message.type === type && Object.entries(fields).every(([name, value]) => message[name] === value),
      );
    return until(() => found() as Message, {
      describe: () => `${type} ${JSON.stringify(fields)} among ${JSON.stringify(this.heard, null, 1)}`,
    });
  }
}
