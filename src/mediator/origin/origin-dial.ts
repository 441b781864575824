import { connect, type Socket } from 'node:net';
import { spellDestination } from './destination.ts';
import { directDial, farEnd, type Dial, type DialTarget, type DstOf } from './dial.ts';

/** A proxy to go through, with the value of its `Proxy-Authorization` where it wants one. */
export interface UpstreamProxy {
  readonly host: string;
  readonly port: number;
  readonly authorization: string | null;
}

const LONGEST_ANSWER = 16 * 1024;
const ESTABLISHED = /^HTTP\/1\.[01] 2\d\d/;

/** The destination asked of the other proxy. Only that proxy knows where its own connection ends. */
const askedOfProxy = ({ addresses, port }: DialTarget): string =>
  spellDestination({ host: addresses[0] ?? '', port });

/** Dials through another proxy's CONNECT, asking it for the first address that was checked, so that it resolves nothing. */
function proxiedDial(proxy: UpstreamProxy, timeoutMs: number): Dial {
  return asked => {
    const target = askedOfProxy(asked);
    const authorization =
      proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
    const socket = connect({ host: proxy.host, port: proxy.port, allowHalfOpen: true, noDelay: true });
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
    return established(socket, timeoutMs);
  };
}

function established(socket: Socket, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const read = (chunk: Buffer): void => {
      held = Buffer.concat([held, chunk]);
      const end = held.indexOf('\r\n\r\n');
      if (end === -1 && held.length < LONGEST_ANSWER) return;
      clearTimeout(timer);
      socket.removeListener('data', read);
      socket.pause();
      const line = held.toString('latin1', 0, Math.max(held.indexOf('\r'), 0));
      if (!ESTABLISHED.test(line)) {
        socket.destroy(new Error(`the upstream proxy answered ${JSON.stringify(line.slice(0, 80))}`));
        return;
      }
      socket.unshift(held.subarray(end + 4));
      resolve(socket);
    };
    socket.on('data', read);
    socket.on('error', reject); // stays: a later failure shows as `close`
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error('the upstream proxy closed the connection'));
    });
  });
}

/** How origins are reached, and what records may call their end. */
export interface OriginDial {
  readonly dial: Dial;
  readonly dstOf: DstOf;
}

/** Dials directly, or through another proxy. There the far end of a connection is the proxy, so records name the address that was asked for. */
export const originDial = (proxy: UpstreamProxy | null, timeoutMs: number): OriginDial =>
  proxy
    ? { dial: proxiedDial(proxy, timeoutMs), dstOf: (_, target) => askedOfProxy(target) }
    : { dial: directDial(timeoutMs), dstOf: farEnd };
