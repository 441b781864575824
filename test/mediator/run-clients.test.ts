import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunFlags } from '../../src/commands/mediator/run-flags.ts';
import { ended, flagsFor, originsWith, POLICY, startVerb, type Ended } from './verb-process.ts';
import { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** Two programs start before the command does; on a busy machine each takes many seconds. */
const START_WITHIN_MS = 60_000;
vi.setConfig({ testTimeout: 2 * START_WITHIN_MS });

const run = (flags: RunFlags, command: readonly string[], env: object = {}): Promise<Ended> =>
  ended(startVerb(world, { verb: 'run', flags, command, env }));

describe('large and new transfers behind run', () => {
  it('speaks HTTP/2 to an origin that does', async () => {
    const port = await world.http2('api.example', server => {
      server.on('request', (request, response) => response.end(`over ${request.httpVersion}`));
    });
    const flags = await flagsFor(world, { policy: POLICY, pins: [`api.example:127.0.0.1:${port}`] });
    const ran = await run(flags, ['curl', '-s', '-w', ' %{http_version}', 'https://api.example/']);
    expect(ran.out).toBe('over 2.0 2');
  });

  it('curl uploads behind run', async () => {
    const upload = join(world.folder, 'upload');
    writeFileSync(upload, Buffer.alloc(20_000_000, 'upload '));
    const port = await world.https('api.example', (request, response) => {
      const hash = createHash('sha256');
      request.on('data', chunk => hash.update(chunk as Buffer));
      request.on('end', () => response.end(hash.digest('hex')));
    });
    const flags = await flagsFor(world, { policy: POLICY, pins: [`api.example:127.0.0.1:${port}`] });
    const ran = await run(flags, ['curl', '-s', '--data-binary', `@${upload}`, 'https://api.example/up']);
    expect(ran.out).toBe(createHash('sha256').update(readFileSync(upload)).digest('hex'));
    expect(await world.record('egress_request')).toMatchObject({
      method: 'POST',
      bytes_out: 20_000_000,
      status: 200,
    });
  });

  it('downloads 200 MB in flat memory', async () => {
    const total = 200 * 1024 * 1024;
    const port = await world.https('api.example', (request, response) => {
      const size = request.url === '/big' ? total : 1024;
      response.setHeader('content-length', size);
      let sent = 0;
      const pump = (): void => {
        while (sent < size) {
          const chunk = Math.min(65_536, size - sent);
          sent += chunk;
          if (!response.write(Buffer.alloc(chunk))) return void response.once('drain', pump);
        }
        response.end();
      };
      pump();
    });
    const flags = await flagsFor(world, { policy: POLICY, pins: [`api.example:127.0.0.1:${port}`] });
    const peak = async (path: string): Promise<number> => {
      const file = join(world.folder, `peak-${path}`);
      const up = startVerb(world, {
        verb: 'mediator',
        flags: { ...flags, listen: '127.0.0.1:0' },
        env: { PEAK_FILE: file },
      });
      await once(up.stdout, 'data');
      const url = `https://api.example/${path}`;
      const ran = await run({}, ['curl', '-s', '-o', '/dev/null', '-w', '%{size_download}', url]);
      expect(ran).toMatchObject({ code: 0, out: String(path === 'big' ? total : 1024) });
      up.kill('SIGTERM');
      await once(up, 'close');
      return Number(readFileSync(file, 'utf8'));
    };
    const small = await peak('small');
    expect((await peak('big')) - small).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('other clients behind run', () => {
  it.skipIf(spawnSync('wget', ['--version']).status !== 0)(
    'Wget goes through, with what its user’s own start-up file says',
    async () => {
      const own = join(world.folder, 'own-wgetrc');
      writeFileSync(own, 'user_agent = of-its-user');
      const port = await world.https('api.example', (request, response) =>
        response.end(request.headers['user-agent']),
      );
      const flags = await flagsFor(world, { policy: POLICY, pins: [`api.example:127.0.0.1:${port}`] });
      const ran = await run(flags, ['wget', '-q', '-O-', 'https://api.example/'], { WGETRC: own });
      expect(ran).toMatchObject({ code: 0, out: 'of-its-user' });
    },
  );

  it('Node’s fetch goes through, and gets the denial as a failure', async () => {
    const script = `
      const answer = await fetch('https://api.example/node'); process.stdout.write(await answer.text());
      await fetch('https://evil.example/').catch(error => process.stdout.write('denied ' + error.name));`;
    const ran = await run(await originsWith(world, { tool: 'fetch' }), [
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(ran.out).toBe('api answers /node\ndenied TypeError');
    expect(await world.record('egress_request', { tool: 'fetch' })).toMatchObject({
      url: 'https://api.example/node',
    });
    await world.record('egress_deny', { host: 'evil.example', tool: 'fetch' });
  });

  it('Python’s urllib goes through, and gets the denial as a failure', async () => {
    const script = `
import urllib.request, urllib.error
print(urllib.request.urlopen('https://api.example/python').read().decode(), end='')
try: urllib.request.urlopen('https://evil.example/')
except OSError as error: print('denied', error)
try: urllib.request.urlopen('http://169.254.169.254/latest/')
except urllib.error.HTTPError as error: print(error.code, error.headers['x-egresstop-reason'])`;
    const ran = await run(await originsWith(world, { agent: 'py' }), ['python3', '-c', script]);
    expect(ran.out).toMatch(
      /^api answers \/python\ndenied .*403 Forbidden.*\n403 inside: internal destination denied\n$/,
    );
    await world.record('egress_internal_deny', { host: '169.254.169.254', agent: 'py' });
  });
});
