import 'reflect-metadata/lite'; // what the certificate library's decorators want
import { createPrivateKey, randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { id_ce_nameConstraints } from '@peculiar/asn1-x509';
import { isAddress } from '../../core/host.ts';
import { excludedSubtrees } from './name-constraints.ts';

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/**
 * How long a certificate authority made here lives. It is short, because a thief of its key can impersonate every host to this user's
 * programs.
 */
const AUTHORITY_DAYS = 30;
const LEAF_HOURS = 48;
/** Clocks of agents in sandboxes lag. */
const BACKDATED_HOURS = 1;

const HOUR_MS = 3_600_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** Positive, 127 bits: RFC 5280 §4.1.2.2. */
const newSerial = (): string => `0${randomBytes(16).toString('hex').slice(1)}`;

/** Makes a certificate authority: P-256, no sub-authorities, server authentication only, never for an inside destination. */
export async function createAuthority(now: number): Promise<Identity> {
  const keys = await newKeys();
  const made = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=egresstop local authority ${randomBytes(4).toString('hex')}, O=egresstop`,
    notBefore: new Date(now - BACKDATED_HOURS * HOUR_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * 24 * HOUR_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new Extension(id_ce_nameConstraints, true, excludedSubtrees()),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${made.toString('pem')}\n`, key: await pemOf(keys.privateKey) };
}

/** Until when an authority is valid, Unix ms. */
export const validUntil = (certificate: string): number =>
  new X509Certificate(certificate).notAfter.getTime();

/** Whether the key is the certificate's: a crash between writing the two may leave a pair that is none. */
export const isPair = ({ certificate, key }: Identity): boolean =>
  new NodeCertificate(certificate).checkPrivateKey(createPrivateKey(key));

/** Mints leaves under one authority. All of them share one key: it never leaves this process. */
export type Minter = (host: string, now: number) => Promise<Identity & { readonly until: number }>;

/** A minter for an authority. */
export async function createMinter(authority: Identity): Promise<Minter> {
  const issuer = new X509Certificate(authority.certificate);
  const signingKey = await importKey(authority.key);
  const keys = await newKeys();
  const key = await pemOf(keys.privateKey);
  return async (host, now) => {
    const until = Math.min(now + LEAF_HOURS * HOUR_MS, issuer.notAfter.getTime());
    const made = await X509CertificateGenerator.create({
      serialNumber: newSerial(),
      issuer: issuer.subject,
      subject: host.length <= 64 ? [{ CN: [host] }] : [{ O: ['egresstop'] }],
      notBefore: new Date(Math.max(now - BACKDATED_HOURS * HOUR_MS, issuer.notBefore.getTime())),
      notAfter: new Date(until),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: isAddress(host) ? 'ip' : 'dns', value: host }]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(issuer), // strict verifiers (Python 3.13) want it
      ],
    });
    return { certificate: `${made.toString('pem')}\n${authority.certificate}`, key, until };
  };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
