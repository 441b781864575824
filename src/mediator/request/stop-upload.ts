import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';

/**
 * Asks a client in HTTP/2 to stop an upload that its answer does not wait for: after the whole answer it gets RST_STREAM (NO_ERROR), RFC
 * 9113 §8.1. A reset that overtook the end of the answer would cut it: until that end was sent, what comes is dropped.
 */
export function stopUpload(request: Http2ServerRequest, { stream }: Http2ServerResponse): void {
  const stop = (): void => {
    if (stream.closed || stream.destroyed || stream.state.remoteClose === CLOSED) return;
    if (stream.state.localClose === CLOSED) stream.close(constants.NGHTTP2_NO_ERROR);
    else request.once('data', later);
  };
  const later = (): void => void setImmediate(stop); // by then the end was sent, unless the client's window is closed
  stream.once('finish', later);
}

/** How the state of a stream says that a side has ended. */
const CLOSED = 1;
