/** Every bound on what is kept, by name. What goes over is folded or dropped, counted, and said. */
export interface Limits {
  /** Hosts with a row of their own before the quietest are folded into one row. */
  readonly hosts: number;
  /** Tools, and agents, with a row of their own. */
  readonly names: number;
  /** Distinct tools, agents and reasons kept for one host. */
  readonly namesPerHost: number;
  /** Newest events kept whole. */
  readonly recentEvents: number;
  /** Problems kept with their place; all are counted. */
  readonly problems: number;
}

/** The limits where nobody asks for others. */
export const LIMITS: Limits = {
  hosts: 200_000,
  names: 10_000,
  namesPerHost: 64,
  recentEvents: 20_000,
  problems: 1_000,
};
