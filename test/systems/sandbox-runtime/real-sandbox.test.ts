import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { machine, type Machine } from '../../commands/program.ts';

/** Each run of the sandbox starts four programs. */
vi.setConfig({ testTimeout: 180_000 });

const SRT = fileURLToPath(
  new URL('../../../node_modules/@anthropic-ai/sandbox-runtime/dist/cli.js', import.meta.url),
);

/** The program that the sandbox lacks here; null where it can run. */
function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this test runs on Linux alone';
  const missing = ['bwrap', 'socat', 'rg', 'curl'].find(name => spawnSync('which', [name]).status !== 0);
  if (missing !== undefined) return `${missing} is not installed`;
  const tried = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? null : `bwrap cannot make a sandbox here: ${tried.stderr.trim()}`;
}

const obstacle = whyNot();
if (obstacle !== null) process.stderr.write(`The real sandbox is not tried: ${obstacle}\n`);

/** The way to the internet: a proxy that answers for every host with the host's name. */
async function internet(): Promise<string> {
  const server = createServer((request, response) => response.end(`reached ${request.headers.host}\n`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs a command in the sandbox with its debug text; what the command printed, and that text. */
async function sandboxed(here: Machine, settings: string, command: string) {
  const child = spawn(process.execPath, [SRT, '--debug', '--settings', settings, '-c', command], {
    cwd: here.path('work'),
    env: { ...here.env, TMPDIR: '/tmp' }, // the path of a socket may not be long
  });
  const said = { out: '', debug: '' };
  child.stdout.on('data', chunk => (said.out += String(chunk)));
  child.stderr.on('data', chunk => (said.debug += String(chunk)));
  await once(child, 'close');
  return said;
}

const FETCH = 'for host in a.example b.example; do curl -s --max-time 10 "http://$host/"; echo; done';

it.skipIf(obstacle !== null)(
  'the real sandbox obeys the settings that egresstop writes, and its debug text is read as what it ruled',
  async () => {
    const here = machine();
    const settings = here.write(
      'home/.srt-settings.json',
      JSON.stringify({
        network: {
          allowedDomains: ['a.example'],
          deniedDomains: [],
          parentProxy: { http: await internet() },
        },
        filesystem: { denyRead: [], allowWrite: ['.'], denyWrite: [] },
      }),
    );
    expect((await here.run(['policy', 'check'])).code).toBe(0);

    const first = await sandboxed(here, settings, FETCH);
    expect(first.out).toContain('reached a.example');
    expect(first.out).not.toContain('reached b.example');
    here.write('work/srt.log', first.debug);
    const report = JSON.parse((await here.run(['report', 'srt.log', '--json'])).stdout) as {
      readonly hosts: readonly { readonly host: string; readonly allow: number; readonly deny: number }[];
    };
    expect(report.hosts.map(({ host, allow, deny }) => [host, allow, deny])).toEqual(
      expect.arrayContaining([
        ['a.example', 1, 0],
        ['b.example', 0, 1],
      ]),
    );

    const edit = ['--policy', settings];
    const suggest = ['policy', 'suggest', ...edit, '--against', 'srt.log', '--include', 'denied', '--write'];
    expect((await here.run(suggest)).stderr).toContain('saved ');
    const second = await sandboxed(here, settings, FETCH);
    expect(second.out).toContain('reached b.example');

    expect((await here.run(['policy', 'remove', 'a.example', ...edit])).code).toBe(0);
    const third = await sandboxed(here, settings, FETCH);
    expect(third.out).not.toContain('reached a.example');
    expect(third.debug).toMatch(/No matching (?:config )?rule, denying: a\.example:80/);
  },
);

it.skipIf(obstacle !== null)('what check calls an error makes the real sandbox refuse to start', async () => {
  const here = machine();
  const settings = here.write(
    'work/p.json',
    JSON.stringify({
      network: { allowedDomains: ['*.com'], deniedDomains: [] },
      filesystem: { denyRead: [], allowWrite: [], denyWrite: [] },
    }),
  );
  expect((await here.run(['policy', 'check', 'p.json'])).code).toBe(1);
  const { out, debug } = await sandboxed(here, settings, 'echo started');
  expect(out).not.toContain('started');
  expect(debug).toContain('does not hold a valid config');
});
