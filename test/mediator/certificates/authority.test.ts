import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openAuthority,
  readAuthority,
  rotateAuthority,
} from '../../../src/mediator/certificates/authority-files.ts';
import { createAuthority, createMinter } from '../../../src/mediator/certificates/authority.ts';
import { cachedLeaves } from '../../../src/mediator/certificates/leaf-cache.ts';
import { excludedSubtrees, mayVouchFor } from '../../../src/mediator/certificates/name-constraints.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-20T10:00:00Z');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'egresstop-ca-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the local authority', () => {
  it('the local authority is made once, and only its owner can read the key', async () => {
    const first = await openAuthority(join(folder, 'ca'), NOW);
    const second = await openAuthority(join(folder, 'ca'), NOW + DAY);
    expect(second.identity).toEqual(first.identity);
    expect(statSync(join(folder, 'ca')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'ca', 'ca-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('lives a short time and is no parent of authorities', async () => {
    const { identity } = await openAuthority(folder, NOW);
    const certificate = new X509Certificate(identity.certificate);
    expect(certificate.ca).toBe(true);
    expect(Date.parse(certificate.validTo) - NOW).toBe(30 * DAY);
  });

  it('a successor exists ten days before the authority ends, so that a client that trusts both never breaks', async () => {
    const first = await openAuthority(folder, NOW);
    const both = await openAuthority(folder, NOW + 21 * DAY);
    expect(both.identity).toEqual(first.identity);
    expect(both.certificates.startsWith(first.certificates)).toBe(true);
    expect(readFileSync(both.certificatePath, 'utf8')).toBe(both.certificates);
    expect(statSync(join(folder, 'ca-key.pem')).mode & 0o777).toBe(0o600);
    expect(await openAuthority(folder, NOW + 29 * DAY)).toEqual(both);
    const successor = await openAuthority(folder, NOW + 30 * DAY);
    expect(successor.identity).not.toEqual(first.identity);
    expect(both.certificates).toBe(first.certificates + successor.certificates);
  });

  it('reading never replaces the local authority, however old', async () => {
    const { certificates } = await openAuthority(folder, NOW);
    expect((await readAuthority(folder))?.certificates).toBe(certificates);
    expect(await readAuthority(join(folder, 'none'))).toBeNull();
    expect((await openAuthority(folder, NOW + 31 * DAY)).certificates).not.toContain(certificates);
  });

  it('the local authority is replaced on request, and when key and certificate do not match', async () => {
    const first = await openAuthority(folder, NOW);
    const second = await rotateAuthority(folder, NOW);
    expect(second.identity.certificate).not.toBe(first.identity.certificate);
    writeFileSync(join(folder, 'ca.pem'), first.identity.certificate);
    const third = await openAuthority(folder, NOW);
    expect(third.identity.certificate).toBe(readFileSync(third.certificatePath, 'utf8'));
    expect(third.identity.certificate).not.toBe(first.identity.certificate);
  });
});

it('the name constraints of an authority stay the same bytes', () => {
  const hash = createHash('sha256').update(Buffer.from(excludedSubtrees())).digest('hex');
  expect(hash).toBe('cac1015f25e3efdc5560776c31ff11341889ac47d0f3732e82ef9dcbf8766880');
});

describe('a leaf', () => {
  it.each([
    ['api.example', 'DNS:api.example'],
    ['192.0.2.1', 'IP Address:192.0.2.1'],
    ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
    [`${'long.'.repeat(20)}example`, `DNS:${'long.'.repeat(20)}example`],
  ])('for %s is P-256, signed by the authority, for that host alone', async (host, name) => {
    const authority = await createAuthority(NOW);
    const leaf = await (await createMinter(authority))(host, NOW);
    const certificate = new X509Certificate(leaf.certificate);
    expect(certificate.subjectAltName).toBe(name);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('stands up to the strictest verification', async () => {
    const authority = await createAuthority(Date.now());
    const leaf = await (await createMinter(authority))('api.example', Date.now());
    const [ca, chain] = [join(folder, 'ca.pem'), join(folder, 'leaf.pem')];
    writeFileSync(ca, authority.certificate);
    writeFileSync(chain, leaf.certificate);
    const openssl = [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'api.example',
      '-CAfile',
      ca,
      chain,
    ];
    expect(execFileSync('openssl', openssl, { encoding: 'utf8' })).toContain(': OK');
  });

  it.each([
    ['api.example', 'fits'],
    ['203.0.113.9', 'fits'],
    ['2001:db8::1', 'fits'],
    ['notlocalhost', 'fits'],
    ['localhost', 'is excluded'],
    ['app.localhost', 'is excluded'],
    ['metadata.google.internal', 'is excluded'],
    ['127.0.0.1', 'is excluded'],
    ['10.1.2.3', 'is excluded'],
    ['169.254.169.254', 'is excluded'],
    ['100.64.0.1', 'is excluded'],
    ['::1', 'is excluded'],
    ['fd00::1', 'is excluded'],
  ])('for %s %s by the authority’s name constraints, whoever signs it', async (host, outcome) => {
    const authority = await createAuthority(Date.now());
    const leaf = await (await createMinter(authority))(host, Date.now());
    const [ca, chain] = [join(folder, 'ca.pem'), join(folder, 'leaf.pem')];
    writeFileSync(ca, authority.certificate);
    writeFileSync(chain, leaf.certificate);
    const verified = spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', ca, chain], {
      encoding: 'utf8',
    });
    const fits = outcome === 'fits';
    expect(verified.stdout + verified.stderr).toContain(fits ? ': OK' : 'excluded subtree violation');
    expect(mayVouchFor(host)).toBe(fits);
  });

  it('a leaf is minted once while it is fresh, also for two requests at once', async () => {
    let [now, minted] = [NOW, 0];
    const leaves = cachedLeaves(
      async (host, at) => {
        minted += 1;
        return { certificate: `${host} ${minted}`, key: '', until: at + 2 * 3_600_000 };
      },
      2,
      () => now,
    );
    const [one, other] = await Promise.all([leaves('a.example'), leaves('a.example')]);
    expect([one.certificate, other.certificate, minted]).toEqual(['a.example 1', 'a.example 1', 1]);
    now += 3_600_001;
    expect((await leaves('a.example')).certificate).toBe('a.example 2');
    await leaves('b.example');
    await leaves('c.example');
    expect((await leaves('a.example')).certificate).toBe('a.example 5');
  });
});
