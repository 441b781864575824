/** Every limit on what is kept, by name. Items above a limit are folded or dropped, counted, and shown. */
export interface Limits {
  /** Hosts with a row of their own before the quietest are folded into one row. */
  readonly hosts: number;
  /** Tools, and agents, with a row of their own. */
  readonly names: number;
  /** Distinct tools, agents and reasons kept for one host. */
  readonly namesPerHost: number;
  /** Combinations of host, tool and agent that are counted apart where a report asks for them. */
  readonly groups: number;
  /** Newest events kept whole. */
  readonly recentEvents: number;
  /** Problems kept with their place; all are counted. */
  readonly problems: number;
}

/** The default limits. */
export const LIMITS: Limits = {
  hosts: 200_000,
  names: 10_000,
  namesPerHost: 64,
  groups: 2_000_000,
  recentEvents: 20_000,
  problems: 1_000,
};
