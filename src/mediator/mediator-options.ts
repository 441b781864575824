import type { Dialect, MediationMode } from '../core/policy/dialect.ts';
import type { FlagLists } from '../core/policy/flag-entries.ts';
import type { MediatorLimits } from './limits.ts';
import type { Reload } from './live-policy.ts';
import type { Pin } from './origin/pin.ts';
import type { Lookup } from './origin/resolver.ts';

/** The options of a mediator. */
export interface MediatorOptions {
  /** How the policy file is read: microagent's dialect. */
  readonly dialect: Dialect;
  readonly policyPath: string;
  /** Entries beside those of the file. */
  readonly flags: FlagLists;
  readonly mode: MediationMode;
  /** Whether unlisted public hosts are intercepted in guarded mode. */
  readonly interceptsUnlisted: boolean;
  /** Loopback, unless the operator asked for the network. Port 0 takes a free port. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly auditPath: string;
  readonly socketPath: string;
  readonly authorityFolder: string;
  readonly pins: readonly Pin[];
  /** Resolves names that are not pinned: `lookUp`. */
  readonly lookup: Lookup;
  /** PEM certificates to trust beside the usual roots when connecting to origins. */
  readonly upstreamRoots: readonly string[];
  /** A proxy through which origins are reached; null to dial them directly. */
  readonly upstreamProxy: {
    readonly host: string;
    readonly port: number;
    readonly authorization: string | null;
  } | null;
  readonly limits: MediatorLimits;
  /** Leave running tunnels alone when their host loses its entry. */
  readonly keepsTunnels: boolean;
  /** Whether records name the process of a client on this machine. */
  readonly namesProcesses: boolean;
  /** Keep query strings in `egress_request` records. */
  readonly keepsQueries: boolean;
  /** Called after the policy file changed: its policy is in force now, or it was rejected. */
  readonly policyReloaded: (reload: Reload) => void;
  /** Called when a reader of the socket asks the mediator to end. */
  readonly stopAsked: () => void;
  readonly version: string;
  readonly now: () => number;
}
