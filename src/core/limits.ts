/** The limits on everything that is kept. Items above a limit are folded or dropped, counted, and shown. */
export interface Limits {
  /** Hosts with a row of their own before the quietest are folded into one row. */
  readonly hosts: number;
  /** Tools with a row of their own, and as many agents. */
  readonly names: number;
  /** Distinct tools, agents and reasons kept for one host. */
  readonly namesPerHost: number;
  /** Combinations of host, tool and agent with counts of their own, where a report groups by them. */
  readonly groups: number;
  /** Newest events that are kept as whole records. */
  readonly recentEvents: number;
  /** Problems that are kept with their place. All are counted. */
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
