import { connect, isIPv6, type LookupFunction, type Socket } from 'node:net';
import { canonicalAddress, spellDestination } from './destination.ts';
import type { OriginReader } from './origin-reader.ts';

/** Where to dial: addresses that were ruled on, and nothing else. */
export interface DialTarget {
  readonly addresses: readonly string[];
  readonly port: number;
}

/** The destination of a connection for a record: the known end, else the one that was asked for. */
export type DstOf = (socket: Socket, target: DialTarget) => string;

/** Opens a TCP connection to one of the addresses, trying them as RFC 8305 does. Rejects with a sentence when none answers in time. It is read by `reading`, where the way there lets it. */
export type Dial = (target: DialTarget, reading?: OriginReader) => Promise<Socket>;

/** Dials directly. The name is never resolved again: the lookup hands out the checked addresses. */
export function directDial(timeoutMs: number): Dial {
  return ({ addresses, port }, reading) => {
    const onread = reading ? { onread: reading.start() } : {};
    const options = { port, noDelay: true, allowHalfOpen: true, ...onread };
    const [only, ...more] = addresses;
    const socket =
      only !== undefined && more.length === 0
        ? connect({ ...options, host: only })
        : connect({
            ...options,
            host: 'checked.invalid',
            autoSelectFamily: true,
            lookup: handOut(addresses),
          });
    return settled(socket, timeoutMs);
  };
}

/** A look-up that asks nobody. */
function handOut(addresses: readonly string[]): LookupFunction {
  const checked = addresses.map(address => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_, __, callback) => callback(null, checked);
}

/** The socket once it stands. */
function settled(socket: Socket, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const gone = (): void => {
      clearTimeout(timer);
      reject(new Error('closed before it stood'));
    };
    socket.on('error', reject); // stays: a later failure shows as `close`
    socket.once('close', gone);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('close', gone);
      resolve(socket);
    });
  });
}

/** Where a socket that was dialled directly ends, as `address:port`. Of one address there is nothing to ask. */
export function farEnd(socket: Socket, { addresses, port }: DialTarget): string {
  const [only, ...more] = addresses;
  return only !== undefined && more.length === 0 ? spellDestination({ host: only, port }) : peerOf(socket);
}

function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  // The system spells addresses canonically but for IPv4 within IPv6.
  const host = remoteAddress.startsWith('::ffff:') ? canonicalAddress(remoteAddress) : remoteAddress;
  return spellDestination({ host, port: remotePort });
}

/** The log's words for a failed system call or handshake: its code and words, never a stack. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.find(each => each instanceof Error) : null;
  const told: Error = inner ?? error;
  const code = 'code' in told && typeof told.code === 'string' ? told.code : null;
  return code === null || told.message.includes(code) ? told.message : `${told.message} (${code})`;
}
