import { directDial, farEnd, type Dial, type DstOf } from './dial.ts';
import { askedOfProxy, proxiedDial, type UpstreamProxy } from './proxied-dial.ts';

/** How origins are reached, and what records may call their end. */
export interface Dialling {
  readonly dial: Dial;
  readonly dstOf: DstOf;
}

/** Directly, or through another proxy: what is seen of a connection then is the proxy's own address, which no record may call the destination. */
export const dialling = (proxy: UpstreamProxy | null, timeoutMs: number): Dialling =>
  proxy
    ? { dial: proxiedDial(proxy, timeoutMs), dstOf: (_, target) => askedOfProxy(target) }
    : { dial: directDial(timeoutMs), dstOf: farEnd };
