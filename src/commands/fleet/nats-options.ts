import type { Command } from 'commander';
import {
  environmentCredentials,
  withNatsFlags,
  type NatsFlags,
} from '../../sources/nats/credential-files.ts';
import type { NatsCredentials } from '../../sources/nats/credentials.ts';
import type { Places } from '../../systems/system.ts';

/** The flags of every verb that talks to a NATS server. Each names a file; an environment variable does the same. */
export const natsOptions = (command: Command): Command =>
  command
    .option('--nats-creds <file>', 'the NATS credentials file to connect with (EGRESSTOP_NATS_CREDS)')
    .option('--nats-nkey <file>', 'the file with the nkey seed to connect with (EGRESSTOP_NATS_NKEY)')
    .option('--nats-token-file <file>', 'the file with the NATS token (EGRESSTOP_NATS_TOKEN_FILE)')
    .option(
      '--nats-password-file <file>',
      'the file with a NATS user and its password, a line each (EGRESSTOP_NATS_PASSWORD_FILE)',
    )
    .option('--nats-ca <file>', 'the authority that vouches for the NATS server (EGRESSTOP_NATS_CA)')
    .option('--nats-cert <file>', 'the certificate to connect to NATS with (EGRESSTOP_NATS_CERT)')
    .option('--nats-key <file>', 'the key of that certificate (EGRESSTOP_NATS_KEY)');

/** Reads the files that the flags name, else those of the environment. Throws a failure with its remedy. */
export const natsCredentials = (flags: NatsFlags, { env }: Pick<Places, 'env'>): Promise<NatsCredentials> =>
  environmentCredentials(withNatsFlags(env, flags));
