/** A host that was denied for the first time while the operator watches. */
export interface FreshDenial {
  readonly host: string;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly reason: string | null;
}

/** The most denials. An agent that uses ever new names pushes the oldest out. */
const MOST = 50;

/** Adds a denial as the newest. */
export const withDenial = (known: readonly FreshDenial[], denial: FreshDenial): readonly FreshDenial[] =>
  [...known, denial].slice(-MOST);
