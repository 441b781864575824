import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuthority, rotateAuthority } from '../../src/mediator/authority-files.ts';
import { createAuthority, createMinter } from '../../src/mediator/authority.ts';
import { cachedLeaves } from '../../src/mediator/leaf-cache.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-20T10:00:00Z');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'egresstop-ca-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the local authority', () => {
  it('is made once, its key for its owner alone', async () => {
    const first = await openAuthority(join(folder, 'ca'), NOW);
    const second = await openAuthority(join(folder, 'ca'), NOW + DAY);
    expect(second.identity).toEqual(first.identity);
    expect(statSync(join(folder, 'ca')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'ca', 'ca-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('lives a short time, is no parent of authorities, and is made anew before it ends', async () => {
    const { identity } = await openAuthority(folder, NOW);
    const certificate = new X509Certificate(identity.certificate);
    expect(certificate.ca).toBe(true);
    expect(Date.parse(certificate.validTo) - NOW).toBe(30 * DAY);
    expect((await openAuthority(folder, NOW + 28 * DAY)).identity).not.toEqual(identity);
  });

  it('is replaced on request, and when key and certificate are no pair', async () => {
    const first = await openAuthority(folder, NOW);
    const second = await rotateAuthority(folder, NOW);
    expect(second.identity.certificate).not.toBe(first.identity.certificate);
    writeFileSync(join(folder, 'ca.pem'), first.identity.certificate);
    const third = await openAuthority(folder, NOW);
    expect(third.identity.certificate).toBe(readFileSync(third.certificatePath, 'utf8'));
    expect(third.identity.certificate).not.toBe(first.identity.certificate);
  });
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

  it('is minted once while it is fresh, also for two askers at once', async () => {
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
