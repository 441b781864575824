import { Option, type Command } from 'commander';
import {
  environmentCredentials,
  withNatsFlags,
  type NatsFlags,
} from '../../sources/nats/credential-files.ts';
import type { NatsCredentials } from '../../sources/nats/credentials.ts';
import type { Places } from '../../systems/system.ts';

/** Each flag with its text. All of them name a file; an environment variable does the same. */
const NATS_FLAGS: readonly (readonly [flags: string, text: string])[] = [
  ['--nats-creds <file>', 'the NATS credentials file to connect with (EGRESSTOP_NATS_CREDS)'],
  ['--nats-nkey <file>', 'the file with the nkey seed to connect with (EGRESSTOP_NATS_NKEY)'],
  ['--nats-token-file <file>', 'the file with the NATS token (EGRESSTOP_NATS_TOKEN_FILE)'],
  [
    '--nats-password-file <file>',
    'the file with a NATS user and its password, a line each (EGRESSTOP_NATS_PASSWORD_FILE)',
  ],
  ['--nats-ca <file>', 'the authority that vouches for the NATS server (EGRESSTOP_NATS_CA)'],
  ['--nats-cert <file>', 'the certificate to connect to NATS with (EGRESSTOP_NATS_CERT)'],
  ['--nats-key <file>', 'the key of that certificate (EGRESSTOP_NATS_KEY)'],
];

/** Adds the flags of every verb that talks to a NATS server. In the help they stand behind the verb's own. */
export function natsOptions(command: Command): Command {
  for (const [flags, text] of NATS_FLAGS)
    command.addOption(new Option(flags, text).helpGroup('Options for a NATS server:'));
  return command;
}

/** Reads the files that the flags name, else those of the environment. Throws a failure with its remedy. */
export const natsCredentials = (flags: NatsFlags, { env }: Pick<Places, 'env'>): Promise<NatsCredentials> =>
  environmentCredentials(withNatsFlags(env, flags));
