import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { Ring } from '../../core/traffic/ring.ts';
import { readAnswerVerdict, readTerm } from '../../core/ask/answer.ts';
import type { Questions } from '../ask/questions.ts';
import { Holders } from './holders.ts';
import type { ReaderRequest } from './reader-request.ts';
import { SocketReader } from './socket-reader.ts';

/** The parts of the mediator that the socket needs. */
export interface AuditSocketPort {
  readonly hello: () => object;
  /** The roots that a program behind the mediator must trust. */
  readonly trust: () => object;
  /** Reads the policy file again; the answer is a `policy` message. */
  readonly reload: () => Promise<object>;
  /** The questions to the operator; null where nobody is asked. */
  readonly questions: () => Questions | null;
  /** Records a connection that went round the mediator; absent where nothing is recorded. */
  readonly bypassed?: (fields: object) => void;
  /** Begins to end the mediator. */
  readonly stop: () => void;
}

/** Bounds of the socket. */
export interface AuditSocketLimits {
  readonly replay: number;
  readonly readerBacklog: number;
}

/** The mediator's unix socket: one JSON object a line, both ways. Its mode is 0600, in a folder that only its owner can write to. */
export class AuditSocket {
  readonly #server: Server;
  readonly #port: AuditSocketPort;
  readonly #limits: AuditSocketLimits;
  readonly #readers = new Set<SocketReader>();
  readonly #holders = new Holders<SocketReader>();
  /** Readers that answer questions. */
  readonly #operators = new Set<SocketReader>();
  /** Readers that wait for their edit of the policy to be taken up. */
  readonly #editors = new Set<SocketReader>();
  readonly #recent: Ring<string>;

  constructor(port: AuditSocketPort, limits: AuditSocketLimits) {
    this.#port = port;
    this.#limits = limits;
    this.#recent = new Ring(limits.replay);
    this.#server = createServer(socket => {
      const reader = new SocketReader(socket, this.#limits.readerBacklog, (who, request) =>
        this.#answer(who, request),
      );
      this.#readers.add(reader);
      socket.once('close', () => {
        this.#readers.delete(reader);
        if (this.#holders.delete(reader)) this.#tellPrograms();
        this.#editors.delete(reader);
        if (this.#operators.delete(reader)) this.#port.questions()?.setCanAnswer(this.#operators.size > 0);
      });
      reader.send(this.#greeting());
    });
  }

  /** Listens at a path. Throws where another process serves the socket; replaces a dead socket. */
  async listen(path: string): Promise<void> {
    const folder = dirname(path);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made === undefined) await requireOwn(folder);
    else await chmod(folder, 0o700);
    if (await isServed(path)) throw new Error(`a mediator already serves ${path}`);
    await rm(path, { force: true });
    await this.#bind(path);
    await chmod(path, 0o600);
  }

  /** Sends a record, given as JSON, to every subscriber, and keeps it for later ones. */
  event(record: string): void {
    this.#recent.push(record);
    if (this.#readers.size === 0) return;
    const line = lineOf(record);
    for (const reader of this.#readers) reader.event(line);
  }

  /** Takes records of an earlier run, so that a reader that its end cut off misses none. */
  remember(records: readonly object[]): void {
    for (const record of records) this.#recent.push(JSON.stringify(record));
  }

  /** Waits until no program runs behind the mediator; from then on none can begin to. */
  released(): Promise<void> {
    return this.#holders.released();
  }

  /** Sends every holder the roots that its programs must trust from now on. */
  trustChanged(): void {
    for (const holder of this.#holders) holder.send({ type: 'trust', ...this.#port.trust() });
  }

  /** Sends every reader a message that is not a record. */
  tell(message: object): void {
    for (const reader of this.#readers) reader.send(message);
  }

  /** Sends a message on questions to everybody who answers them, and to those who wait for an edit. */
  tellOperators(message: object): void {
    for (const reader of new Set([...this.#operators, ...this.#editors])) reader.send(message);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()));
    for (const reader of this.#readers) reader.close();
    await closed;
  }

  /** The newest `count` event lines, oldest first. */
  #newest(count: number): readonly string[] {
    const { length } = this.#recent;
    const wanted = Math.min(Math.floor(count), length);
    return Array.from({ length: wanted }, (_, index) =>
      lineOf(this.#recent.at(length - wanted + index) ?? '{}'),
    );
  }

  async #answer(reader: SocketReader, request: ReaderRequest): Promise<void> {
    switch (request.type) {
      case 'subscribe':
        reader.subscribe(this.#newest(request.replay));
        return request.answers ? this.#addOperator(reader) : undefined;
      case 'answer':
        if (request.term === 'always') this.#editors.add(reader);
        return reader.send(this.#answered(request));
      case 'questions':
        return reader.send(this.#port.questions()?.list ?? NO_QUESTIONS);
      case 'forget':
        return reader.send({
          type: 'forgotten',
          rule: request.rule,
          known: this.#port.questions()?.forget(request.rule) ?? false,
        });
      case 'reload':
        return reader.send(await this.#port.reload());
      case 'status':
        return reader.send(this.#greeting());
      case 'stop':
        reader.send({ type: 'stopping' });
        return this.#port.stop();
      case 'bypass':
        return this.#port.bypassed?.(request.fields);
      case 'hold':
        if (!this.#holders.add(reader, request.isConfined)) return reader.close();
        reader.send({ type: 'held', ...this.#port.trust() });
        return this.#tellPrograms();
    }
  }

  #tellPrograms(): void {
    this.tell({ type: 'programs', running: this.#holders.size, confined: this.#holders.confined });
  }

  #addOperator(reader: SocketReader): void {
    const questions = this.#port.questions();
    if (!questions || this.#operators.has(reader)) return;
    this.#operators.add(reader);
    for (const message of questions.messages) reader.send(message);
    questions.setCanAnswer(true);
  }

  #answered({ id, verdict: word, term: spelled, by, via }: AnswerRequest): object {
    const refused = (why: string): object => ({ type: 'unanswered', id, why });
    const questions = this.#port.questions();
    if (!questions) return refused('this mediator asks no questions: its mode is not ask');
    const [verdict, term] = [readAnswerVerdict(word), readTerm(spelled)];
    if (verdict === null) return refused('the verdict is allow, deny or passthrough');
    if (term === null) return refused('an answer is for once, run, always or a time as 10m');
    return questions.answer(id, { verdict, term, by, via });
  }

  #greeting(): object {
    const { size: holders, confined } = this.#holders;
    const asking = this.#port.questions() === null ? {} : { operators: this.#operators.size };
    return { ...this.#port.hello(), holders, confined, ...asking };
  }

  /** Sets the mask around the (synchronous) bind, so that no other user can connect between bind and chmod. */
  #bind(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const mask = process.umask(0o177);
      this.#server.once('error', reject);
      this.#server.listen(path, () => resolve());
      process.umask(mask);
    });
  }
}

/** The answer of a mediator that asks nobody. */
const NO_QUESTIONS = { type: 'questions', questions: [], floods: [], rules: [] };

type AnswerRequest = Extract<ReaderRequest, { readonly type: 'answer' }>;

/** The record as a message; it has at least an event. */
const lineOf = (record: string): string => `{"type":"event",${record.slice(1)}\n`;

/** A folder that another user owns or can write to may hold a trap. */
async function requireOwn(folder: string): Promise<void> {
  const stats = await lstat(folder);
  const isOthers = stats.uid !== process.getuid?.() || (stats.mode & 0o022) !== 0;
  if (!stats.isDirectory() || isOthers)
    throw new Error(`${folder} is not a folder that this user alone can write to`);
}

function isServed(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
