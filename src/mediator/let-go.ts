import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

const nothing = (): void => {};

/**
 * Takes all listeners from a socket once it is closed. V8 holds each closed socket until its next full collection: Node's `WritableState`
 * has a closure that V8 puts into the old generation. With its listeners a socket would hold its whole tunnel, to be copied twice. Calls `gone` then.
 */
export function letGo(socket: Socket, gone: () => void = nothing): void {
  const take = (): void => {
    EventEmitter.prototype.removeAllListeners.call(socket); // a stream's own would look at the stream once more
    socket.on('error', nothing);
    gone();
  };
  if (socket.closed) take();
  else socket.once('close', take);
}
