import {
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { besides, holdFile } from '../../../src/policy-file/writing/lock.ts';
import { fileProblem } from '../../../src/policy-file/file-problem.ts';
import { revision } from '../../../src/policy-file/read.ts';
import { type Replacement, replaceFile } from '../../../src/policy-file/writing/replace-file.ts';
import { scratchFile, scratchFolder } from '../scratch.ts';

const replaceOld = { text: 'new', expectedRevision: revision('old') };
const isRoot = process.getuid?.() === 0;
/** No process has this number: Linux stops at 2^22. */
const NOBODY = 4_194_305;

const content = (path: string): Promise<string> => readFile(path, 'utf8');
const namesBeside = (path: string): Promise<readonly string[]> => readdir(dirname(path));

async function locked(path: string, signature: string, ageMs = 0): Promise<string> {
  const lock = besides(path, 'lock');
  await writeFile(lock, signature);
  const at = (Date.now() - ageMs) / 1000;
  await utimes(lock, at, at);
  return lock;
}

const writePolicy = (path: string, replacement: Replacement) =>
  holdFile(path, held => replaceFile(held, replacement));

describe('a write', () => {
  it('replaces the text and leaves nothing else behind', async () => {
    const path = await scratchFile('old');
    expect(await writePolicy(path, replaceOld)).toEqual({ type: 'written', revision: revision('new') });
    expect(await content(path)).toBe('new');
    expect(await namesBeside(path)).toEqual(['policy.yaml']);
  });

  it('a write never touches the old text: a program with the file open goes on reading it', async () => {
    const path = await scratchFile('old');
    await using reader = await open(path, 'r');
    await writePolicy(path, replaceOld);
    expect(await reader.readFile('utf8')).toBe('old');
  });

  it('a write keeps the mode of the file', async () => {
    const path = await scratchFile('old');
    await chmod(path, 0o640);
    await writePolicy(path, replaceOld);
    expect((await stat(path)).mode & 0o7777).toBe(0o640);
  });

  it.runIf(isRoot)('keeps the owner where it may', async () => {
    const path = await scratchFile('old');
    await chown(path, 1234, 2345);
    await writePolicy(path, replaceOld);
    expect(await stat(path)).toMatchObject({ uid: 1234, gid: 2345 });
  });

  it('keeps a symbolic link and replaces what it leads to', async () => {
    const target = await scratchFile('old', 'target.yaml');
    const link = join(await scratchFolder(), 'policy.yaml');
    await symlink(target, link);
    expect(await writePolicy(link, replaceOld)).toMatchObject({ type: 'written' });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readlink(link)).toBe(target);
    expect(await content(target)).toBe('new');
    expect(await namesBeside(link)).toEqual(['policy.yaml']);
  });

  it('a write over an unexpected text tells what stands there and changes nothing', async () => {
    const path = await scratchFile('theirs');
    expect(await writePolicy(path, replaceOld)).toEqual({
      type: 'conflict',
      text: 'theirs',
      revision: revision('theirs'),
    });
    expect(await content(path)).toBe('theirs');
    expect(await namesBeside(path)).toEqual(['policy.yaml']);
  });

  it('a problem before the rename cancels a write', async () => {
    const path = await scratchFile('old');
    const problem = fileProblem(path, 'no journal', 'make one');
    expect(await writePolicy(path, { ...replaceOld, beforeRename: async () => problem })).toEqual({
      type: 'failed',
      problem,
    });
    expect(await content(path)).toBe('old');
    expect(await namesBeside(path)).toEqual(['policy.yaml']);
  });

  it('sees what another program wrote at the last moment', async () => {
    const path = await scratchFile('old');
    const beforeRename = async (): Promise<null> => {
      await writeFile(path, 'theirs');
      return null;
    };
    expect(await writePolicy(path, { ...replaceOld, beforeRename })).toMatchObject({
      type: 'conflict',
      text: 'theirs',
    });
    expect(await content(path)).toBe('theirs');
  });

  it('gives its temporary file a name that no reader of policies takes for one', async () => {
    const path = await scratchFile('old');
    let names: readonly string[] = [];
    const beforeRename = async (): Promise<null> => {
      names = await namesBeside(path);
      return null;
    };
    await writePolicy(path, { ...replaceOld, beforeRename });
    expect(names).toHaveLength(3);
    for (const name of names.filter(name => name !== 'policy.yaml'))
      expect(name).toMatch(/^\..*(?<!\.(?:ya?ml|json))$/);
  });

  it('removes what a killed writer left', async () => {
    const path = await scratchFile('old');
    await writeFile(besides(path, '999-x.temporary'), 'half');
    await locked(path, `${NOBODY} ${hostname()} x\n`);
    expect(await writePolicy(path, replaceOld)).toMatchObject({ type: 'written' });
    expect(await namesBeside(path)).toEqual(['policy.yaml']);
  });
});

