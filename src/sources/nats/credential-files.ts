import type { NatsCredentials } from './credentials.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The flags that name files of credentials, as the command line gives them. */
export interface NatsFlags {
  readonly natsCreds?: string;
  readonly natsNkey?: string;
  readonly natsTokenFile?: string;
  readonly natsPasswordFile?: string;
  readonly natsCa?: string;
  readonly natsCert?: string;
  readonly natsKey?: string;
}

const VARIABLES = {
  natsCreds: 'EGRESSTOP_NATS_CREDS',
  natsNkey: 'EGRESSTOP_NATS_NKEY',
  natsTokenFile: 'EGRESSTOP_NATS_TOKEN_FILE',
  natsPasswordFile: 'EGRESSTOP_NATS_PASSWORD_FILE',
  natsCa: 'EGRESSTOP_NATS_CA',
  natsCert: 'EGRESSTOP_NATS_CERT',
  natsKey: 'EGRESSTOP_NATS_KEY',
} as const satisfies Record<keyof NatsFlags, string>;

/** Flags that say who connects: one of them puts aside what the environment says of that. */
const USERS = ['natsCreds', 'natsNkey', 'natsTokenFile', 'natsPasswordFile'] as const;

/** The environment as it would be if each flag were its variable. */
export function withNatsFlags(env: Environment, flags: NatsFlags): Environment {
  const given = Object.entries(VARIABLES).flatMap(([flag, variable]) => {
    const value = flags[flag as keyof NatsFlags];
    return value === undefined ? [] : [[variable, value] as const];
  });
  if (given.length === 0) return env;
  const isUserGiven = USERS.some(flag => flags[flag] !== undefined);
  const aside = isUserGiven ? USERS.map(flag => [VARIABLES[flag], undefined] as const) : [];
  return { ...env, ...Object.fromEntries(aside), ...Object.fromEntries(given) };
}

/** Reads the files that the environment names. Throws a failure with its remedy. */
export async function environmentCredentials(env: Environment): Promise<NatsCredentials> {
  const { readNatsCredentials } = await import('./credentials.ts');
  const named = (flag: keyof NatsFlags): string | undefined => env[VARIABLES[flag]] || undefined;
  return readNatsCredentials({
    creds: named('natsCreds'),
    nkey: named('natsNkey'),
    token: named('natsTokenFile'),
    password: named('natsPasswordFile'),
    ca: named('natsCa'),
    cert: named('natsCert'),
    key: named('natsKey'),
  });
}
