import type { Command } from 'commander';
import { readNatsCredentials, type NatsCredentials } from '../../sources/nats/credentials.ts';
import type { Places } from '../../systems/system.ts';

/** The flags that name files of credentials, as commander gives them. */
export interface NatsFlags {
  readonly natsCreds?: string;
  readonly natsNkey?: string;
  readonly natsTokenFile?: string;
  readonly natsCa?: string;
  readonly natsCert?: string;
  readonly natsKey?: string;
}

/** The flags of every verb that talks to a NATS server. Each names a file; an environment variable does the same. */
export const natsOptions = (command: Command): Command =>
  command
    .option('--nats-creds <file>', 'the NATS credentials file to connect with (EGRESSTOP_NATS_CREDS)')
    .option('--nats-nkey <file>', 'the file with the nkey seed to connect with (EGRESSTOP_NATS_NKEY)')
    .option('--nats-token-file <file>', 'the file with the NATS token (EGRESSTOP_NATS_TOKEN_FILE)')
    .option('--nats-ca <file>', 'the authority that vouches for the NATS server (EGRESSTOP_NATS_CA)')
    .option('--nats-cert <file>', 'the certificate to connect to NATS with (EGRESSTOP_NATS_CERT)')
    .option('--nats-key <file>', 'the key of that certificate (EGRESSTOP_NATS_KEY)');

/**
 * Reads the files that the flags name, else those of the environment. A flag that says who connects puts aside every such variable.
 * Throws a failure with its remedy.
 */
export function natsCredentials(flags: NatsFlags, { env }: Pick<Places, 'env'>): Promise<NatsCredentials> {
  const { natsCreds: creds, natsNkey: nkey, natsTokenFile: token, natsCa, natsCert, natsKey } = flags;
  const isUserNamed = creds !== undefined || nkey !== undefined || token !== undefined;
  const named = (name: string): string | undefined => env[`EGRESSTOP_NATS_${name}`] || undefined;
  const user = isUserNamed
    ? { creds, nkey, token }
    : { creds: named('CREDS'), nkey: named('NKEY'), token: named('TOKEN_FILE') };
  const pair =
    natsCert === undefined && natsKey === undefined
      ? { cert: named('CERT'), key: named('KEY') }
      : { cert: natsCert, key: natsKey };
  return readNatsCredentials({ ...user, ...pair, ca: natsCa ?? named('CA') });
}
