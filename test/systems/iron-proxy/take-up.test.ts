import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { takeUpBy } from '../../../src/systems/iron-proxy/take-up.ts';
import { fixturePath, machine } from '../../commands/program.ts';
import { startProgram } from '../../commands/start-program.ts';
import { runHere } from '../../commands/run-here.ts';
import { openSession } from '../../app/session.ts';
import { NOW } from '../../app/traffic-of.ts';

const KEY = 'the-key-of-the-test';
const CONFIG = readFileSync(fixturePath('iron-proxy.yaml'), 'utf8');

/** The requests that a management server got. */
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly key: string;
}

/** A management address that answers each request alike. */
async function management(status: number, body: string): Promise<{ port: number; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, key: headers.authorization ?? '' });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, asked }; // it listens at a port
}

const configured = (listen: string, more = ''): string =>
  `${CONFIG}management:\n  listen: "${listen}"\n${more}`;

async function allowed(config: string, env: Readonly<Record<string, string>>) {
  const here = machine();
  const file = here.write('proxy.yaml', config);
  const around = { cwd: here.path('work'), env: { ...here.env, ...env } };
  const run = await runHere(['policy', 'allow', 'new.example', '--policy', file], around, '');
  return { ...run, text: readFileSync(file, 'utf8') };
}

it('an edit is sent to the management address with the key of the environment, and 200 acknowledges it', async () => {
  const { port, asked } = await management(200, '{"status":"ok"}');
  const { code, stderr, text } = await allowed(configured(`127.0.0.1:${port}`), {
    IRON_MANAGEMENT_API_KEY: KEY,
  });
  expect([code, asked]).toEqual([0, [{ method: 'POST', url: '/v1/reload', key: `Bearer ${KEY}` }]]);
  expect(stderr).toContain('acknowledged by iron-proxy: POST /v1/reload was answered with 200');
  expect(text).toContain('new.example');
});

it('a key under the name that the configuration gives is taken', async () => {
  const { port, asked } = await management(200, '{"status":"ok"}');
  const config = configured(`127.0.0.1:${port}`, '  api_key_env: "MY_KEY"\n');
  await allowed(config, { MY_KEY: KEY, IRON_MANAGEMENT_API_KEY: 'another' });
  expect(asked.map(({ key }) => key)).toEqual([`Bearer ${KEY}`]);
});

it('422 is a rejection with the reason, and the file stays saved', async () => {
  const { port } = await management(422, '{"error":"domains[0]: \\u001b[31mbad pattern"}');
  const { code, stderr, text } = await allowed(configured(`127.0.0.1:${port}`), {
    IRON_MANAGEMENT_API_KEY: KEY,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/saved .*proxy\.yaml; REJECTED, the old policy stays: domains\[0\]: .*bad pattern/);
  expect(stderr).not.toContain('\u001b[31m');
  expect(text).toContain('new.example');
});

it.each([
  [401, '{"error":"unauthorized"}', 'status 401, unauthorized'],
  [500, '{"error":"internal error"}', 'status 500, internal error'],
  [404, 'page not found', 'status 404, page not found'],
])('status %i puts nothing in force, and is told', async (status, body, told) => {
  const { port } = await management(status, body);
  const { code, stderr } = await allowed(configured(`127.0.0.1:${port}`), { IRON_MANAGEMENT_API_KEY: KEY });
  expect(code).toBe(1);
  expect(stderr).toMatch(/not in force: POST http:\/\/127\.0\.0\.1:\d+\/v1\/reload failed: /);
  expect(stderr).toContain(told);
  expect(stderr).not.toContain(KEY);
});

it('the key goes straight to the management address, whatever proxy the environment names', async () => {
  const { port, asked } = await management(200, '{"status":"ok"}');
  let proxied = 0;
  const proxy = createTcp(socket => {
    proxied += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const here = machine();
  const file = here.write('proxy.yaml', configured(`127.0.0.1:${port}`));
  const variables = {
    IRON_MANAGEMENT_API_KEY: KEY,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, // it listens at a port
  };
  const { code } = await startProgram({ ...here, env: { ...here.env, ...variables } }, [
    'policy',
    'allow',
    'new.example',
    '--policy',
    file,
  ]);
  expect([code, asked.length, proxied]).toEqual([0, 1, 0]);
});

it('a redirect is not followed with the key', async () => {
  const { port: elsewhere, asked } = await management(200, '{}');
  const server = createServer((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/v1/reload` }).end(),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo; // it listens at a port
  const { code, stderr } = await allowed(configured(`127.0.0.1:${port}`), { IRON_MANAGEMENT_API_KEY: KEY });
  expect([code, asked]).toEqual([1, []]);
  expect(stderr).toContain('status 307');
});

it.each([
  ['there is no management address', CONFIG, { IRON_MANAGEMENT_API_KEY: KEY }],
  ['the environment has no key', configured('127.0.0.1:1'), {}],
  ['the key is empty', configured('127.0.0.1:1'), { IRON_MANAGEMENT_API_KEY: '' }],
  ['the key is blank', configured('127.0.0.1:1'), { IRON_MANAGEMENT_API_KEY: ' \n' }],
  ['the address is of another machine', configured('192.0.2.1:9092'), { IRON_MANAGEMENT_API_KEY: KEY }],
  ['the address is a name', configured('127.0.0.1.evil.example:9092'), { IRON_MANAGEMENT_API_KEY: KEY }],
])('nothing is sent where %s, and the advice says what to do', async (_, config, env) => {
  const { code, stderr } = await allowed(config, env);
  expect(code).toBe(0);
  expect(stderr).toContain('reload required: POST /v1/reload');
});

it('an address on all interfaces is asked on this machine', async () => {
  const here = machine();
  const places = { home: null, cwd: '/', tmp: '/', env: { IRON_MANAGEMENT_API_KEY: KEY }, stateDir: null };
  for (const listen of [':9092', '0.0.0.0:9092', '[::]:9092']) {
    const file = here.write('proxy.yaml', configured(listen));
    expect((await takeUpBy(file, places))?.shown).toBe('POST http://127.0.0.1:9092/v1/reload');
  }
});

it('the header tells saved, then acknowledged or rejected, of what the proxy answered', () => {
  for (const [end, told] of [
    [{ type: 'ended', by: 'iron-proxy (POST /v1/reload, 200)', said: '' }, 'acknowledged'],
    [{ type: 'rejected', why: 'bad pattern' }, 'REJECTED, the old policy stays'],
    [{ type: 'failed', why: 'refused' }, 'not in force'],
  ] as const) {
    const session = openSession({ columns: 160 });
    const policy = session.state().policy?.policy;
    if (!policy) throw new Error('the policy of a session must parse');
    const saved = { at: NOW, revision: 'sha256:2', edit: [], before: policy, after: policy, judging: {} };
    session.tell({
      type: 'edit-written',
      saved: { ...saved, advice: 'reload required: POST' },
      notice: { text: 'allowed', tone: 'allow', isOfWrite: true },
    });
    expect(session.rows()[0]).toContain('reload required');
    session.tell({ type: 'take-up-ended', revision: 'sha256:2', at: NOW + 1, end });
    expect(session.rows()[0]).toContain(told);
  }
});
