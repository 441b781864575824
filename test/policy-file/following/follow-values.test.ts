import fc from 'fast-check';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JudgedValue } from '../../../src/core/fleet/judge-value.ts';
import type { VerifiedValue } from '../../../src/core/fleet/policy-value.ts';
import {
  type FollowingFile,
  type Followed,
  followValues,
} from '../../../src/policy-file/following/follow-values.ts';
import { PolicyFile } from '../../../src/policy-file/policy-file.ts';
import { NO_FILE, revision } from '../../../src/policy-file/read.ts';
import { systemNamed } from '../../../src/reading/selection.ts';
import { chainBy, newSigner, signedBy, verifiedOf } from '../../core/fleet/sample-values.ts';
import { sized } from '../../runs.ts';
import { scratchFolder } from '../scratch.ts';

const DIALECT = await systemNamed('microagent').dialect();
const editor = newSigner();
const NOW = Date.UTC(2026, 10, 20, 18);

interface Machine extends FollowingFile {
  readonly text: () => Promise<string>;
  readonly hear: (...values: readonly VerifiedValue[]) => Promise<Followed>;
}

/** A machine with a policy file of this text, or none. */
async function machineWith(text: string | null, now = NOW): Promise<Machine> {
  const folder = await scratchFolder();
  const path = join(folder, 'policy.yaml');
  if (text !== null) await writeFile(path, text);
  const following: FollowingFile = {
    file: new PolicyFile({
      path,
      dialect: DIALECT,
      journal: join(folder, 'state', 'journal.jsonl'),
      actor: 'me@here',
      now: () => now,
    }),
    path,
    memory: join(folder, 'state', 'held.json'),
    machine: 'm1',
    now: () => now,
  };
  return {
    ...following,
    text: () => readFile(path, 'utf8'),
    hear: (...values) => followValues(following, values.map(judged)),
  };
}

const judged = (verified: VerifiedValue): JudgedValue => ({ type: 'verified', verified });

const policy = (host: string): string => `# of the team\nallow:\n  - ${host}\n`;
const CHAIN = chainBy(editor, ['a.example', 'b.example', 'a.example', 'c.example'].map(policy));
const [first, second, third, fourth] = CHAIN as [VerifiedValue, VerifiedValue, VerifiedValue, VerifiedValue];

