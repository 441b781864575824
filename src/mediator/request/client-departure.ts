import type { AnyResponse } from './exchange.ts';

/** Tells when the client of an exchange is gone, at once where it already is; gives what ends the watch. Of pipelined answers Node 22 tells only the first that their connection closed: hence `gone`, the connection's own end. */
export function onDeparture(gone: AbortSignal, response: AnyResponse, left: () => void): () => void {
  response.on('error', left); // a write that came too late
  response.once('close', left);
  gone.addEventListener('abort', left, { once: true });
  if (gone.aborted) left();
  return () => gone.removeEventListener('abort', left);
}
