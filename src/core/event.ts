/**
 * The outcome of a ruling. `would-deny`: shadow mode let through an attempt that would have been denied. `error`: the attempt was allowed
 * and then failed.
 */
export type Verdict = 'allow' | 'deny' | 'would-deny' | 'pending' | 'error';

/** The `system` of an event whose record no system owns. Such an event never has a verdict. */
export const UNRECOGNISED = 'unrecognised';

/** Every verdict, in the order columns and reports show them. */
export const VERDICTS = [
  'allow',
  'deny',
  'would-deny',
  'pending',
  'error',
] as const satisfies readonly Verdict[];

const SUFFIX = /_(allow|deny|error)$/;

/** The verdict in the suffix of an unknown record's name; null for a name without such a suffix. */
export const verdictOfName = (name: string): Verdict | null =>
  (SUFFIX.exec(name)?.[1] as Verdict | undefined) ?? null; // the pattern matches verdicts only

/**
 * How the mediator treated the TLS of a connection: `intercepted` (opened), `passthrough` (left opaque on purpose), `opaque` (never opened)
 * or `cleartext` (no TLS).
 */
export type Interception = 'intercepted' | 'passthrough' | 'opaque' | 'cleartext';

/** A parsed JSON object whose fields are not checked yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** One normalised record of an outbound attempt (a decision: `verdict` is set) or of the mediator's own life (info: `verdict` is null). */
export interface EgressEvent {
  /** Unix milliseconds; null where the record has no readable time. */
  readonly at: number | null;
  /** The recorded time as `log` prints it, at its recorded precision, even where it cannot be parsed. Null where the record has no time. */
  readonly time: string | null;
  readonly system: string;
  /** The id of the source the record came from: a path, `unix:PATH`, an address or `-`. */
  readonly source: string;
  /** The record's own word for its type, as `egress_deny` or `audit`. */
  readonly kind: string;
  readonly verdict: Verdict | null;
  /** Lower-case, without trailing dots, port or brackets; never empty. */
  readonly host: string | null;
  readonly port: number | null;
  /** The IP address that was connected to. */
  readonly address: string | null;
  readonly tool: string | null;
  readonly agent: string | null;
  readonly method: string | null;
  /** As recorded. Its query may hold secrets: see `redactUrl`. */
  readonly url: string | null;
  readonly status: number | null;
  readonly reason: string | null;
  /** The policy rule or list that decided, or `unlisted`. */
  readonly rule: string | null;
  readonly interception: Interception | null;
  readonly durationMs: number | null;
  /** Body bytes, of both directions where both are recorded. */
  readonly bytes: number | null;
  readonly correlationId: string | null;
  readonly hop: number | null;
  /** The parsed record, untouched, unknown fields included. */
  readonly raw: JsonObject;
}

/** An event that ruled on an attempt. */
export type Decision = EgressEvent & { readonly verdict: Verdict };

/** Whether the event ruled on an attempt. */
export const isDecision = (event: EgressEvent): event is Decision => event.verdict !== null;

/**
 * Whether a client refused the certificate that a mediator minted, which is evidence of pinning. microagent and egresstop's mediator record
 * such a refusal alike.
 */
export const isRefusedCertificate = ({ verdict, kind }: Pick<EgressEvent, 'verdict' | 'kind'>): boolean =>
  verdict === 'error' && kind === 'egress_mitm_handshake_error';

/** An event with these fields set and all others null. Decoders start from it. */
export function blankEvent(known: Pick<EgressEvent, 'system' | 'source' | 'kind' | 'raw'>): EgressEvent {
  return {
    at: null,
    time: null,
    system: known.system,
    source: known.source,
    kind: known.kind,
    verdict: null,
    host: null,
    port: null,
    address: null,
    tool: null,
    agent: null,
    method: null,
    url: null,
    status: null,
    reason: null,
    rule: null,
    interception: null,
    durationMs: null,
    bytes: null,
    correlationId: null,
    hop: null,
    raw: known.raw,
  };
}

/** The source of records that a machine shipped: `nats://HOST/TENANT MACHINE:FILE`. A blank, a colon and a percent sign in the name are percent-encoded. */
export const shippedSource = (server: string, machine: string, file: string): string =>
  `${server} ${machine.replace(/[%:\s]/g, encodeURIComponent)}:${file}`;

/** The machine whose name stands in a `nats://` source; null for any other source. */
export function machineOf(source: string): string | null {
  const name = /^(?:nats|tls):\/\/\S+ ([^:\s]+):/.exec(source)?.[1];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
