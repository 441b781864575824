import type { ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { AnyResponse } from './exchange.ts';
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
    refusal.status,
    '',
    Object.entries(isHttp1(response) ? { ...fields, connection: 'close' } : fields),
  );
  response.end(body);
}

/** Writes status and fields in the way of the client's protocol. */
export function writeHead(response: AnyResponse, status: number, statusText: string, fields: Fields): void {
  if (isHttp1(response)) {
    response.sendDate = false;
    if (statusText === '') response.writeHead(status, fields.flat());
    else response.writeHead(status, statusText, fields.flat());
  } else response.writeHead(status, groupFields(fields));
}

const isHttp1 = (response: AnyResponse): response is ServerResponse => !('stream' in response);