describe('what the system refuses comes back as a problem with a remedy', () => {
  it('a write to a missing file is a problem with a remedy', async () => {
    const path = join(await scratchFolder(), 'none.yaml');
    expect(await writePolicy(path, replaceOld)).toMatchObject({
      type: 'failed',
      problem: {
        source: path,
        why: 'does not exist',
        remedy: 'check the path, or create the file first',
      },
    });
  });

  it('a write to a directory is a problem with a remedy', async () => {
    const path = join(await scratchFolder(), 'folder.yaml');
    await mkdir(path);
    expect(await writePolicy(path, replaceOld)).toMatchObject({
      type: 'failed',
      problem: { why: 'is a directory' },
    });
  });

  it('a write to a path through a file is a problem with a remedy', async () => {
    const path = await scratchFile('old');
    expect(await writePolicy(join(path, 'x'), replaceOld)).toMatchObject({
      type: 'failed',
      problem: { why: 'a part of the path is not a directory' },
    });
  });

  it.runIf(!isRoot)('a file or folder that we may not write', async () => {
    const path = await scratchFile('old');
    await chmod(path, 0o444);
    expect(await writePolicy(path, replaceOld)).toMatchObject({
      type: 'failed',
      problem: { why: 'permission denied' },
    });
  });

  it.each(['/proc/sys/kernel/ostype', '/sys/kernel/mm/ksm/run'])(
    'a folder that takes no new files: %s',
    async path => {
      expect(await writePolicy(path, replaceOld)).toMatchObject({
        type: 'failed',
        problem: { source: path, severity: 'error' },
      });
    },
  );
});

describe('the lock', () => {
  it('lets one writer in at a time', async () => {
    const path = await scratchFile('old');
    let inside = 0;
    const most: number[] = [];
    const act = async (): Promise<void> => {
      most.push(++inside);
      await readFile(path);
      inside--;
    };
    await Promise.all(Array.from({ length: 20 }, () => holdFile(path, act)));
    expect(most).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it('the lock names its holder', async () => {
    const path = await scratchFile('old');
    await holdFile(path, async () =>
      expect(await content(besides(path, 'lock'))).toMatch(new RegExp(`^${process.pid} ${hostname()} `)),
    );
    expect(await namesBeside(path)).toEqual([basename(path)]);
  });

  it.each([
    ['of a dead process', `${NOBODY} ${hostname()} x\n`, 0],
    ['of a predecessor that had our process number', `${process.pid} ${hostname()} x\n`, 0],
    ['older than any write takes, of a living process', `1 ${hostname()} x\n`, 60_000],
    ['older than any write takes, of another machine', `1 elsewhere x\n`, 60_000],
    ['that its writer did not live to sign', '', 5_000],
  ])('%s is broken', async (_, signature, ageMs) => {
    const path = await scratchFile('old');
    await locked(path, signature, ageMs);
    expect(await writePolicy(path, replaceOld)).toMatchObject({ type: 'written' });
    expect(await namesBeside(path)).toEqual(['policy.yaml']);
  });

  it('the lock of a living process is waited for', async () => {
    const path = await scratchFile('old');
    const lock = await locked(path, `1 ${hostname()} x\n`);
    let isDone = false;
    const write = writePolicy(path, replaceOld).then(result => ((isDone = true), result));
    await holdFile(await scratchFile('other'), async () => undefined);
    expect(isDone).toBe(false);
    await rm(lock);
    expect(await write).toMatchObject({ type: 'written' });
  });

  it('lost while writing keeps the write from happening', async () => {
    const path = await scratchFile('old');
    const result = await holdFile(path, async held => {
      await writeFile(besides(path, 'lock'), 'another');
      return replaceFile(held, replaceOld);
    });
    expect(result).toMatchObject({ type: 'failed', problem: { why: 'the lock was lost while writing' } });
    expect(await content(path)).toBe('old');
    expect(await content(besides(path, 'lock'))).toBe('another');
  });
});
