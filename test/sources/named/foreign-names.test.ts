import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readText } from '../../../src/policy-file/read.ts';
import { followSources } from '../../../src/sources/follow.ts';
import { listFiles } from '../../../src/sources/named/expand.ts';
import type { SourceSpec } from '../../../src/sources/source.ts';
import { until } from '../../until.ts';
import { Collected } from '../collected.ts';
import { newFolder } from '../folder.ts';

/** Names in Latin-1, as old systems and archives leave them. Other systems than Linux refuse to make them. */
const bytes = (folder: string, ...latin1: readonly string[]): Buffer =>
  Buffer.concat([Buffer.from(folder), ...latin1.map(name => Buffer.from(`/${name}`, 'latin1'))]);

/** A folder with a log, and beside it a log, a link to one and a folder of logs whose names are not UTF-8. */
function foreignFolder(): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.jsonl'), 'a\n');
  writeFileSync(bytes(folder, 'protokoll-für-alle.jsonl'), 'b\n');
  symlinkSync('a.jsonl', bytes(folder, 'verknüpft.jsonl'));
  mkdirSync(bytes(folder, 'köln'));
  writeFileSync(bytes(folder, 'köln', 'c.jsonl'), 'c\n');
  return folder;
}

const WHY = 'is not UTF-8: it cannot be opened';
const [LOG, LINK, FOLDER] = ['protokoll-f\uFFFDr-alle.jsonl', 'verkn\uFFFDpft.jsonl', 'k\uFFFDln'];

describe.runIf(process.platform === 'linux')('names that are not UTF-8', () => {
  it.each<[string, (folder: string) => SourceSpec, readonly string[], readonly string[]]>([
    ['a foreign name is told by itself', folder => ({ type: 'path', path: join(folder, LOG) }), [], [LOG]],
    [
      'a foreign name is told of a folder',
      folder => ({ type: 'path', path: join(folder, FOLDER) }),
      [],
      [FOLDER],
    ],
    [
      'a foreign name is told within a folder',
      folder => ({ type: 'path', path: folder }),
      ['a.jsonl'],
      [LOG, LINK],
    ],
    [
      'a foreign name is told among the matches of a glob',
      folder => ({ type: 'glob', pattern: join(folder, '*.jsonl') }),
      ['a.jsonl'],
      [LOG, LINK],
    ],
    [
      'a foreign name is told of a folder that a glob would enter',
      folder => ({ type: 'glob', pattern: join(folder, '**/*.jsonl') }),
      ['a.jsonl'],
      [FOLDER, LOG, LINK],
    ],
  ])('%s, with what to do, once and followed', async (_title, specOf, files, told) => {
    const folder = foreignFolder();
    const spec = specOf(folder);
    const listed = await listFiles(spec);
    expect(listed.files).toEqual(files.map(name => join(folder, name)));
    expect(listed.problems.map(({ source }) => source).toSorted()).toEqual(
      told.map(name => join(folder, name)).toSorted(),
    );
    for (const { why, remedy } of listed.problems)
      expect(`${why}; ${remedy}`).toContain(`${WHY}; give it a name in UTF-8`);

    const heard = new Collected();
    const following = followSources([spec], heard, { pollMs: 40, drainMs: 200 });
    onTestFinished(() => following.stop());
    await following.caughtUp;
    for (const name of told) await until(() => heard.why(join(folder, name)).includes(WHY));
    expect(heard.texts).toEqual(files.map(() => 'a'));
  });

  it('a log with a name that is not UTF-8 is told when it comes into a folder that is followed', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'a.jsonl'), 'a\n');
    const heard = new Collected();
    const following = followSources([{ type: 'path', path: folder }], heard, { pollMs: 40, drainMs: 200 });
    onTestFinished(() => following.stop());
    await following.caughtUp;
    writeFileSync(bytes(folder, 'protokoll-für-alle.jsonl'), 'b\n');
    await until(() => heard.why(join(folder, LOG)).includes(WHY));
  });

  it('a policy with a name that is not UTF-8 is told, and no file is made beside it', async () => {
    const folder = newFolder();
    writeFileSync(bytes(folder, 'für.yaml'), 'allow: []\n');
    const found = await readText(join(folder, 'f\uFFFDr.yaml'));
    expect(found).toMatchObject({
      type: 'unreadable',
      problem: { why: expect.stringContaining(WHY) as string },
    });
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
