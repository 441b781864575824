import type { Socket } from 'node:net';
import { readSocksCaller, type Caller } from '../caller.ts';
import { hangUp } from '../hang-up.ts';
import { readAuthority, type CanonicalDestination } from '../origin/destination.ts';
import {
  CREDENTIALS,
  NO_CREDENTIALS,
  readCredentials,
  readGreeting,
  readSocksRequest,
  SOCKS_VERSION,
  type SocksCredentials,
  type SocksPart,
  type SocksRequest,
} from './read-socks.ts';
import { SOCKS_REPLY, socksReply } from './socks-answers.ts';

/** The outcome of a handshake. The reader of a refusal records it; the client has its answer. */
export type SocksOutcome =
  | {
      readonly type: 'connect';
      readonly to: CanonicalDestination;
      readonly caller: Caller;
      /** The bytes that the client sent after its request. */
      readonly head: Buffer;
    }
  | {
      readonly type: 'refused';
      readonly host: string | null;
      readonly caller: Caller;
      readonly reason: string;
    };

const ACCEPTED = Buffer.from([1, 0]);
const NO_METHOD = 0xff;
const method = (number: number): Buffer => Buffer.from([SOCKS_VERSION, number]);

/** Why a handshake fails, and the answer to that; none for a client that does not wait for one. */
interface Failure {
  readonly reason: string;
  readonly host?: string;
  readonly answer?: Buffer;
}

const UNSUPPORTED = { bind: 'BIND', associate: 'UDP ASSOCIATE', unknown: 'an unknown command' } as const;

/**
 * The handshake of one SOCKS5 client (RFC 1928, RFC 1929), from its first bytes. It holds no more than one part and a chunk: a greeting
 * has at most 257 bytes, credentials 513, a request 262. A client that is too slow or leaves gets no answer.
 */
export class SocksHandshake {
  readonly #client: Socket;
  readonly #done: (outcome: SocksOutcome) => void;
  #timer: NodeJS.Timeout | undefined;
  #held: Buffer = Buffer.alloc(0);
  #awaited: 'greeting' | 'credentials' | 'request' = 'greeting';
  #isOver = false;
  #caller: Caller = readSocksCaller('', '');

  constructor(client: Socket, done: (outcome: SocksOutcome) => void) {
    this.#client = client;
    this.#done = done;
  }

  /** Listens to the client, which has so long for all of it. */
  start(patienceMs: number): void {
    this.#timer = setTimeout(() => this.#fail({ reason: 'too slow' }), patienceMs);
    this.#client.on('data', this.#take).once('end', this.#left).once('close', this.#left).resume();
  }

  readonly #take = (chunk: Buffer): void => {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (!this.#isOver && this.#step());
  };

  readonly #left = (): void => this.#fail({ reason: 'the client left in its handshake' });

  /** Takes one part, if it is whole. Returns whether another may follow. */
  #step(): boolean {
    switch (this.#awaited) {
      case 'greeting':
        return this.#use(readGreeting(this.#held), this.#greeted);
      case 'credentials':
        return this.#use(readCredentials(this.#held), this.#named);
      case 'request':
        return this.#use(readSocksRequest(this.#held), this.#requested);
    }
  }

  #use<Part>(read: SocksPart<Part>, take: (part: Part) => void): boolean {
    if (read.type === 'incomplete') return false;
    if (read.type === 'malformed') {
      this.#fail({ reason: read.why });
      return false;
    }
    this.#held = this.#held.subarray(read.length);
    take(read.part);
    return this.#held.length > 0;
  }

  /** Names are asked for where the client offers them; it need not have any. */
  readonly #greeted = (methods: readonly number[]): void => {
    if (methods.includes(CREDENTIALS)) this.#ask('credentials', method(CREDENTIALS));
    else if (methods.includes(NO_CREDENTIALS)) this.#ask('request', method(NO_CREDENTIALS));
    else this.#fail({ reason: 'no method that is spoken here', answer: method(NO_METHOD) });
  };

  readonly #named = ({ user, password }: SocksCredentials): void => {
    this.#caller = readSocksCaller(user, password);
    this.#ask('request', ACCEPTED);
  };

  #ask(next: 'credentials' | 'request', answer: Buffer): void {
    this.#awaited = next;
    this.#client.write(answer);
  }

  readonly #requested = ({ command, authority }: SocksRequest): void => {
    const { failure, unknownCommand, unknownAddress } = SOCKS_REPLY;
    if (authority === null)
      return this.#fail({ reason: 'unknown type of address', answer: socksReply(unknownAddress) });
    const read = readAuthority(authority, null);
    const host = read.type === 'refused' ? read.host : read.destination.host;
    if (command !== 'connect') {
      const reason = `${UNSUPPORTED[command]} is not supported`;
      return this.#fail({ reason, host, answer: socksReply(unknownCommand) });
    }
    if (read.type === 'refused')
      return this.#fail({ reason: read.reason, host, answer: socksReply(failure) });
    const head = this.#held;
    this.#end();
    this.#done({ type: 'connect', to: read.destination, caller: this.#caller, head });
  };

  #fail({ reason, host, answer }: Failure): void {
    if (this.#isOver) return;
    this.#end();
    if (answer) hangUp(this.#client, answer);
    else this.#client.destroy();
    this.#done({
      type: 'refused',
      host: host ?? null,
      caller: this.#caller,
      reason: `malformed request: ${reason}`,
    });
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    client.removeListener('data', this.#take).removeListener('end', this.#left);
    client.removeListener('close', this.#left).pause();
  }
}
