import type { OutgoingMessage } from 'node:http';

/**
 * Sends the head of a message that waits for its body, once what is at hand was handled. Node holds a head back for the first bytes of the
 * body, which may come only after the other side has seen the head.
 */
export function flushSoon(message: OutgoingMessage): void {
  setImmediate(() => {
    if (!message.writableEnded && !message.destroyed) message.flushHeaders();
  });
}
