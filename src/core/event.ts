/** The answer of a ruling. `would-deny`: let through in shadow mode, would have been denied. `error`: ruled allow, then failed. */
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

/** The verdict that the suffix of an unknown record's name tells; null for info. */
export const verdictOfName = (name: string): Verdict | null =>
  (SUFFIX.exec(name)?.[1] as Verdict | undefined) ?? null; // the pattern holds verdicts alone

/** The mediator's treatment of the TLS of a connection: opened it, left it opaque on purpose, never opened it, or there was none. */
export type Interception = 'intercepted' | 'passthrough' | 'opaque' | 'cleartext';

/** A parsed JSON object whose fields nobody has looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** One normalised record of an outbound attempt (a decision: `verdict` is set) or of the mediator's own life (info: `verdict` is null). */
export interface EgressEvent {
  /** Unix milliseconds; null where the record has no readable time. */
  readonly at: number | null;
  /** The time as `log` prints it, with the precision that was recorded, readable or not; null where there is none. */
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
  /** As recorded: may hold secrets in its query, see `redactUrl`. */
  readonly url: string | null;
  readonly status: number | null;
  readonly reason: string | null;
  /** The policy rule or list that decided, or `unlisted`. */
  readonly rule: string | null;
  readonly interception: Interception | null;
  readonly durationMs: number | null;
  /** Body bytes that moved, both directions where both are recorded. */
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

/** Whether a client refused the certificate that a mediator minted, which is evidence of pinning. microagent and our mediator record it alike. */
export const isRefusedCertificate = ({ verdict, kind }: Pick<EgressEvent, 'verdict' | 'kind'>): boolean =>
  verdict === 'error' && kind === 'egress_mitm_handshake_error';

/** An event in which only the given fields are known. Decoders start from it. */
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

/** The machine that shipped the records of a source; null for a source of another kind. */
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
