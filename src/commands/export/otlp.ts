import { resourceFromAttributes } from '@opentelemetry/resources';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { hostname } from 'node:os';
import { describePartialLog } from '../../core/completeness.ts';
import type { EgressEvent } from '../../core/event.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { plural } from '../../core/grouped.ts';
import { describeProblem, type Problem } from '../../core/problem.ts';
import { LineDecoder, type Decoded } from '../../reading/line-decoder.ts';
import { mergeByTime } from '../../reading/merge-by-time.ts';
import { withAgents } from '../../reading/named-agents.ts';
import { openOnce } from '../../reading/read-once.ts';
import { resolveSources, type ResolvedSources } from '../../reading/resolve-sources.ts';
import { settlingLater } from '../../reading/settling.ts';
import { eventSelection, systemsFor, type SourceOptions } from '../../reading/selection.ts';
import { followSources } from '../../sources/follow.ts';
import { note } from '../output.ts';
import { placesOf } from '../places.ts';
import { version } from '../version.ts';
import { Delivery, type Sent } from './delivery.ts';
import { otlpRecord, type ReadableLogRecord } from './otlp-record.ts';

/** The flags of `export otlp`. */
export interface OtlpOptions extends SourceOptions {
  readonly endpoint?: string;
  readonly follow?: true;
}

/** Sends the records of the sources as OpenTelemetry log records. Exit 1 if not all were accepted. */
export async function exportOtlp(args: readonly string[], options: OtlpOptions): Promise<number> {
  const places = placesOf(options.stateDir, options);
  const sources = await resolveSources(args, places);
  if (sources.specs.length === 0)
    throw new Failure('there is nothing to export', 1, { remedy: 'name a SOURCE' });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const exporter = new OTLPLogExporter(
    options.endpoint === undefined ? {} : { url: urlOf(options.endpoint) },
  );
  const send = (batch: readonly ReadableLogRecord[]): Promise<Sent> =>
    new Promise(resolve =>
      exporter.export([...batch], ({ error }) =>
        resolve(error === undefined ? { type: 'sent' } : failed(error)),
      ),
    );
  const delivery = new Delivery({ send, tell: note, signal: stopping.signal });
  const isWanted = eventSelection(options, Date.now(), () => undefined);
  const origin = {
    resource: resourceFromAttributes({
      'service.name': 'egresstop',
      'service.version': version(),
      'host.name': hostname(),
    }),
    instrumentationScope: { name: 'egresstop', version: version() },
  };
  const put = (event: EgressEvent): void => {
    if (isWanted(event)) delivery.put(otlpRecord(event, origin, Date.now()));
  };
  const decoder = new LineDecoder(withAgents(systemsFor(options), sources.agents));
  const reading = { sources, decoder, delivery, put, signal: stopping.signal };
  const hasReadAll = options.follow === true ? await follow(reading) : await readAll(reading);
  await delivery.end();
  await exporter.shutdown();
  const { sent, dropped, refused, left } = delivery.counts;
  note(`${plural(sent, 'record')} sent`);
  for (const [count, what] of [
    [dropped, 'dropped, because too many waited'],
    [refused, 'refused by the receiver'],
    [left, 'not sent'],
  ] as const)
    if (count > 0) note(`${plural(count, 'record')} ${what}`);
  return hasReadAll && dropped + refused + left === 0 ? 0 : 1;
}

interface Reading {
  readonly sources: ResolvedSources;
  readonly decoder: LineDecoder;
  readonly delivery: Delivery<ReadableLogRecord>;
  readonly put: (event: EgressEvent) => void;
  readonly signal: AbortSignal;
}

const tell = (problem: Problem): void => note(describeProblem(problem));

/** Reads the sources at the receiver's pace, so that no record is dropped. */
async function readAll({ sources, decoder, delivery, put, signal }: Reading): Promise<boolean> {
  const { streams, problems } = await openOnce(sources, signal);
  let hasReadAll = true;
  const heed = (problem: Problem): void => {
    tell(problem);
    if (problem.line === null && problem.severity === 'error') hasReadAll = false;
  };
  problems.forEach(heed);
  for await (const event of mergeByTime(streams, decoder, heed)) {
    if (signal.aborted) break;
    put(event);
    await delivery.room();
  }
  for (const log of streams.flatMap(stream => stream.partial?.() ?? []))
    note(`${log.log}: ${describePartialLog(log)}`);
  return hasReadAll && !signal.aborted;
}

async function follow({ sources: { specs }, decoder, put, signal }: Reading): Promise<boolean> {
  const decoded: Decoded = { event: put, unrecognised: put, malformed: tell, notice: tell };
  const ended = new Set<string>();
  let onEnd: () => void = () => undefined;
  const over = new Promise<void>(resolve => (onEnd = resolve));
  const settleLater = settlingLater({ waiting: () => decoder.waiting }, source =>
    decoder.settle(decoded, source),
  );
  const following = followSources(specs, {
    lines: batch => {
      decoder.decode(batch, decoded);
      settleLater();
    },
    status: ({ source, state, why }) => {
      if (state === 'failed' && why !== null) note(`${source}: ${why}`);
      if (state !== 'ended') return;
      decoder.end(source, decoded);
      if (ended.add(source).size === specs.length) onEnd();
    },
  });
  signal.addEventListener('abort', onEnd, { once: true });
  await over;
  await following.stop();
  for (const source of decoder.waiting) decoder.settle(decoded, source);
  return true;
}

function urlOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw misuse(`--endpoint wants an http or https address: ${text}`);
  if (url.username !== '' || url.password !== '')
    throw misuse(
      '--endpoint can be read by every program of this machine',
      'put the secret into OTEL_EXPORTER_OTLP_HEADERS',
    );
  return url.pathname === '/' ? new URL('/v1/logs', url).href : url.href;
}

/** The result of a failed request. It is repeated where OTLP demands that, and where the receiver was not reached. */
function failed(error: Error): Sent {
  const status = 'code' in error && typeof error.code === 'number' ? error.code : null;
  const isFinal = status !== null && status >= 400 && status < 500 && status !== 429 && status !== 408;
  const why =
    status === null ? `the receiver is not reached: ${error.message}` : `the receiver answers ${status}`;
  return { type: isFinal ? 'refused' : 'failed', why };
}
