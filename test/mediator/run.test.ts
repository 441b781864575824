import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunFlags } from '../../src/commands/mediator/run.ts';
import { until } from '../until.ts';
import { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** Two programs start before the command does; on a busy machine each takes many seconds. */
const START_WITHIN_MS = 60_000;
vi.setConfig({ testTimeout: 2 * START_WITHIN_MS });

const PROGRAM = fileURLToPath(new URL('run-program.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts a verb with all its files in the world's folder. */
function start(verb: 'run' | 'mediator', flags: RunFlags, command: readonly string[] = [], env: object = {}) {
  const xdg = ['XDG_RUNTIME_DIR', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'];
  const child = spawn(process.execPath, [PROGRAM, verb, JSON.stringify(flags), ...command], {
    env: { ...process.env, ...Object.fromEntries(xdg.map(name => [name, world.folder])), ...env },
  });
  world.atEnd(() => void child.kill('SIGKILL'));
  return child;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', chunk => (out += String(chunk)));
  child.stderr?.on('data', chunk => (err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

const run = (flags: RunFlags, command: readonly string[], env: object = {}): Promise<Ended> =>
  ended(start('run', flags, command, env));

/** Flags for a world with these origins, their authority trusted upstream. */
async function flagsFor(policy: string, pins: readonly string[], rest: RunFlags = {}): Promise<RunFlags> {
  world.writePolicy(policy);
  const roots = join(world.folder, 'origin-ca.pem');
  writeFileSync(roots, (await world.originRoot()).certificate);
  return {
    policy: world.policyPath,
    audit: join(world.folder, 'audit.jsonl'),
    resolve: pins,
    upstreamCa: [roots],
    ...rest,
  };
}

const policy = 'allow:\n  - api.example\npassthrough:\n  - pinned.example\n';

async function originsWith(rest: RunFlags = {}): Promise<RunFlags> {
  const api = await world.https('api.example', (request, response) => {
    request.resume();
    response.end(`api answers ${request.url}\n`);
  });
  const pinned = await world.https('pinned.example', (_, response) => response.end('pinned answers\n'));
  return flagsFor(policy, [`api.example:127.0.0.1:${api}`, `pinned.example:127.0.0.1:${pinned}`], {
    mode: 'strict',
    ...rest,
  });
}

describe('curl behind run', () => {
  it('curl behind run is intercepted where allowed: the issuer is ours', async () => {
    const ran = await run(await originsWith({ agent: 'research', tool: 'bash' }), [
      'curl',
      '-sv',
      'https://api.example/x',
    ]);
    expect(ran).toMatchObject({ code: 0, out: 'api answers /x\n' });
    expect(ran.err).toMatch(/issuer: .*O=egresstop/);
    expect(await world.record('egress_allow')).toMatchObject({ agent: 'research', tool: 'bash', mitm: true });
  });

  it('passes through where it is pinned: the issuer is the origin’s', async () => {
    const ran = await run(await originsWith(), ['curl', '-sv', 'https://pinned.example/']);
    expect(ran).toMatchObject({ code: 0, out: 'pinned answers\n' });
    const issuer = /CN=(egresstop local authority \w+)/.exec(ran.err)?.[1];
    const ours = readFileSync(join(world.folder, 'egresstop', 'ca.pem'), 'utf8');
    expect(new X509Certificate((await world.originRoot()).certificate).subject).toContain(issuer);
    expect(new X509Certificate(ours).subject).not.toContain(issuer);
    expect(await world.record('egress_allow')).toMatchObject({ agent: 'curl', interception: 'passthrough' });
  });

  it('curl behind run is denied where no entry lists the host, and is told why', async () => {
    const ran = await run(await originsWith(), ['curl', '-sv', 'https://evil.example/']);
    expect(ran.code).toBe(56);
    expect(ran.err).toContain('403 Forbidden');
    expect(ran.err).toContain('x-egresstop-reason: not allowlisted');
    const clear = await run(await originsWith(), ['curl', '-s', 'http://evil.example/']);
    expect(clear.out).toContain('host: evil.example\nreason: not allowlisted');
  });

  it('speaks HTTP/2 to an origin that does', async () => {
    const port = await world.http2('api.example', server => {
      server.on('request', (request, response) => response.end(`over ${request.httpVersion}`));
    });
    const flags = await flagsFor(policy, [`api.example:127.0.0.1:${port}`]);
    const ran = await run(flags, ['curl', '-s', '-w', ' %{http_version}', 'https://api.example/']);
    expect(ran.out).toBe('over 2.0 2');
  });

  it('uploads', async () => {
    const upload = join(world.folder, 'upload');
    writeFileSync(upload, Buffer.alloc(20_000_000, 'upload '));
    const port = await world.https('api.example', (request, response) => {
      const hash = createHash('sha256');
      request.on('data', chunk => hash.update(chunk as Buffer));
      request.on('end', () => response.end(hash.digest('hex')));
    });
    const flags = await flagsFor(policy, [`api.example:127.0.0.1:${port}`]);
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
    const flags = await flagsFor(policy, [`api.example:127.0.0.1:${port}`]);
    const peak = async (path: string): Promise<number> => {
      const file = join(world.folder, `peak-${path}`);
      const up = start('mediator', { ...flags, listen: '127.0.0.1:0' }, [], { PEAK_FILE: file });
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
      const flags = await flagsFor(policy, [`api.example:127.0.0.1:${port}`]);
      const ran = await run(flags, ['wget', '-q', '-O-', 'https://api.example/'], { WGETRC: own });
      expect(ran).toMatchObject({ code: 0, out: 'of-its-user' });
    },
  );

  it('Node’s fetch goes through, and gets the denial as a failure', async () => {
    const script = `
      const answer = await fetch('https://api.example/node'); process.stdout.write(await answer.text());
      await fetch('https://evil.example/').catch(error => process.stdout.write('denied ' + error.name));`;
    const ran = await run(await originsWith({ tool: 'fetch' }), [
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
    const ran = await run(await originsWith({ agent: 'py' }), ['python3', '-c', script]);
    expect(ran.out).toMatch(
      /^api answers \/python\ndenied .*403 Forbidden.*\n403 inside: internal destination denied\n$/,
    );
    await world.record('egress_internal_deny', { host: '169.254.169.254', agent: 'py' });
  });
});

describe('run', () => {
  const bare = (): Promise<RunFlags> => flagsFor('allow: []\n', []);

  it.each([
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -TERM $$'], 143],
    [['no-such-program-here'], 127],
    [[], 2],
  ])('%j ends with its status %d', async (command, code) => {
    expect((await run(await bare(), command)).code).toBe(code);
  });

  it('hands on stdio and signals', async () => {
    const child = start('run', await bare(), [
      'sh',
      '-c',
      'trap "echo told; exit 9" TERM; read line; echo "$line"; while :; do sleep 0.05; done',
    ]);
    let [out, err] = ['', ''];
    child.stdout.on('data', chunk => (out += String(chunk)));
    child.stderr.on('data', chunk => (err += String(chunk)));
    child.stdin.write('typed\n');
    await until(() => out === 'typed\n', {
      deadlineMs: START_WITHIN_MS,
      describe: () => `the program behind run to begin; run wrote: ${err}`,
    });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect([code, out]).toEqual([9, 'typed\ntold\n']);
  });

  it('hands on a signal that comes as soon as the program is there', async () => {
    const script = 'trap "exit 9" TERM; kill -TERM $PPID; while :; do sleep 0.05; done';
    expect((await run(await bare(), ['sh', '-c', script])).code).toBe(9);
  });

  it('exempts nothing, and joins the system’s roots with our own', async () => {
    const ran = await run(await bare(), [
      'sh',
      '-c',
      'echo "[$NO_PROXY] $HTTPS_PROXY $https_proxy"; grep -c BEGIN "$SSL_CERT_FILE"',
    ]);
    const [line = '', roots] = ran.out.split('\n');
    expect(line).toMatch(/^\[\] (http:\/\/sh:-@127\.0\.0\.1:\d+) \1$/);
    expect(Number(roots)).toBeGreaterThan(50);
  });

  it('joins a mediator that is up, and refuses to be another one there', async () => {
    const port = await world.https('api.example', (_, response) => response.end('joined'));
    await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const socket = join(world.folder, 'mediator.sock');
    const ran = await run({ socket, agent: 'second', tool: 'bash' }, ['curl', '-s', 'https://api.example/']);
    expect(ran.out).toBe('joined');
    expect(await world.record('egress_allow')).toMatchObject({ agent: 'second', tool: 'bash' });
    const other = await run({ socket, mode: 'strict' }, ['true']);
    expect(other.code).toBe(1);
    expect(other.err).toContain('already up');
  });
});

describe('a mediator that is killed', () => {
  it('loses no record of what a client was answered for, and starts again over its dead socket', async () => {
    const flags = await flagsFor('allow: []\n', [], { mode: 'strict', listen: '127.0.0.1:0' });
    const address = async (child: ChildProcess): Promise<string> => {
      let out = '';
      child.stdout?.on('data', chunk => (out += String(chunk)));
      return until(() => /listening on (\S+)[\s\S]*egresstop env/.exec(out)?.[1] ?? '');
    };
    const first = start('mediator', flags);
    const proxy = await address(first);
    const hosts = Array.from({ length: 20 }, (_, index) => `host-${index}.example`);
    for (const host of hosts) {
      const answer = await ended(spawn('curl', ['-s', '-x', `http://${proxy}`, `http://${host}/`]));
      expect(answer.out).toContain(`host: ${host}`);
    }
    first.kill('SIGKILL');
    await once(first, 'close');
    expect(
      world
        .records()
        .filter(({ event }) => event === 'egress_deny') // who asked may be told in a record of its own
        .map(record => record['host']),
    ).toEqual(hosts);
    const second = start('mediator', flags);
    await address(second);
    second.kill('SIGTERM');
    expect((await once(second, 'close'))[0]).toBe(0);
    expect(world.events().filter(event => event === 'egress_listen')).toHaveLength(2);
  });
});
