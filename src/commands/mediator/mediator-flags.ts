import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { MediationMode } from '../../core/policy/dialect.ts';
import { insideKind } from '../../core/policy/inside.ts';
import { parseDuration } from '../../core/time.ts';
import { readAuthority } from '../../mediator/origin/destination.ts';
import { MEDIATOR_LIMITS, type MediatorLimits } from '../../mediator/limits.ts';
import type { MediatorOptions } from '../../mediator/mediator-options.ts';
import { type Pin, readPin } from '../../mediator/origin/pin.ts';
import { lookUp } from '../../mediator/origin/resolver.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { egresstop } from '../../systems/egresstop/index.ts';
import { misuse } from '../../core/failure.ts';
import { placesOf } from '../places.ts';
import { flagLists } from '../policy/flag-lists.ts';
import { refuseOff } from '../policy/judge-options.ts';
import { authorityFolder } from './authority-folder.ts';
import { version } from '../version.ts';

/** The flags that `mediator` and `run` share. */
export interface MediatorFlags {
  /** `HOST:PORT`; port 0 means a free one. */
  readonly listen?: string;
  /** Allows `--listen` on an address that other machines can reach. */
  readonly listenOnNetwork?: boolean;
  readonly policy?: string;
  readonly mode?: MediationMode;
  /** Entries besides those of the policy file. */
  readonly allow?: readonly string[];
  readonly passthrough?: readonly string[];
  readonly askHold?: string;
  readonly askKeep?: string;
  readonly audit?: string;
  readonly socket?: string;
  /** The folder of the certificate authority. */
  readonly caDir?: string;
  readonly resolve?: readonly string[];
  readonly upstreamCa?: readonly string[];
  readonly upstreamProxy?: string;
  /** False for `--no-intercept`. */
  readonly intercept?: boolean;
  readonly keepTunnels?: boolean;
  readonly logQueries?: boolean;
  readonly maxConnections?: string;
  readonly maxBytes?: string;
  readonly idleTimeout?: string;
  readonly connectTimeout?: string;
  readonly auditSize?: string;
  readonly auditKeep?: string;
  /** A loopback `HOST:PORT` for the metrics endpoint. */
  readonly metrics?: string;
  /** Ends the mediator when its standard input ends, because the process that started it has then ended. */
  readonly untilStdinEnds?: boolean;
}

const DEFAULT_LISTEN = '127.0.0.1:8877';

/** The options of a mediator from its flags. Contradictory flags are wrong usage. */
export async function mediatorOptions(
  flags: MediatorFlags,
  defaultListen = DEFAULT_LISTEN,
): Promise<MediatorOptions> {
  const own = ownFiles(placesOf(undefined), process.getuid?.());
  const mode = flags.mode ?? 'guarded';
  refuseOff(flags);
  const dialect = await egresstop.dialect();
  return {
    dialect,
    flags: flagLists(flags, dialect),
    policyPath: resolve(flags.policy ?? own.policy),
    mode,
    interceptsUnlisted: flags.intercept ?? true,
    listen: listenAt(flags.listen ?? defaultListen, flags.listenOnNetwork ?? false),
    auditPath: resolve(flags.audit ?? own.audit),
    socketPath: resolve(flags.socket ?? own.socket),
    authorityFolder: await authorityFolder(flags.caDir),
    pins: (flags.resolve ?? []).map(pinOf),
    lookup: lookUp,
    upstreamRoots: await Promise.all((flags.upstreamCa ?? []).map(rootsIn)),
    upstreamProxy: flags.upstreamProxy === undefined ? null : upstreamProxy(flags.upstreamProxy),
    limits: limitsOf(flags),
    keepsTunnels: flags.keepTunnels ?? false,
    namesProcesses: process.platform === 'linux',
    keepsQueries: flags.logQueries ?? false,
    policyReloaded: () => {},
    stopAsked: () => {},
    version: version(),
    now: Date.now,
  };
}

function listenAt(text: string, isNetworkMeant: boolean): MediatorOptions['listen'] {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const [host, port] = [bracketed ?? plain, Number(digits)];
  if (host === undefined || port > 65_535) throw misuse(`--listen wants HOST:PORT: ${text}`);
  const isLoopback = host === 'localhost' || insideKind(host) === 'loopback';
  if (!isLoopback && !isNetworkMeant)
    throw misuse(
      `--listen ${text} lets other machines use this mediator; say --listen-on-network if you mean it`,
    );
  return { host, port };
}

function pinOf(text: string): Pin {
  const pin = readPin(text);
  if (!pin) throw misuse(`--resolve wants HOST:ADDRESS, HOST:ADDRESS:PORT or HOST:PORT:ADDRESS: ${text}`);
  return pin;
}

async function rootsIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw misuse(`--upstream-ca ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function upstreamProxy(text: string): MediatorOptions['upstreamProxy'] {
  const parts = /^http:\/\/(?:([^@/]*)@)?([^@/]+)\/?$/.exec(text);
  const read = readAuthority(parts?.[2] ?? '', 80);
  if (!parts || read.type === 'refused')
    throw misuse(`--upstream-proxy wants http://[USER:PASSWORD@]HOST:PORT: ${text}`);
  const credentials = parts[1] === undefined ? null : decoded(parts[1]);
  if (parts[1] !== undefined && credentials === null)
    throw misuse('--upstream-proxy: its user and password are not percent-encoded as a URL wants them');
  const authorization = credentials === null ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { host: read.destination.host, port: read.destination.port, authorization };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // a % that begins no valid code
  }
}

function limitsOf(flags: MediatorFlags): MediatorLimits {
  const standard = MEDIATOR_LIMITS;
  return {
    ...standard,
    connections: count('--max-connections', flags.maxConnections) ?? standard.connections,
    bytesPerAgent: count('--max-bytes', flags.maxBytes),
    idleTimeoutMs: duration('--idle-timeout', flags.idleTimeout) ?? standard.idleTimeoutMs,
    connectTimeoutMs: duration('--connect-timeout', flags.connectTimeout) ?? standard.connectTimeoutMs,
    questions: {
      ...standard.questions,
      holdMs: duration('--ask-hold', flags.askHold) ?? standard.questions.holdMs,
      keepMs: duration('--ask-keep', flags.askKeep) ?? standard.questions.keepMs,
    },
    auditBytes: count('--audit-size', flags.auditSize) ?? standard.auditBytes,
    auditBackups: count('--audit-keep', flags.auditKeep) ?? standard.auditBackups,
  };
}

const SIZES: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

function count(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, digits, unit = ''] = /^(\d{1,15})([KMG]?)$/i.exec(text) ?? [];
  if (digits === undefined) throw misuse(`${flag} wants a number, as 200 or 64M: ${text}`);
  return Number(digits) * (SIZES[unit.toUpperCase()] ?? 1);
}

function duration(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw misuse(`${flag} wants a duration, as 30s or 10m: ${text}`);
  return ms;
}

/** Flags that exist only as `--no-…`. Commander sets them to true by default. */
const ON_UNLESS_SAID = new Set(['intercept']);

/**
 * The flags in the spelling of the command line: `{keepTunnels: true}` becomes `--keep-tunnels`, `{intercept: false}` becomes
 * `--no-intercept`.
 */
export const spellFlags = (flags: object): readonly string[] =>
  Object.entries(flags).flatMap(([name, value]: [string, unknown]) => {
    const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    if (value === true) return ON_UNLESS_SAID.has(name) ? [] : [`--${flag}`];
    if (value === false) return [`--no-${flag}`];
    return [value].flat().flatMap(each => (typeof each === 'string' ? [`--${flag}=${each}`] : []));
  });
