/** Checks the hash chain of one log, line by line. */
export interface LogChain {
  /** `line` is null where it was too long to hold; `number` is 1-based. Blank lines are skipped. */
  readonly add: (line: string | null, number: number) => void;
  readonly result: () => ChainResult;
}

/** The result of checking one log's chain. `unverified`: nothing contradicts it, but some entries could not be checked. */
export interface ChainResult {
  readonly type: 'holds' | 'broken' | 'unverified';
  /** Entries checked, without the one at which it breaks. */
  readonly entries: number;
  readonly break: ChainFault | null;
  /** The key that signed the entries, in hex: nothing in the log says whose it is. Absent where they are not signed. */
  readonly signer?: string;
  /** Entries whose own hash cannot be computed, such as those of an unknown event type. */
  readonly unknown: { readonly count: number; readonly first: ChainFault | null };
}

/** Why a chain does not hold at an entry, or why the entry cannot be checked. */
export interface ChainFault {
  /** Counted from 0. */
  readonly entry: number;
  /** 1-based. */
  readonly line: number;
  readonly why: string;
}
