/** A proxy that the cases are run against. */
export type Subject = 'ours' | 'squid' | 'srt';

/** One rule of an RFC: bytes for a proxy, and what must come of them. */
export interface ConformanceCase {
  /** The section, as `9112 §6.3`. */
  readonly section: string;
  readonly rule: string;
  /** Sent to the proxy, byte for byte: `@` is `http://` and the origin, `#` the origin alone, both with the port. */
  readonly send: string;
  /** The origin's answer to each request; `200` with the body `plain` where it is left out. */
  readonly answer?: string;
  readonly wants: Wanted;
  /** Why the mediator does otherwise; it keeps the rule where this is left out. */
  readonly differs?: { readonly ours: string };
}

/** The outcome that a case must have: the origin hears no whole request, or it does, and the bytes on both sides look so. */
export type Wanted =
  | { readonly type: 'refused' }
  | {
      readonly type: 'passed';
      readonly heard?: RegExp;
      readonly notHeard?: RegExp;
      readonly answered?: RegExp;
      readonly notAnswered?: RegExp;
    };

/** The bytes that came at both ends. */
export interface Seen {
  /** All that the client was answered. */
  readonly answered: string;
  /** All that the origin heard, connection by connection. */
  readonly heard: readonly string[];
  /** Whether the origin heard a whole request. */
  readonly isPassed: boolean;
}

/** Whether a proxy did what the rule wants. */
export function holds({ wants }: ConformanceCase, { answered, heard, isPassed }: Seen): boolean {
  if (wants.type === 'refused') return !isPassed;
  const all = heard.join('\n');
  return (
    isPassed &&
    (wants.heard?.test(all) ?? true) &&
    !(wants.notHeard?.test(all) ?? false) &&
    (wants.answered?.test(answered) ?? true) &&
    !(wants.notAnswered?.test(answered) ?? false)
  );
}

export const refused: Wanted = { type: 'refused' };
export const passed = (seen: Omit<Extract<Wanted, { type: 'passed' }>, 'type'> = {}): Wanted => ({
  type: 'passed',
  ...seen,
});
