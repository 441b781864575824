import { STATUS_CODES, type ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { AnyRequest, AnyResponse } from './exchange.ts';
import { groupFields, type Fields } from './fields.ts';
import { type Refusal, refusalBody, refusalFields } from './refusal.ts';

const INTERNAL_ERROR = constants.NGHTTP2_INTERNAL_ERROR;

/** Answers a request with a refusal. An HTTP/1.1 connection is closed after it: what follows was framed by a client we do not trust. */
export function answerRefusal(response: AnyResponse, refusal: Refusal): void {
  if (response.headersSent) {
    if (isHttp1(response)) response.destroy();
    else response.stream.close(INTERNAL_ERROR);
    return;
  }
  const body = refusalBody(refusal);
  const fields = refusalFields(refusal, body);
  writeHead(
    response,
    refusal,
    Object.entries(isHttp1(response) ? { ...fields, connection: 'close' } : fields),
  );
  response.end(body);
}

/** Writes status and fields in the way of the client's protocol. */
export function writeHead(
  response: AnyResponse,
  { status, statusText = '' }: { readonly status: number; readonly statusText?: string },
  fields: Fields,
): void {
  if (isHttp1(response)) {
    response.sendDate = false;
    if (statusText === '') response.writeHead(status, fields.flat());
    else response.writeHead(status, statusText, fields.flat());
  } else response.writeHead(status, groupFields(fields));
}

/** Writes an answer that its head ends. In HTTP/2 the head itself says so: gRPC clients take a status of theirs from nowhere else. */
export function writeWhole(response: AnyResponse, status: number, fields: Fields): void {
  if (isHttp1(response)) writeHead(response, { status }, fields);
  else response.stream.respond({ ':status': status, ...groupFields(fields) }, { endStream: true });
}

/** Passes an interim answer on, unless the client speaks HTTP/1.0 or its answer has begun (RFC 9110 §15.2). */
export function writeInterim(
  request: AnyRequest,
  response: AnyResponse,
  { status, fields }: { readonly status: number; readonly fields: Fields },
): void {
  if (response.headersSent || request.httpVersion === '1.0') return;
  if (status === 100) response.writeContinue();
  else if (!isHttp1(response)) {
    if (!response.stream.destroyed)
      response.stream.additionalHeaders({ ':status': status, ...groupFields(fields) });
  } else if ('writeInformation' in response && typeof response.writeInformation === 'function')
    response.writeInformation(status, fields.flat());
  else {
    // before Node 24 there is no such method; the socket is known once this answer's turn has come
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    response.socket?.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`, 'latin1');
  }
}

const isHttp1 = (response: AnyResponse): response is ServerResponse => !('stream' in response);
