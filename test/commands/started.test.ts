import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { machine } from './program.ts';
import { CLI } from './start-program.ts';

it('started by its first line, the program keeps its young generation small', () => {
  const told = 'data:text/javascript,process.stdout.write(String(process.execArgv))';
  const env = { ...machine().env, PATH: process.env['PATH'] ?? '', NODE_OPTIONS: `--import=${told}` };
  expect(execFileSync(CLI, ['--version'], { env, encoding: 'utf8' })).toContain('--max-semi-space-size=16');
});
