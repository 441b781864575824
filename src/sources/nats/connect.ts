import type * as Nats from '@nats-io/transport-node';
import type { Authenticator, NatsConnection, NodeConnectionOptions, Status } from '@nats-io/transport-node';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../core/failure.ts';
import { BackOff, type BackOffBounds } from './back-off.ts';
import type { NatsCredentials } from './credentials.ts';
import { quietLibrary } from './quiet-library.ts';
import { hostAndPort, isLoopback, type NatsAddress } from './nats-address.ts';

/** How a link is doing. `away`: no connection, tried again for ever; `refused`: the server does not permit one thing, and the rest goes on. */
export type LinkState =
  | { readonly type: 'connected'; readonly version: string }
  | { readonly type: 'away'; readonly why: string; readonly remedy: string }
  | { readonly type: 'refused'; readonly why: string };

export interface LinkOptions {
  readonly credentials: NatsCredentials;
  /** The name of this client in the server's own lists, such as `egresstop ship`. */
  readonly name: string;
  /** Whether the first connection is tried for ever, too. Otherwise its failure is thrown. */
  readonly isPatient: boolean;
  /** Hears of every change, from the first failed try on. */
  readonly onState?: (state: LinkState) => void;
  /** Under which answers are heard, where the user may not hear `_INBOX`. */
  readonly inboxPrefix?: string;
  /** Ends waiting for the first connection. */
  readonly signal?: AbortSignal;
  readonly backOff?: BackOffBounds;
}

/** A connection that is made again for ever until it is closed. */
export interface NatsLink {
  readonly connection: NatsConnection;
  /** Of the server that answered last, such as `2.12.7`. */
  readonly version: () => string;
  /** Whether it is up now, as far as is known. */
  readonly isUp: () => boolean;
  readonly close: () => Promise<void>;
}

const TRY_MS = 10_000;
/** A dead peer is noticed after two pings without an answer. */
const PING_MS = 20_000;

/**
 * Connects to the one server that the address names; servers that it recommends are not followed. Throws a failure with its remedy, or
 * the signal's reason.
 */
export async function connectNats(address: NatsAddress, options: LinkOptions): Promise<NatsLink> {
  refuseOpenSecret(address, options.credentials);
  const nats = await import('@nats-io/transport-node');
  quietLibrary();
  const backOff = new BackOff(options.backOff);
  const chosen = clientOptions(nats, { address, options, backOff });
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return linkOf(await nats.connect(chosen), options, backOff);
    } catch (error) {
      const { why, remedy } = linkTrouble(error);
      if (!options.isPatient) throw new Failure(`${hostAndPort(address)}: ${why}`, 1, { remedy });
      options.onState?.({ type: 'away', why, remedy });
    }
    await pause(backOff.next(), undefined, options.signal ? { signal: options.signal } : {});
  }
}

/** A listener between here and the server would have the secret. An nkey only signs, so it may go in the clear. */
function refuseOpenSecret(address: NatsAddress, { user, tls }: NatsCredentials): void {
  const isSent = user.type === 'token' || user.type === 'password';
  if (!isSent || address.scheme === 'tls' || tls !== null || isLoopback(address)) return;
  throw new Failure(`a ${user.type} does not leave this machine unencrypted`, 2, {
    remedy: 'write tls:// instead of nats://',
  });
}

interface Making {
  readonly address: NatsAddress;
  readonly options: LinkOptions;
  readonly backOff: BackOff;
}

function clientOptions(nats: typeof Nats, { address, options, backOff }: Making): NodeConnectionOptions {
  const { user, tls } = options.credentials;
  let isFirst = true;
  return {
    servers: hostAndPort(address),
    name: options.name,
    timeout: TRY_MS,
    pingInterval: PING_MS,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
    // The library asks for its own pause again and again while it waits. This one is asked for once a try.
    reconnectDelayHandler: () => 0,
    reconnectToServer: ([server]) => {
      const delay = isFirst ? 0 : backOff.next();
      isFirst = false;
      return server ? { server, delay } : null;
    },
    ...(user.type === 'none' ? {} : { authenticator: authenticatorOf(nats, user) }),
    ...(address.scheme === 'tls' || tls !== null ? { tls: tls ?? {} } : {}),
    ...(options.inboxPrefix === undefined ? {} : { inboxPrefix: options.inboxPrefix }),
  };
}