describe('a machine that follows', () => {
  it('a machine makes its policy file from the first value, byte for byte', async () => {
    const machine = await machineWith(null);
    expect(await machine.hear(first)).toMatchObject({ standing: 'saved', seen: first.id });
    expect(await machine.text()).toBe(first.value.text);
  });

  it('a machine replaces the text that it wrote by the next value, and the journal names the editor', async () => {
    const machine = await machineWith(null);
    await machine.hear(first);
    expect(await machine.hear(second)).toMatchObject({ standing: 'saved', seen: second.id });
    expect(await machine.text()).toBe(second.value.text);
    expect(await machine.file.records()).toMatchObject([
      { actor: `fleet editor ${editor.publicKey}`, before: NO_FILE },
      {
        edit: [
          { type: 'remove', entry: 'a.example' },
          { type: 'add', entry: 'b.example' },
        ],
      },
    ]);
  });

  it('a machine never overwrites a file that it did not write', async () => {
    const machine = await machineWith('allow: [mine.example]\n');
    expect(await machine.hear(first)).toMatchObject({ standing: 'drifted', seen: first.id });
    expect(await machine.text()).toBe('allow: [mine.example]\n');
  });

  it('a machine adopts a file that has the text of the value already', async () => {
    const machine = await machineWith(first.value.text);
    expect(await machine.hear(first)).toMatchObject({ standing: 'saved' });
    expect(await machine.hear(second)).toMatchObject({ standing: 'saved' });
    expect(await machine.text()).toBe(second.value.text);
  });

  it('a machine keeps an edit that was made by hand, and says that it drifted', async () => {
    const machine = await machineWith(null);
    await machine.hear(first);
    await writeFile(machine.path, 'allow: [hand.example]\n');
    expect(await machine.hear(first)).toMatchObject({ standing: 'drifted' });
    expect(await machine.hear(second)).toMatchObject({
      standing: 'drifted',
      revision: revision('allow: [hand.example]\n'),
    });
    expect(await machine.text()).toBe('allow: [hand.example]\n');
  });

  it.each([
    ['valid', 'allow: [hand.example]\n'],
    ['broken', 'allow: [\n'],
  ])(
    'a %s text that drifted is replaced by a value that names its revision, and no other is',
    async (_, mine) => {
      const machine = await machineWith(null);
      await machine.hear(first);
      const over = verifiedOf(
        signedBy(editor, { text: policy('b.example'), before: first.id, over: [revision(mine)] }),
      );
      await writeFile(machine.path, `${mine}# and more\n`);
      expect(await machine.hear(over)).toMatchObject({ standing: 'drifted' });
      await writeFile(machine.path, mine);
      expect(await machine.hear(over)).toMatchObject({ standing: 'saved' });
      expect(await machine.text()).toBe(policy('b.example'));
    },
  );

  it('a machine tells where a text is broken, keeps the one it has, and takes the next that mends it', async () => {
    const machine = await machineWith(null);
    await machine.hear(first);
    const broken = verifiedOf(signedBy(editor, { text: 'allow:\n  - [a]\n', before: first.id }));
    expect(await machine.hear(broken)).toMatchObject({
      standing: 'rejected',
      detail: expect.stringMatching(/^2:5: /),
    });
    expect(await machine.text()).toBe(first.value.text);
    const mended = verifiedOf(
      signedBy(editor, { text: policy('d.example'), before: broken.id, succeeds: [first.id] }),
    );
    expect(await machine.hear(mended)).toMatchObject({ standing: 'saved' });
  });

  it('a grant that was over and removed is no drift', async () => {
    const ended = 'allow:\n  - a.example # egresstop: until 2026-11-20T17:00:00Z\n  - b.example\n';
    const machine = await machineWith(null);
    const granted = verifiedOf(signedBy(editor, { text: ended }));
    await machine.hear(granted);
    expect(await machine.file.expire()).toMatchObject({ type: 'written' });
    expect(await machine.hear(granted)).toMatchObject({ standing: 'saved' });
    const next = verifiedOf(signedBy(editor, { text: policy('c.example'), before: granted.id }));
    expect(await machine.hear(next)).toMatchObject({ standing: 'saved' });
    expect(await machine.text()).toBe(policy('c.example'));
  });

  it('a machine that was killed behind the rename knows its file again', async () => {
    const machine = await machineWith(null);
    await machine.hear(first);
    const before = await readFile(machine.memory, 'utf8');
    await machine.hear(second);
    const { taken } = JSON.parse(await readFile(machine.memory, 'utf8')) as { readonly taken: unknown };
    await writeFile(machine.memory, JSON.stringify({ ...(JSON.parse(before) as object), next: taken }));
    expect(await machine.hear(second)).toMatchObject({ standing: 'saved' });
    await rm(machine.memory);
    expect(await machine.hear(third)).toMatchObject({ standing: 'drifted' });
  });

  it('a machine whose memory is damaged writes nothing', async () => {
    const machine = await machineWith(null);
    await machine.hear(first);
    await writeFile(machine.memory, '{"taken":');
    expect(await machine.hear(second)).toMatchObject({ standing: 'failed' });
    expect(await machine.text()).toBe(first.value.text);
  });

  it('a machine waits for its wave, and leaves what it has', async () => {
    const machine = await machineWith(null);
    await machine.hear(first);
    const rollout = { waves: [['other'], ['*']], wave: 0, maxMachines: 0, isHalted: false };
    const early = verifiedOf(signedBy(editor, { text: policy('d.example'), before: first.id, rollout }));
    expect(await machine.hear(early)).toMatchObject({ standing: 'waiting' });
    expect(await machine.text()).toBe(first.value.text);
    const late = verifiedOf(
      signedBy(editor, {
        text: policy('d.example'),
        before: early.id,
        succeeds: [first.id],
        rollout: { ...rollout, wave: 1 },
      }),
    );
    expect(await machine.hear(late)).toMatchObject({ standing: 'saved' });
  });

  it('a store that was put back, a replay and a fork move no machine backwards', async () => {
    const machine = await machineWith(null);
    for (const value of [first, second, third]) await machine.hear(value);
    expect(await machine.hear(first)).toMatchObject({ standing: 'behind' });
    const fork = verifiedOf(signedBy(editor, { text: policy('fork.example'), before: second.id }));
    expect(await machine.hear(fork)).toMatchObject({ standing: 'unrelated' });
    expect(await machine.text()).toBe(third.value.text);
    expect(await machine.hear(fourth)).toMatchObject({ standing: 'saved' });
  });

  it('a file never goes back, whatever order values come in and whenever its machine forgets nothing', async () => {
    const heard = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(heard, async indices => {
        const machine = await machineWith(null);
        let furthest = -1;
        for (const index of indices) {
          const [value] = CHAIN.slice(index);
          if (!value) return;
          const { taken } = await machine.hear(value);
          const at = CHAIN.findIndex(({ id }) => id === taken?.id);
          expect(at).toBeGreaterThanOrEqual(furthest);
          furthest = at;
          expect(await machine.text()).toBe(CHAIN[at]?.value.text);
        }
      }),
      { numRuns: sized(8, 200, 15) },
    );
  });
});
