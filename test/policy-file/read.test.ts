import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_POLICY_BYTES, readPolicy, revision } from '../../src/policy-file/read.ts';
import { microagentDialect } from '../../src/systems/microagent/policy/dialect.ts';
import { scratchFile, scratchFolder } from './scratch.ts';

const read = (path: string) => readPolicy(path, microagentDialect);

describe('a policy file', () => {
  it('a policy file is read with its text, its revision and its policy', async () => {
    const path = await scratchFile('allow: [a]\r\n');
    const found = await read(path);
    expect(found).toMatchObject({
      type: 'read',
      path,
      text: 'allow: [a]\r\n',
      revision: revision('allow: [a]\r\n'),
    });
    expect(found.type === 'read' && found.parsed.type).toBe('valid');
  });

  it('a policy file keeps its byte order mark', async () => {
    expect(await read(await scratchFile('\uFEFFallow: []\n'))).toMatchObject({ text: '\uFEFFallow: []\n' });
  });

  it('that does not parse is read all the same', async () => {
    expect(await read(await scratchFile('allow: ['))).toMatchObject({
      type: 'read',
      parsed: { type: 'invalid' },
    });
  });

  it('the revision of a policy file depends on its content alone', () => {
    expect(revision('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('what is no policy file is a problem with a remedy', () => {
  const failing = (why: string): object => ({
    type: 'failed',
    problem: { why, severity: 'error', remedy: expect.any(String) },
  });

  it('a missing policy file is a problem with a remedy', async () => {
    expect(await read(join(await scratchFolder(), 'none.yaml'))).toMatchObject(failing('does not exist'));
  });

  it('a directory in place of a policy file is a problem with a remedy', async () => {
    const path = join(await scratchFolder(), 'policy.yaml');
    await mkdir(path);
    expect(await read(path)).toMatchObject(failing('is a directory'));
  });

  it('a named pipe, without waiting for a writer', async () => {
    const path = join(await scratchFolder(), 'policy.yaml');
    execFileSync('mkfifo', [path]);
    expect(await read(path)).toMatchObject(failing('is not a regular file'));
  });

  it('a policy file that is too large is a problem with a remedy', async () => {
    expect(await read(await scratchFile('#'.repeat(MAX_POLICY_BYTES)))).toMatchObject({ type: 'read' });
    expect(await read(await scratchFile('#'.repeat(MAX_POLICY_BYTES + 1)))).toMatchObject(
      failing('is larger than 8 MiB'),
    );
  });

  it('a policy file that is not UTF-8 is a problem with a remedy', async () => {
    const path = await scratchFile('');
    await writeFile(path, Buffer.from([0x61, 0xff]));
    expect(await read(path)).toMatchObject(failing('is not UTF-8 text'));
  });
});
