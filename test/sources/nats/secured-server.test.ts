import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { connectNats } from '../../../src/sources/nats/connect.ts';
import { readNatsCredentials } from '../../../src/sources/nats/credentials.ts';
import { parseNatsAddress } from '../../../src/sources/nats/nats-address.ts';
import { newFolder } from '../folder.ts';
import { hasNatsServer, natsServer } from './nats-server.ts';

type Files = Parameters<typeof readNatsCredentials>[0];

/** Connects with these files, and says whether the server answers. */
async function answers(url: string, files: Files): Promise<boolean> {
  const credentials = await readNatsCredentials(files);
  const link = await connectNats(parseNatsAddress(url), { credentials, name: 'test', isPatient: false });
  try {
    await link.connection.flush();
    return link.isUp();
  } finally {
    await link.close();
  }
}

function secret(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: 'ignore' });
};

/** An authority, and certificates that it signed for a server of 127.0.0.1 and for a client. */
function authority(folder: string) {
  const path = (name: string): string => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-subj',
    '/CN=Test authority',
    '-keyout',
    path('ca.key'),
    '-out',
    path('ca.pem'),
  );
  const signed = (name: string) => {
    const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    openssl('req', ...key, ...names, '-keyout', path(`${name}.key`), '-out', path(`${name}.csr`));
    const by = [
      '-CA',
      path('ca.pem'),
      '-CAkey',
      path('ca.key'),
      '-CAcreateserial',
      '-copy_extensions',
      'copy',
    ];
    openssl('x509', '-req', '-in', path(`${name}.csr`), ...by, '-out', path(`${name}.pem`));
    return { cert: path(`${name}.pem`), key: path(`${name}.key`) };
  };
  return { ca: path('ca.pem'), server: signed('server'), client: signed('client') };
}

/** A JWT of NATS (`nats-io/jwt`, version 2), signed by a key. */
function jwt(issuer: nkeys.KeyPair, subject: string, nats: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = {
    jti: subject,
    iat: 1_795_903_200,
    iss: issuer.getPublicKey(),
    name: 'test',
    sub: subject,
    nats,
  };
  const text = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(body)}`;
  return `${text}.${Buffer.from(issuer.sign(Buffer.from(text))).toString('base64url')}`;
}

const NO_LIMITS = { subs: -1, data: -1, payload: -1 };

describe.skipIf(!hasNatsServer)('a nats-server that asks who connects', () => {
  it('a token in a file opens the server, and another one does not', async () => {
    const [server, folder] = [await natsServer('authorization { token: "s3cret" }'), newFolder()];
    const url = server.url('t');
    expect(await answers(url, { token: secret(folder, 'token', 's3cret\n') })).toBe(true);
    await expect(answers(url, { token: secret(folder, 'other', 'guess') })).rejects.toThrow(
      'let this user in',
    );
    await expect(answers(url, {})).rejects.toThrow('let this user in');
  });

  it('a server that wants certificates lets in a client with one of its authority, and no other', async () => {
    const made = authority(newFolder());
    const { cert, key } = made.server;
    const files = `cert_file: "${cert}", key_file: "${key}", ca_file: "${made.ca}"`;
    const server = await natsServer(`tls { ${files}, verify: true }`);
    const url = server.url('t').replace('nats:', 'tls:');
    expect(await answers(url, { ca: made.ca, ...made.client })).toBe(true);
    await expect(answers(url, { ca: made.ca })).rejects.toThrow();
    const { ca } = authority(newFolder());
    await expect(answers(url, { ca, ...made.client })).rejects.toThrow('is not trusted');
  });

  it('a file of credentials opens a server of an operator, and that of a foreign account does not', async () => {
    const folder = newFolder();
    const [operator, account, foreign] = [
      nkeys.createOperator(),
      nkeys.createAccount(),
      nkeys.createAccount(),
    ];
    const system = nkeys.createAccount();
    const limits = { ...NO_LIMITS, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
    const known = [account, system].map(each => {
      const text = jwt(operator, each.getPublicKey(), { type: 'account', version: 2, limits });
      return `${each.getPublicKey()}: "${text}"`;
    });
    const operatorJwt = jwt(operator, operator.getPublicKey(), { type: 'operator', version: 2 });
    const resolver = `resolver: MEMORY\nresolver_preload {\n${known.join('\n')}\n}`;
    const trust = `operator: "${operatorJwt}"\nsystem_account: ${system.getPublicKey()}`;
    const server = await natsServer(`${trust}\n${resolver}`);
    const credentials = (of: nkeys.KeyPair, name: string): string => {
      const user = nkeys.createUser();
      const userJwt = jwt(of, user.getPublicKey(), { type: 'user', version: 2, ...NO_LIMITS });
      const seed = Buffer.from(user.getSeed()).toString();
      const block = (title: string, text: string) =>
        `-----BEGIN ${title}-----\n${text}\n------END ${title}------\n\n`;
      return secret(folder, name, block('NATS USER JWT', userJwt) + block('USER NKEY SEED', seed));
    };
    expect(await answers(server.url('t'), { creds: credentials(account, 'own.creds') })).toBe(true);
    const other = credentials(foreign, 'foreign.creds');
    await expect(answers(server.url('t'), { creds: other })).rejects.toThrow('let this user in');
  });
});
