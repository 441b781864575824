import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAuthority } from '../../../src/mediator/certificates/authority-files.ts';

it('mediators that start in one moment on an empty folder sign with one authority', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'authority-')), 'ca');
  try {
    const opened = await Promise.all(Array.from({ length: 5 }, () => openAuthority(folder, Date.now())));
    const inFile = readFileSync(join(folder, 'ca.pem'), 'utf8');
    expect(new Set(opened.map(({ identity }) => identity.certificate))).toEqual(new Set([inFile]));
  } finally {
    rmSync(join(folder, '..'), { recursive: true, force: true });
  }
});
