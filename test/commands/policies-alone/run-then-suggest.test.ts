import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { machine, type Machine } from '../program.ts';
import { startProgram } from '../start-program.ts';

/** A mediator, a stand-in for the agent and three curls start one after the other. */
vi.setConfig({ testTimeout: 120_000 });

/** An agent that fetches from two hosts that it may reach, and from one that the mediator denies. */
const CLAUDE = `#!/bin/sh
for host in docs.rs static.crates.io evil.example; do
  curl -s --max-time 10 "http://$host/" || echo "failed $?"
done
`;

/** The way to the internet: a proxy that answers for every host with the host's name. */
async function internet(): Promise<string> {
  const server = createServer((request, response) => response.end(`${request.headers.host}\n`));
  server.on('connect', (_, socket) => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.emit('connection', socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A machine whose `claude` is a script that makes requests. */
function withAgent(): Machine {
  const here = machine();
  here.write('bin/claude', CLAUDE);
  chmodSync(here.path('bin/claude'), 0o755);
  mkdirSync(here.path('home/.claude'));
  const env = { ...here.env, PATH: `${here.path('bin')}:${here.env['PATH'] ?? ''}` };
  return { ...here, env };
}

it('an agent runs behind the mediator, and suggest writes into its settings what it was let through to', async () => {
  const here = withAgent();
  const allowed = ['docs.rs', 'static.crates.io'].flatMap(host => [
    '--allow',
    host,
    '--resolve',
    `${host}:198.51.99.7`,
  ]);
  const flags = ['--mode', 'strict', ...allowed, '--upstream-proxy', await internet()];
  const ran = await startProgram(here, ['run', ...flags, '--', 'claude']);
  expect(ran.stdout).toContain('docs.rs\nstatic.crates.io\n');

  const settings = here.path('home/.claude/settings.json');
  const suggest = ['policy', 'suggest', '--policy', settings, '--against', 'mediator'];
  const shown = await here.run(suggest);
  expect(shown.stdout).toContain('+      "allowedDomains": ["docs.rs", "static.crates.io"]');
  expect(existsSync(settings)).toBe(false);

  const written = await here.run([...suggest, '--write']);
  expect(written.stderr).toContain('not known to be in force');
  expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({
    sandbox: { network: { allowedDomains: ['docs.rs', 'static.crates.io'] } },
  });
  const explained = await here.run(['policy', 'explain', 'docs.rs', '--system', 'claude-code']);
  expect(explained.stdout).toMatch(/^docs.rs: allow, .*\n {2}by docs.rs in allow, line 4\n/);
  expect((await here.run(['report', 'mediator'])).stdout).toContain('evil.example');
});

it('the word mediator without a log says which file is missing', async () => {
  const here = machine();
  const settings = here.write('home/.claude/settings.json', '{}');
  const { code, stderr } = await here.run([
    'policy',
    'suggest',
    '--policy',
    settings,
    '--against',
    'mediator',
  ]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('egresstop/audit.jsonl')]);
});
