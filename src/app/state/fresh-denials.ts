/** A host that was denied for the first time while the operator watches. */
export interface FreshDenial {
  readonly host: string;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly reason: string | null;
}

/** Denials that are kept; an agent that asks for ever new names pushes the oldest out. */
const MOST = 50;

/** The denials with a new one behind them. */
export const withDenial = (known: readonly FreshDenial[], denial: FreshDenial): readonly FreshDenial[] =>
  [...known, denial].slice(-MOST);
