import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { comesOnce } from '../../../src/sources/named/comes-once.ts';

it('files, folders, patterns and files to come can be read again; sockets, pipes and programs cannot', () => {
  const home = mkdtempSync(join(tmpdir(), 'comes-once-'));
  try {
    writeFileSync(join(home, 'a.jsonl'), '');
    spawnSync('mkfifo', [join(home, 'pipe')]);
    const path = (name: string): boolean => comesOnce({ type: 'path', path: join(home, name) });
    expect([path('a.jsonl'), path('.'), path('to-come.jsonl'), path('pipe')]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(comesOnce({ type: 'glob', pattern: '*.jsonl' })).toBe(false);
    expect(comesOnce({ type: 'socket', path: 'audit.sock' })).toBe(true);
    expect(comesOnce({ type: 'stdin' })).toBe(true);
    expect(comesOnce({ type: 'command', name: 'list', argv: ['list'] })).toBe(true);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
