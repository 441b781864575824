/** The answer to a client whose attempt goes nowhere. */
export interface Refusal {
  readonly status: number;
  readonly host: string | null;
  readonly reason: string;
  /** Why the nearest entry missed; null where none is near. */
  readonly nearest: string | null;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

const REASON_FIELD = 'x-egresstop-reason';

/** The plain text body: host, reason, nearest entry, one a line. */
export function refusalBody({ status, host, reason, nearest }: Refusal): string {
  const lines = [
    `egresstop: ${status === 403 ? 'denied' : 'failed'}`,
    ...(host === null ? [] : [`host: ${printable(host)}`]),
    `reason: ${printable(reason)}`,
    ...(nearest === null ? [] : [`nearest entry: ${printable(nearest)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The header fields that go with the body. */
export function refusalFields(refusal: Refusal, body: string): Record<string, string> {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    [REASON_FIELD]: printable(refusal.reason),
  };
}

/** The whole answer as bytes of HTTP/1.1, for sockets that no HTTP server holds any more. */
export function refusalMessage(refusal: Refusal): string {
  const body = refusalBody(refusal);
  const fields = Object.entries({ ...refusalFields(refusal, body), connection: 'close' });
  const head = [`HTTP/1.1 ${refusal.status} ${TITLES[refusal.status] ?? 'Refused'}`];
  return [...head, ...fields.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

/** Nothing a client sent comes back as control characters. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);
