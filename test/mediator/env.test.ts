import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { rotateAuthority } from '../../src/mediator/certificates/authority-files.ts';
import { World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** Several programs start one after the other; on a busy machine each takes many seconds. */
vi.setConfig({ testTimeout: 120_000 });

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A shell with a home of its own, in which `egresstop` is the built program. */
async function shell(script: string, env: object = {}): Promise<{ code: number; out: string; err: string }> {
  const { SSL_CERT_FILE: _, NODE_EXTRA_CA_CERTS: __, WGETRC: ___, ...rest } = process.env;
  const child = spawn('bash', ['-c', `egresstop() { "$NODE" "$CLI" "$@"; }\n${script}`], {
    env: { ...rest, HOME: world.folder, NODE: process.execPath, CLI, SOCKET: socket(), ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.on('data', chunk => (err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

const socket = (): string => join(world.folder, 'mediator.sock');
const ENV = 'eval "$(egresstop env --socket "$SOCKET" --agent shell --tool bash)"';

const COMMIT = '0123456789012345678901234567890123456789';

/** A mediator before one origin that is intercepted and one that is passed through, both under an authority that only the mediator knows. */
async function mediated(): Promise<void> {
  const answer = (name: string) =>
    world.https(name, ({ url }, response) =>
      response.end(
        url?.startsWith('/repo.git/info/refs') ? `${COMMIT}\trefs/heads/main\n` : `${name} answers\n`,
      ),
    );
  const [api, pinned] = [await answer('api.example'), await answer('pinned.example')];
  await world.mediator({
    mode: 'strict',
    policy: 'allow:\n  - api.example\npassthrough:\n  - pinned.example\n',
    pins: [`api.example:127.0.0.1:${api}`, `pinned.example:127.0.0.1:${pinned}`],
  });
}

const python = `python3 -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode(), end="")'`;
const node = `"$NODE" -e 'fetch(process.argv[1]).then(a => a.text()).then(t => process.stdout.write(t))'`;

it.each([
  ['curl', 'curl -sS'],
  ['Python’s urllib', python],
  ['Node’s fetch', node],
  ['Wget', 'wget -q -O-'],
])('%s goes through the mediator in a shell that took the variables of env', async (_, command) => {
  await mediated();
  const ran = await shell(`${ENV}\n${command} https://api.example/x\n${command} https://pinned.example/x`);
  expect(ran).toMatchObject({ code: 0, out: 'api.example answers\npinned.example answers\n' });
  expect(await world.record('egress_allow', { host: 'api.example' })).toMatchObject({
    agent: 'shell',
    tool: 'bash',
    interception: 'intercepted',
  });
});

it('git goes through the mediator in a shell that took the variables of env', async () => {
  await mediated();
  const ran = await shell(`${ENV}\ngit ls-remote https://api.example/repo.git refs/heads/main`);
  expect(ran).toMatchObject({ code: 0, out: `${COMMIT}\trefs/heads/main\n` });
});

it('env exempts no destination from the proxy, loopback included', async () => {
  await mediated();
  const ran = await shell(
    `${ENV}\nNO_PROXY_WAS="$NO_PROXY"; curl -s http://127.0.0.1:1/ ; echo "[$NO_PROXY_WAS]"`,
  );
  expect(ran.out).toContain('reason: inside: internal destination denied');
  expect(ran.out).toContain('[]');
});

it('env sets the same variables as run does', async () => {
  await mediated();
  const names = `env | grep -v '^_=' | cut -d= -f1 | sort -u`;
  const before = new Set((await shell(names)).out.split('\n'));
  const added = (text: string) => text.split('\n').filter(name => !before.has(name));
  const byEnv = added((await shell(`${ENV}\n${names}`)).out);
  const byRun = added((await shell(`egresstop run --socket "$SOCKET" -- bash -c "${names}"`)).out);
  expect(byEnv).toEqual(byRun);
  expect(byEnv).toContain('https_proxy');
});

it('ALL_PROXY names the mediator as SOCKS5 only with --socks, for env and for run', async () => {
  await mediated();
  const names = 'echo "$ALL_PROXY $all_proxy $https_proxy" | sed "s|//[^ ]*|//|g"';
  const plain = await shell(`${ENV}\n${names}`);
  const [byEnv, byRun] = await Promise.all([
    shell(`eval "$(egresstop env --socks --socket "$SOCKET")"\n${names}`),
    shell(
      `egresstop run --socks --socket "$SOCKET" -- bash -c '${names}; curl -sS --noproxy "" -x "$ALL_PROXY" https://api.example/'`,
    ),
  ]);
  expect(plain.out).toBe('http:// http:// http://\n');
  expect(byEnv.out).toBe('socks5h:// socks5h:// http://\n');
  expect(byRun.out).toBe('socks5h:// socks5h:// http://\napi.example answers\n');
  expect(await world.record('egress_allow')).toMatchObject({ agent: 'bash', protocol: 'socks5' });
});

it('env prints nothing and fails with a remedy where no mediator is up', async () => {
  const ran = await shell('egresstop env --socket "$SOCKET"');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain(`no mediator is up on ${socket()}; start one with: egresstop mediator`);
});

it('a second env in the same shell trusts no authority that was replaced, and keeps what the shell trusted before', async () => {
  await mediated();
  const mine = join(world.folder, 'mine.pem');
  writeFileSync(mine, (await world.originRoot()).certificate);
  const roots = 'grep -c BEGIN "$SSL_CERT_FILE"; grep -c BEGIN "$NODE_EXTRA_CA_CERTS"';
  const set = { SSL_CERT_FILE: mine, NODE_EXTRA_CA_CERTS: mine };
  const once = await shell(`${ENV}\n${roots}`, set);
  const twice = await shell(`${ENV}\n${ENV}\n${roots}; echo "$SSL_CERT_FILE"`, set);
  expect(once.out).toBe('2\n2\n');
  expect(twice.out.startsWith(once.out)).toBe(true);
  await rotateAuthority(join(world.folder, 'ca'), Date.now());
  const reload = `printf '{"type":"reload"}\\n' | "$NODE" -e '
    const socket = require("node:net").connect(process.env.SOCKET); process.stdin.pipe(socket, { end: false });
    socket.on("data", text => String(text).includes("\\"policy\\",") && socket.destroy())'`;
  const later = await shell(`${ENV}\n${reload}\n${ENV}\n${roots}; curl -sS https://api.example/`, set);
  expect(later.out).toBe('2\n2\napi.example answers\n');
});

it('a --ca-dir that is not the mediator’s is refused by env', async () => {
  await mediated();
  const ran = await shell('egresstop env --socket "$SOCKET" --ca-dir /nowhere');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain(join(world.folder, 'ca'));
});

it('the name of an agent cannot run anything in the shell that reads the lines', async () => {
  await mediated();
  const ran = await shell(
    `eval "$(egresstop env --socket "$SOCKET" --agent "\\$(touch $HOME/run) '; exit 3 #")"; curl -sS https://api.example/; ls "$HOME"`,
  );
  expect(ran.code).toBe(0);
  expect(ran.out).toContain('api.example answers');
  expect(ran.out.split('\n')).not.toContain('run');
  await world.record('egress_allow', { agent: `$(touch ${world.folder}/run) '; exit 3 #` });
});
