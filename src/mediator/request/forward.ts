import { Transform, type Readable } from 'node:stream';
import { answerRefusal, writeHead, writeInterim, writeWhole } from './answer.ts';
import { describeFailure } from '../origin/dial.ts';
import { authorityOf, exchangeFields, type AnyRequest, type AnyResponse, type Exchange } from './exchange.ts';
import {
  recordAnswer,
  recordRequest,
  unlessUnrecorded,
  unrecordedBy,
  type PermitRecorder,
} from './exchange-records.ts';
import {
  countForward,
  endToEnd,
  fieldsOf,
  groupFields,
  trailing,
  valueOf,
  wantsTrailers,
  type Fields,
} from './fields.ts';
import { flushSoon } from './flush-soon.ts';
import type { Mediation } from '../mediation.ts';
import { ConnectionFailure, type OriginClient, type OriginResponse } from '../origin/origin-client.ts';
import { failureRecord } from '../tunnel/tunnel-record.ts';

/** The facts for forwarding one request, beside the exchange. */
export interface Forwarding {
  readonly mediation: Mediation;
  readonly exchange: Exchange;
  readonly origin: OriginClient;
  readonly connected: PermitRecorder;
  /** Aborts when the client's connection is gone. */
  readonly gone: AbortSignal;
  /** Told of every body chunk, in both directions. */
  readonly moved: (bytes: number) => void;
}

/**
 * Sends a request to its origin and its answer back, streaming both ways. An answer leaves an `egress_response` record, and the end an
 * `egress_request`. A connection that failed leaves its own record.
 */
export async function forward(
  forwarding: Forwarding,
  request: AnyRequest,
  response: AnyResponse,
): Promise<void> {
  const { mediation, exchange, origin } = forwarding;
  const abandoned = new AbortController();
  const unwatch = onDeparture(forwarding.gone, response, () => abandoned.abort());
  const count = countedBytes(forwarding.moved);
  try {
    const answer = await origin.send({
      method: exchange.method,
      scheme: exchange.scheme,
      authority: authorityOf(exchange.scheme, exchange.destination),
      path: exchange.path,
      fields: countForward(exchange.method, endToEnd(fieldsOf(request.rawHeaders))).filter(
        ([name]) => name.toLowerCase() !== 'host',
      ),
      wantsTrailers: wantsTrailers(fieldsOf(request.rawHeaders)),
      expectsContinue: expectsContinue(request),
      body: bodyOf(request, count.out, () => abandoned.abort()),
      trailers: () => trailing(fieldsOf(request.rawTrailers)),
      signal: abandoned.signal,
      informed: (status, fields) => writeInterim(request, response, { status, fields: endToEnd(fields) }),
      connected: unlessUnrecorded(forwarding.connected, abandoned),
    });
    const unrecorded = recordAnswer(mediation, exchange, answer.status);
    if (unrecorded !== null) throw new Error(unrecorded);
    await passBack(answer, response, count.in);
    recordRequest(mediation, exchange, { status: answer.status, ...count.moved() });
    finish(response, trailing(answer.trailers()));
    discardRest(request);
  } catch (error) {
    const why = abandoned.signal.aborted ? whyAbandoned(abandoned.signal) : describeFailure(error);
    if (error instanceof ConnectionFailure)
      mediation.record({ ...exchangeFields(exchange), ...failureRecord(error.event, null, why) });
    else recordRequest(mediation, exchange, { error: why, ...count.moved() });
    answerRefusal(response, { status: 502, host: exchange.destination.host, reason: why, nearest: null });
  } finally {
    unwatch();
  }
}

/** Takes in what the client still uploads after its answer: the connection is then in step for the next request. */
function discardRest(request: AnyRequest): void {
  if (request.complete) return;
  request.unpipe();
  request.resume();
}

const whyAbandoned = (signal: AbortSignal): string => unrecordedBy(signal) ?? 'the client left';

/** The request's body with its chunks counted; null where there is none. A request that the client cut off does not end: it fails. */
function bodyOf(request: AnyRequest, counted: (chunk: Buffer) => void, cut: () => void): Readable | null {
  if ('stream' in request ? request.stream.endAfterHeaders : !hasBody(fieldsOf(request.rawHeaders)))
    return null;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      counted(chunk);
      done(null, chunk);
    },
    flush: done => done(isCut(request) ? new Error('the client left') : null),
  });
  counter.on('error', cut);
  return request.pipe(counter);
}

/** HTTP/2 resets may look like an end. */
const isCut = (request: AnyRequest): boolean =>
  'stream' in request ? (request.stream.rstCode ?? 0) !== 0 || request.aborted : !request.complete;

/** RFC 9110 §10.1.1; HTTP/1.0 knows no expectations. */
const expectsContinue = ({ rawHeaders, httpVersion }: AnyRequest): boolean =>
  httpVersion !== '1.0' && valueOf(fieldsOf(rawHeaders), 'expect')?.toLowerCase() === '100-continue';

const hasBody = (fields: Fields): boolean =>
  valueOf(fields, 'transfer-encoding') !== null || Number(valueOf(fields, 'content-length') ?? 0) > 0;

/** Settles when the whole body is handed on; rejects when the origin breaks off, so that a cut body never looks whole. */
function passBack(
  answer: OriginResponse,
  response: AnyResponse,
  counted: (chunk: Buffer) => void,
): Promise<void> {
  if (answer.isHeadOnly) writeWhole(response, answer.status, endToEnd(answer.fields));
  else writeHead(response, answer, endToEnd(answer.fields));
  if (!('stream' in response)) flushSoon(response);
  return new Promise((resolve, reject) => {
    answer.body.on('data', counted);
    answer.body.once('end', () => (answer.isWhole() ? resolve() : reject(new Error('the origin broke off'))));
    answer.body.on('error', reject);
    answer.body.once('close', () => reject(new Error('the origin broke off')));
    response.once('close', () => reject(new Error('the client left')));
    if (answer.isHeadOnly) answer.body.resume();
    else answer.body.pipe(response as NodeJS.WritableStream, { end: false });
  });
}

function finish(response: AnyResponse, trailers: Fields): void {
  if (trailers.length > 0) response.addTrailers(groupFields(trailers));
  response.end();
}

function countedBytes(moved: (bytes: number) => void) {
  const total = { out: 0, in: 0 };
  return {
    out: (chunk: Buffer): void => {
      total.out += chunk.length;
      moved(chunk.length);
    },
    in: (chunk: Buffer): void => {
      total.in += chunk.length;
      moved(chunk.length);
    },
    moved: () => ({ bytes: total.out + total.in, bytes_out: total.out, bytes_in: total.in }),
  };
}

/**
 * Calls `left` when the client of an exchange is gone, at once where it already is. Returns what ends the watch. Node 22 tells only the first
 * of several pipelined answers that their connection closed: `gone` covers the others.
 */
function onDeparture(gone: AbortSignal, response: AnyResponse, left: () => void): () => void {
  response.on('error', left); // a write that came too late
  response.once('close', left);
  gone.addEventListener('abort', left, { once: true });
  if (gone.aborted) left();
  return () => gone.removeEventListener('abort', left);
}
