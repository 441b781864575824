/** The required shape of a value. The words in `expected` are those of the gateway's messages. */
export type Shape =
  | { readonly type: 'text' | 'flag' | 'whole' | 'amount' | 'texts' }
  | { readonly type: 'section'; readonly keys: Readonly<Record<string, Shape>> }
  /** A map with any keys. */
  | { readonly type: 'named'; readonly each: Shape };

const TEXT = { type: 'text' } as const;
const TEXTS = { type: 'texts' } as const;
const WHOLE = { type: 'whole' } as const;
const AMOUNT = { type: 'amount' } as const;
const section = (keys: Readonly<Record<string, Shape>>): Shape => ({ type: 'section', keys });

const PATHS = section({ allow: TEXTS });
const TOOL = section({ allow: { type: 'flag' }, limit_per_hour: WHOLE, requires_approval_if: TEXT });

/** All sections of a policy with their keys, in the gateway's order (`aa-policy/src/raw.rs`). */
export const SECTIONS: Readonly<Record<string, Shape>> = {
  version: TEXT,
  scope: TEXT,
  network: section({ allowlist: TEXTS }),
  schedule: section({ active_hours: section({ start: TEXT, end: TEXT, timezone: TEXT }) }),
  budget: section({
    daily_limit_usd: AMOUNT,
    monthly_limit_usd: AMOUNT,
    team_daily_limit_usd: AMOUNT,
    team_monthly_limit_usd: AMOUNT,
    org_daily_limit_usd: AMOUNT,
    org_monthly_limit_usd: AMOUNT,
    timezone: TEXT,
    action_on_exceed: TEXT,
    window: TEXT,
  }),
  data: section({ sensitive_patterns: TEXTS, credential_action: TEXT, locale_packs: TEXTS }),
  tools: { type: 'named', each: TOOL },
  capabilities: section({ allow: TEXTS, deny: TEXTS }),
  filesystem: section({ read: PATHS, write: PATHS }),
  syscalls: PATHS,
  approval_timeout_secs: WHOLE,
  approval: section({ timeout_seconds: WHOLE, escalation_role: TEXT }),
};

/** The keys of the envelope. Its `metadata` may hold further keys. */
export const ENVELOPE_TEXTS = ['apiVersion', 'kind'] as const;
export const METADATA_TEXTS = ['name', 'version', 'description'] as const;
