import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { auditFilesIn } from './named/audit-files.ts';
import { followCompressed } from './tail/compressed.ts';
import { DirectoryWatch } from './tail/directory-watch.ts';
import type { PollOptions } from './endpoint/poll-endpoint.ts';
import { nameOf } from './named/expand.ts';
import { FileRegistry } from './tail/file-registry.ts';
import { followLogs } from './tail/follow-logs.ts';
import { followStream } from './follow-stream.ts';
import { globMatches } from './named/glob-matches.ts';
import { PORTIONS, type Portions } from './tail/portions.ts';
import { readLines } from './read-file.ts';
import { readStdin } from './read-stream.ts';
import { followSocket, type FollowingSocket } from './socket/socket.ts';
import type { Following, SourceListener, SourceMessage, SourceSpec } from './source.ts';
import { followFile, type TailContext } from './tail/tail.ts';

/** How patient following is; every field has a default. */
export interface FollowOptions {
  /** How often files are looked at when no event comes; 1 s. */
  readonly pollMs?: number;
  /** How long a rotated file may rest before it is let go; 10 s. */
  readonly drainMs?: number;
  /** How large logs are portioned out to a listener that hears of older parts. */
  readonly portions?: Portions;
  /** Changes are only polled for until then; they are watched for at once without it. */
  readonly watchFrom?: Promise<void>;
  /** Stops everything, as `stop()` does. */
  readonly signal?: AbortSignal;
  /** Where `-` reads from; standard input. */
  readonly stdin?: Readable;
  /** How many past events a mediator's socket is asked for; 1000. */
  readonly replay?: number;
  /** How often endpoints are asked. */
  readonly endpoint?: Omit<PollOptions, 'name'>;
}

/** Running sources, of which the sockets may be spoken to. */
export interface FollowingSources extends Following {
  /** Sends a message to the socket source `unix:PATH`; false when it is not connected, or no such source is followed. */
  readonly send: (source: string, message: SourceMessage) => boolean;
}

/**
 * Follows any mix of sources; each line of each file is delivered once, whatever names lead to it. Trouble of one source is its status
 * and never stops another. `caughtUp` waits for files; streams and sockets count as caught up from the beginning.
 */
export function followSources(
  specs: readonly SourceSpec[],
  listener: SourceListener,
  options: FollowOptions = {},
): FollowingSources {
  const { pollMs = 1000, drainMs = 10_000, portions = PORTIONS, signal } = options;
  const watch = new DirectoryWatch(options.watchFrom);
  const context: TailContext = { listener, registry: new FileRegistry(), watch, pollMs, drainMs, portions };
  const sockets = new Map<string, FollowingSocket>();
  const sources = specs.map(spec => followOne(spec, { context, sockets }, options));
  let stopped: Promise<void> | null = null;
  const stop = () => (stopped ??= stopAll(sources, watch));
  if (signal?.aborted) void stop();
  signal?.addEventListener('abort', () => void stop(), { once: true });
  return {
    caughtUp: Promise.all(sources.map(({ caughtUp }) => caughtUp)).then(() => undefined),
    send: (source, message) => sockets.get(source)?.send(message) ?? false,
    stop,
  };
}

async function stopAll(sources: readonly Following[], watch: DirectoryWatch): Promise<void> {
  await Promise.all(sources.map(source => source.stop()));
  await watch.close();
}

function followOne(
  spec: SourceSpec,
  { context, sockets }: { readonly context: TailContext; readonly sockets: Map<string, FollowingSocket> },
  { stdin, replay, endpoint }: FollowOptions,
): Following {
  switch (spec.type) {
    case 'path':
      return later(followPath(spec, context));
    case 'glob':
      return followLogs(nameOf(spec), () => globMatches(spec.pattern), context);
    case 'url':
      return later(followEndpoint(spec, context.listener, { ...endpoint, name: nameOf(spec) }));
    case 'nats':
      return later(followNats(spec, context.listener));
    case 'command':
      return later(followCommand(spec, context));
    case 'stdin':
      return followStream('-', signal => readStdin(stdin, signal), context.listener);
    case 'socket': {
      const known = sockets.get(nameOf(spec));
      const socket =
        known ?? followSocket(spec.path, context.listener, replay === undefined ? {} : { replay });
      sockets.set(nameOf(spec), socket);
      return socket;
    }
  }
}

// The follower of files is loaded at once. Those of rarer sources are loaded with the first such source.

async function followEndpoint(
  spec: SourceSpec & { readonly type: 'url' },
  listener: SourceListener,
  options: PollOptions,
): Promise<Following> {
  const { pollEndpoint } = await import('./endpoint/poll-endpoint.ts');
  return pollEndpoint(spec, listener, options);
}

async function followCommand(
  spec: SourceSpec & { readonly type: 'command' },
  { listener, pollMs }: TailContext,
): Promise<Following> {
  const { pollCommand } = await import('./command/poll-command.ts');
  return pollCommand(spec, listener, { pollMs });
}

async function followNats(
  spec: SourceSpec & { readonly type: 'nats' },
  listener: SourceListener,
): Promise<Following> {
  const { followRecords } = await import('./nats/records/follow-records.ts');
  const { reachableStream } = await import('./nats/records/reachable-stream.ts');
  return followRecords(reachableStream(spec), listener);
}

async function followPath(
  { path, isLog }: Extract<SourceSpec, { type: 'path' }>,
  context: TailContext,
): Promise<Following> {
  const found = await stat(path).catch(() => null); // the tail says what is wrong, and waits
  const isInherited = /^\/(dev|proc)\//.test(path) && !found?.isFile();
  if (found && isInherited) return followStream(path, signal => readLines(path, signal), context.listener);
  if (found?.isFile() && path.endsWith('.gz')) return followCompressed(path, context);
  if (!found?.isDirectory()) return followFile({ path, withCompressed: true }, context);
  const list = async () => ({ files: await auditFilesIn(path, isLog), directories: [path] });
  return followLogs(path, list, context);
}

/** Something that will be running in a moment, as if it were already. */
function later(starting: Promise<Following>): Following {
  return {
    caughtUp: starting.then(({ caughtUp }) => caughtUp),
    stop: async () => (await starting).stop(),
  };
}
