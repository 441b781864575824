import type { Line } from '../source.ts';
import { SourceError, trouble } from '../trouble.ts';
import { gather } from './gather.ts';
import { KnownRecords } from './known-records.ts';
import type { Endpoint } from './request.ts';

/** The records that an endpoint shows now, a line each, oldest first. Throws a SourceError, after those that could be read, where that is not all. */
export async function* readEndpoint(
  name: string,
  endpoint: Endpoint,
  { signal, now }: { readonly signal: AbortSignal; readonly now: () => number },
): AsyncGenerator<Buffer> {
  const { lines, trouble: found } = await gather({
    endpoint,
    known: new KnownRecords(),
    wantsAll: true,
    signal,
    now,
  });
  for (const line of lines) yield bytesOf(line);
  if (found && !signal.aborted) throw new SourceError(trouble(name, found.why, found.remedy));
}

/** Of a line too long to be held only its length is known: as many blanks are as long. */
const bytesOf = (line: Line): Buffer =>
  typeof line === 'string'
    ? Buffer.from(`${line}\n`)
    : Buffer.concat([Buffer.alloc(line.bytes, ' '), Buffer.from('\n')]);