function authenticatorOf(
  nats: typeof Nats,
  user: Exclude<NatsCredentials['user'], { type: 'none' }>,
): Authenticator {
  switch (user.type) {
    case 'creds':
      return nats.credsAuthenticator(user.bytes);
    case 'nkey':
      return nats.nkeyAuthenticator(user.bytes);
    case 'token':
      return nats.tokenAuthenticator(user.text);
    case 'password':
      return nats.usernamePasswordAuthenticator(user.name, user.password);
  }
}

function linkOf(connection: NatsConnection, { onState }: LinkOptions, backOff: BackOff): NatsLink {
  let isUp = true;
  const version = (): string => connection.info?.version ?? 'unknown';
  const connected = (): void => {
    isUp = true;
    backOff.reset();
    onState?.({ type: 'connected', version: version() });
  };
  const away = (why: string, remedy: string): void => {
    isUp = false;
    onState?.({ type: 'away', why, remedy });
  };
  const heed = (status: Status): void => {
    if (status.type === 'reconnect') connected();
    if (status.type === 'disconnect') away('the connection was lost', 'it is made again by itself');
    if (status.type !== 'error') return;
    const { why, remedy } = linkTrouble(status.error);
    if (isUp) onState?.({ type: 'refused', why });
    else away(why, remedy);
  };
  void listen(connection, heed);
  connected();
  return {
    connection,
    version,
    isUp: () => isUp && !connection.isClosed(),
    close: () => connection.close(),
  };
}

async function listen(connection: NatsConnection, heed: (status: Status) => void): Promise<void> {
  for await (const status of connection.status()) heed(status);
}

/** The meaning of a failure of the library, and its remedy. */
function linkTrouble(error: unknown): { readonly why: string; readonly remedy: string } {
  if (!(error instanceof Error)) return { why: String(error), remedy: 'check the server' };
  const code = codesOf(error).find(found => found in KNOWN) ?? error.name;
  const known = KNOWN[code];
  return known ?? { why: error.message, remedy: 'look into the log of the server' };
}

const codesOf = (error: Error): readonly string[] => [
  ...('code' in error && typeof error.code === 'string' ? [error.code] : []),
  ...(error.cause instanceof Error ? codesOf(error.cause) : []),
];

const CERTIFICATE = {
  why: 'the certificate of the server is not trusted',
  remedy: 'name the authority that signed it with --nats-ca',
};

const KNOWN: Readonly<Record<string, { readonly why: string; readonly remedy: string }>> = {
  ECONNREFUSED: { why: 'nothing listens there', remedy: 'start the server, or check the address' },
  ENOTFOUND: { why: 'the name of the server is unknown', remedy: 'check how it is written' },
  EAI_AGAIN: { why: 'the name of the server cannot be looked up now', remedy: 'check the network' },
  ECONNRESET: { why: 'the server closed the connection', remedy: 'check that it is a NATS server' },
  ETIMEDOUT: { why: 'the server does not answer', remedy: 'check the network' },
  TimeoutError: {
    why: 'the server does not answer',
    remedy: 'check the address, and that it is a NATS server',
  },
  AuthorizationError: {
    why: 'the server does not let this user in',
    remedy: 'name the right file with --nats-creds, --nats-nkey, --nats-password-file or --nats-token-file',
  },
  UserAuthenticationExpiredError: { why: 'the credentials have expired', remedy: 'get new ones' },
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    why: 'the certificate of the server is for another name',
    remedy: 'use the name that it was made for',
  },
};
