/** Checks the hash chain of one log, line by line. */
export interface LogChain {
  /** Adds a line. `line` is null if it was too long to store; `number` is 1-based. Blank lines are skipped. */
  readonly add: (line: string | null, number: number) => void;
  readonly result: () => ChainResult;
}

/** The result of checking a chain. `unverified`: nothing contradicts it, but some entries could not be checked. */
export interface ChainResult {
  readonly type: 'holds' | 'broken' | 'unverified';
  /** The number of checked entries, without the one that breaks the chain. */
  readonly entries: number;
  readonly break: ChainFault | null;
  /** The public key that signed the entries, in hex. The log does not prove whose key it is. Absent for unsigned entries. */
  readonly signer?: string;
  /** Entries whose hash cannot be computed, such as those of an unknown event type. */
  readonly unknown: { readonly count: number; readonly first: ChainFault | null };
}

/** Why a chain breaks at an entry, or why the entry cannot be checked. */
export interface ChainFault {
  /** Counted from 0. */
  readonly entry: number;
  /** 1-based. */
  readonly line: number;
  readonly why: string;
}
