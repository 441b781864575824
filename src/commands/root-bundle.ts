import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';

/**
 * Writes the roots a program had (those of `SSL_CERT_FILE` where set, else the system's and Node's) joined with those to add
 * into the authority's folder; returns the path. Two runs at once write the same.
 */
export async function writeRootBundle(
  folder: string,
  added: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const own = env['SSL_CERT_FILE'];
  const roots = own
    ? [await readFile(own, 'utf8')]
    : [...getCACertificates('system'), ...getCACertificates('bundled'), ...getCACertificates('extra')];
  const path = join(folder, 'bundle.pem');
  const beside = `${path}.${process.pid}.new`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(beside, [...new Set([...added, ...roots])].map(pem => `${pem.trim()}\n`).join(''), {
    mode: 0o644,
  });
  await rename(beside, path);
  return path;
}
