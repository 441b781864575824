import { createHttpProxyServer } from '@anthropic-ai/sandbox-runtime/dist/sandbox/http-proxy.js';
import { matchesDomainPatternWithPort } from '@anthropic-ai/sandbox-runtime/dist/sandbox/domain-pattern.js';
import { canonicalizeHost } from '@anthropic-ai/sandbox-runtime/dist/sandbox/parent-proxy.js';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasSquid, startSquid } from '../squid.ts';
import { tunnelAt, World } from '../world.ts';

type Ruled = 'allow' | 'deny';

const REVERSE =
  'Squid looks an address up in reverse and finds a listed name; we and the sandbox runtime rule on what was asked for';
const USER =
  'the sandbox runtime leaves the user name out; Squid takes it for a part of the host; we refuse what has two readings';
const FIRST_PORT =
  'Squid stops reading at the first port and connects to api.example; we and the sandbox runtime refuse what has two readings';

/** A destination and how the three rule on it; where they differ, why. The list is `api.example` and everything at and below `corp.example`. */
const CASES: readonly (readonly [authority: string, ours: Ruled, squid: Ruled, srt: Ruled, why: string])[] = [
  ['api.example:443', 'allow', 'allow', 'allow', ''],
  ['API.Example:443', 'allow', 'allow', 'allow', ''],
  ['x.api.example:443', 'deny', 'deny', 'deny', ''],
  ['evil.example:443', 'deny', 'deny', 'deny', ''],
  ['corp.example:443', 'allow', 'allow', 'allow', ''],
  ['a.b.corp.example:443', 'allow', 'allow', 'allow', ''],
  ['evilcorp.example:443', 'deny', 'deny', 'deny', ''],
  ['api.example.:443', 'allow', 'allow', 'allow', ''],
  ['127.0.0.1:443', 'deny', 'allow', 'deny', REVERSE],
  ['2130706433:443', 'deny', 'allow', 'deny', REVERSE],
  ['0x7f.1:443', 'deny', 'allow', 'deny', REVERSE],
  ['[::ffff:127.0.0.1]:443', 'deny', 'allow', 'deny', REVERSE],
  ['169.254.169.254:80', 'deny', 'deny', 'deny', ''],
  ['user@api.example:443', 'deny', 'deny', 'allow', USER],
  ['api.example@evil.example:443', 'deny', 'deny', 'deny', ''],
  ['api.example:443@evil.example:443', 'deny', 'allow', 'deny', FIRST_PORT],
  ['evil.example%00.api.example:443', 'deny', 'deny', 'deny', ''],
  ['api.example:99999', 'deny', 'deny', 'deny', ''],
  ['api.example:0', 'deny', 'deny', 'deny', ''],
  ['api..example:443', 'deny', 'deny', 'deny', ''],
];

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** A proxy's answer to a CONNECT. Refusals are 400 and 403; a permit that nobody listens behind is another failure. */
async function ruling(port: number, authority: string): Promise<Ruled> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy()); // a reset is a refusal as well
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const answer = await new Promise<string>(resolve => {
    socket.once('data', chunk => resolve(chunk.toString('latin1')));
    socket.once('close', () => resolve(''));
  });
  socket.destroy();
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 403);
  return status >= 400 && status < 500 ? 'deny' : 'allow';
}

const LISTED = ['api.example', 'corp.example', '*.corp.example'];

/** The proxy of the sandbox runtime, with the matching its manager does. */
async function startSandboxRuntime(): Promise<number> {
  const server = createHttpProxyServer({
    filter: (port, host) => {
      const canonical = canonicalizeHost(host);
      return (
        canonical !== undefined && LISTED.some(each => matchesDomainPatternWithPort(canonical, port, each))
      );
    },
    lookupFor: () => (_, __, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  return world.listen(server);
}

it.runIf(hasSquid)(
  'rules as Squid and the sandbox runtime do, but where the table says why not',
  async () => {
    const mediator = await world.mediator({
      mode: 'strict',
      policy: 'allow:\n  - api.example\n  - .corp.example\n',
      lookup: async () => ['127.0.0.1'],
    });
    const names = ['api.example', 'corp.example', 'a.b.corp.example'];
    const squid = await startSquid(world, ['api.example', '.corp.example'], names);
    const srt = await startSandboxRuntime();
    const own = Number(mediator.address.split(':').at(-1));
    const found = await Promise.all(
      CASES.map(async ([authority, , , , why]) => [
        authority,
        await ruling(own, authority),
        await ruling(squid, authority),
        await ruling(srt, authority),
        why,
      ]),
    );
    expect(found).toEqual(CASES);
  },
);

it.runIf(hasSquid)('holds a passthrough tunnel to its name, which the others do not look at', async () => {
  const origin = await world.https('api.example', (_, response) => response.end());
  const policy = 'passthrough:\n  - api.example\n';
  const mediator = await world.mediator({ mode: 'strict', policy, lookup: async () => ['127.0.0.1'] });
  const squid = await startSquid(world, ['api.example'], ['api.example']);
  const srt = await startSandboxRuntime();
  const { certificate } = await world.originRoot();
  const shakesHands = async (port: number, servername: string): Promise<boolean> => {
    const { socket } = await tunnelAt(port, `api.example:${origin}`);
    const tls = connectTls({ socket, servername, ca: certificate, checkServerIdentity: () => undefined });
    const isSecure = await new Promise<boolean>(resolve => {
      tls.once('secureConnect', () => resolve(true));
      tls.once('error', () => resolve(false));
      tls.once('close', () => resolve(false));
    });
    socket.destroy();
    return isSecure;
  };
  const own = Number(mediator.address.split(':').at(-1));
  for (const port of [own, squid, srt]) expect(await shakesHands(port, 'api.example')).toBe(true);
  const fronted = await Promise.all([own, squid, srt].map(port => shakesHands(port, 'evil.example')));
  expect(fronted).toEqual([false, true, true]);
});

it('every difference in the table has its reason', () => {
  for (const [authority, ours, squid, srt, why] of CASES)
    expect([authority, why !== '']).toEqual([authority, ours !== squid || ours !== srt]);
});
