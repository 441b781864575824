import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from '../commands/program.ts';

const LOGS = readdirSync(fixturePath('.')).filter(name => name.endsWith('.jsonl'));

it.each(['microagent.yaml', 'microagent.json', 'zeph.toml', 'aasm.yaml', 'orcarouter.json'])(
  'entries for %s are suggested from each log by itself, also of another system',
  async policy => {
    for (const log of LOGS) {
      const args = ['--policy', fixturePath(policy), '--against', fixturePath(log)];
      const { code, stdout } = await machine().run(['policy', 'suggest', '--json', ...args]);
      expect([log, code]).toEqual([log, 0]);
      expect(JSON.parse(stdout)).toMatchObject({ refusal: null });
    }
  },
);
