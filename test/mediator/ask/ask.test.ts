import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { dialMediator, exchangeRaw, readAll, secured, tunnel, World, type WorldOptions } from '../world.ts';
import { Operator } from './operator.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const HOSTS = ['new.example', 'other.example'];
const QUESTIONS = {
  perAgent: 2,
  inAll: 8,
  heldPerAgent: 3,
  heldInAll: 8,
  holdMs: 20_000,
  keepMs: 60_000,
};

/** A mediator that asks, before an origin of every host. */
async function asking({ limits, ...options }: WorldOptions = {}, hold: Partial<typeof QUESTIONS> = {}) {
  const port = await world.https('new.example', (_, response) => response.end('hello from the origin'));
  const plain = await world.http((_, response) => response.end('hello in clear'));
  const pins = HOSTS.flatMap(host => [`${host}:443:127.0.0.1:${port}`, `${host}:80:127.0.0.1:${plain}`]);
  const questions = { ...QUESTIONS, ...hold };
  return world.mediator({ mode: 'ask', pins, limits: { ...limits, questions }, ...options });
}

const plainGet = (host: string, agent = 'builder'): string =>
  `GET http://${host}/page?token=s HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nProxy-Authorization: Basic ${btoa(`${agent}:curl`)}\r\n\r\n`;
const connectTo = (authority: string, agent = 'builder'): string =>
  `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxy-Authorization: Basic ${btoa(`${agent}:curl`)}\r\n\r\n`;

async function send(mediator: Mediator, text: string): Promise<Socket> {
  const socket = await dialMediator(mediator);
  world.atEnd(() => void socket.destroy());
  socket.write(text);
  return socket;
}

const join = async (mediator: Mediator): Promise<Operator> => {
  const operator = await Operator.answering(mediator.socketPath);
  world.atEnd(() => void operator.socket.destroy());
  return operator;
};

const certificate = (mediator: Mediator): string => readFileSync(mediator.certificatePath, 'utf8');

describe('a mediator that asks', () => {
  it('an unlisted host waits for the answer, and its decision says so', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const answered = exchangeRaw(mediator, plainGet('new.example'));
    const ask = await operator.hears('ask');
    expect(ask).toMatchObject({
      host: 'new.example',
      port: 80,
      agent: 'builder',
      tool: 'curl',
      method: 'GET',
    });
    expect(ask).toMatchObject({ url: 'http://new.example/page?…', attempts: 1, held: 1 });
    expect(world.events()).not.toContain('egress_allow');
    operator.answer(ask['id'], 'allow', 'once');
    expect(await answered).toContain('hello in clear');
    const question = ask['id'];
    expect(await operator.hears('answered')).toMatchObject({
      id: question,
      answer: 'allow',
      by: 'me',
      for: 'once',
    });
    expect(await world.record('egress_ask')).toMatchObject({ question, host: 'new.example', port: 80 });
    expect(await world.record('egress_answer')).toMatchObject({
      question,
      by: 'me',
      via: 'test',
      for: 'once',
    });
    const allow = await world.record('egress_allow');
    expect(allow).toMatchObject({ asked: true, question, reason: 'allowed once by me', unlisted: true });
    expect(allow['waited_ms']).toEqual(expect.any(Number));
  });

  it('a denial for this run is remembered, listed and taken back', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const first = exchangeRaw(mediator, plainGet('new.example'));
    operator.answer((await operator.hears('ask'))['id'], 'deny', 'run');
    expect(await first).toMatch(/^HTTP\/1\.1 403 [^]*reason: denied for this run by me/);
    expect(await exchangeRaw(mediator, plainGet('new.example'))).toContain('denied for this run by me');
    operator.say({ type: 'status' });
    const rulesOf = (): unknown => operator.heard.findLast(({ type }) => type === 'hello')?.['rules'];
    const rules = (await until(() => (rulesOf() as readonly object[]).length > 0 && rulesOf())) as readonly {
      id: string;
    }[];
    expect(rules).toMatchObject([{ host: 'new.example', agent: 'builder', verdict: 'deny', until: null }]);
    const [rule] = rules;
    operator.say({ type: 'forget', rule: rule?.id });
    await operator.hears('forgotten', { known: true });
    const again = exchangeRaw(mediator, plainGet('new.example'));
    await until(() => operator.heard.filter(({ type }) => type === 'ask').length === 2);
    operator.socket.destroy();
    expect(await again).toContain('nobody to ask');
  });

  it('a tunnel waits, is opened once, and its requests need no further answer', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const opened = tunnel(mediator, 'new.example:443');
    operator.answer((await operator.hears('ask'))['id'], 'allow', 'once');
    const { head, socket } = await opened;
    expect(head).toContain(' 200 ');
    const tls = await secured(socket, 'new.example', certificate(mediator));
    tls.write('GET / HTTP/1.1\r\nHost: new.example\r\nConnection: close\r\n\r\n');
    expect(await readAll(tls)).toContain('hello from the origin');
    world.writePolicy('allow: [unrelated.example]\n');
    await world.record('egress_policy_applied');
    expect(await world.record('egress_allow')).toMatchObject({ asked: true, mitm: true });
  });

  it('passthrough is asked about before the tunnel stands, and its TLS is not opened', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const opened = tunnel(mediator, 'new.example:443');
    operator.answer((await operator.hears('ask'))['id'], 'passthrough', 'run');
    const { socket } = await opened;
    const tls = await secured(socket, 'new.example', (await world.originRoot()).certificate);
    tls.write('GET / HTTP/1.1\r\nHost: new.example\r\nConnection: close\r\n\r\n');
    expect(await readAll(tls)).toContain('hello from the origin');
    expect(await world.record('egress_allow')).toMatchObject({ interception: 'passthrough', asked: true });
  });

  it.each([
    ['taken back', 'run'],
    ['over', '300ms'],
  ])('a tunnel ends when the rule that permitted it is %s', async (_, term) => {
    const mediator = await asking();
    const operator = await join(mediator);
    const opened = tunnel(mediator, 'new.example:443');
    operator.answer((await operator.hears('ask'))['id'], 'passthrough', term);
    const { socket } = await opened;
    await secured(socket, 'new.example', (await world.originRoot()).certificate);
    const told = (await until(() =>
      operator.heard.find(({ type, rules }) => type === 'rules' && (rules as []).length > 0),
    )) as unknown as {
      rules: { id: string }[];
    };
    if (term === 'run') operator.say({ type: 'forget', rule: told.rules[0]?.id });
    expect(await world.record('egress_close')).toMatchObject({ reason: 'policy changed: not allowlisted' });
  });

  it('a request for another host inside an opened tunnel waits, too', async () => {
    const mediator = await asking({ policy: 'allow: [new.example]\n' });
    const operator = await join(mediator);
    const { socket } = await tunnel(mediator, 'new.example:443');
    const tls = await secured(socket, 'new.example', certificate(mediator));
    tls.write('GET /x HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n');
    const ask = await operator.hears('ask', { host: 'other.example' });
    expect(ask).toMatchObject({ url: 'https://other.example/x', port: 443 });
    operator.answer(ask['id'], 'deny', 'once');
    expect(await readAll(tls)).toMatch(/403 [^]*denied once by me/);
  });

  it('an HTTP/2 stream for another host waits, and the streams beside it do not', async () => {
    const port = await world.http2('new.example', server =>
      server.on('request', (_, response) => response.end('two')),
    );
    const mediator = await asking({
      policy: 'allow: [new.example]\n',
      pins: [`new.example:127.0.0.1:${port}`],
    });
    const operator = await join(mediator);
    const { socket } = await tunnel(mediator, 'new.example:443');
    const tls = await secured(socket, 'new.example', certificate(mediator), ['h2']);
    const client = connectHttp2('https://new.example', { createConnection: () => tls });
    const ask = client.request({ ':authority': 'other.example', ':path': '/' });
    const status = once(ask, 'response');
    const question = await operator.hears('ask', { host: 'other.example' });
    const beside = client.request({ ':path': '/' });
    expect((await once(beside, 'response'))[0]).toMatchObject({ ':status': 200 });
    operator.answer(question['id'], 'deny', 'run');
    expect((await status)[0]).toMatchObject({ ':status': 403 });
    client.destroy();
  });

  it('a SOCKS5 client waits, and is refused with the code of a rule', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const host = Buffer.from('new.example');
    const client = await dialMediator(mediator);
    client.write(Buffer.from([5, 1, 0]));
    expect((await once(client, 'data'))[0]).toEqual(Buffer.from([5, 0]));
    client.write(Buffer.concat([Buffer.from([5, 1, 0, 3, host.length]), host, Buffer.from([1, 187])]));
    operator.answer((await operator.hears('ask', { port: 443 }))['id'], 'deny', 'once');
    expect((await once(client, 'data'))[0]).toEqual(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
    client.destroy();
  });

  it('a WebSocket handshake waits for an answer', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const upgrade = plainGet('new.example').replace('close', 'Upgrade\r\nUpgrade: websocket');
    const refused = exchangeRaw(mediator, upgrade);
    operator.answer((await operator.hears('ask'))['id'], 'deny', 'once');
    expect(await refused).toMatch(/403 [^]*denied once by me/);
  });

  it.each([
    ['an inside address', '10.0.0.1'],
    ['a metadata address', '169.254.169.254'],
    ['a metadata name', 'metadata.google.internal'],
    ['localhost', 'localhost'],
  ])('%s is denied and not asked about', async (_, host) => {
    const mediator = await asking();
    const operator = await join(mediator);
    expect(await exchangeRaw(mediator, plainGet(host))).toMatch(/^HTTP\/1\.1 403 [^]*inside/);
    expect(operator.heard.filter(({ type }) => type === 'ask')).toEqual([]);
  });

  it('a name that turns out to be inside is denied although it was allowed', async () => {
    const mediator = await asking({ lookup: async () => ['10.1.2.3'] });
    const operator = await join(mediator);
    const denied = exchangeRaw(mediator, plainGet('rebinding.example'));
    operator.answer((await operator.hears('ask'))['id'], 'allow', 'run');
    expect(await denied).toMatch(/^HTTP\/1\.1 403 [^]*inside/);
  });

  it('no name is looked up before it is answered', async () => {
    const looked: string[] = [];
    const mediator = await asking({
      lookup: async host => {
        looked.push(host);
        return [];
      },
    });
    const operator = await join(mediator);
    const denied = exchangeRaw(mediator, plainGet('secret.exfil.example'));
    operator.answer((await operator.hears('ask'))['id'], 'deny', 'once');
    await denied;
    expect(looked).toEqual([]);
  });

  it('an attempt is denied at once where nobody can be asked', async () => {
    const mediator = await asking();
    expect(await exchangeRaw(mediator, plainGet('new.example'))).toMatch(/403 [^]*nobody to ask/);
    const reader = await Operator.join(mediator.socketPath);
    reader.say({ type: 'subscribe', replay: 10 });
    await reader.hears('event', { event: 'egress_deny' });
    expect(await exchangeRaw(mediator, plainGet('new.example'))).toMatch(/403 [^]*nobody to ask/);
    reader.socket.destroy();
  });

  it('what waits is denied when the last operator is gone', async () => {
    const mediator = await asking();
    const [one, two] = [await join(mediator), await join(mediator)];
    const waits = exchangeRaw(mediator, plainGet('new.example'));
    const ask = await one.hears('ask');
    one.socket.destroy();
    await two.hears('ask', { id: ask['id'] });
    two.socket.destroy();
    expect(await waits).toContain('nobody to ask');
  });

  it('an attempt that is not answered in time is denied as not answered', async () => {
    const mediator = await asking({}, { holdMs: 50, keepMs: 100 });
    const operator = await join(mediator);
    expect(await exchangeRaw(mediator, plainGet('new.example'))).toMatch(/403 [^]*reason: not answered/);
    const { id } = await operator.hears('ask');
    expect(await world.record('egress_deny')).toMatchObject({
      reason: 'not answered',
      asked: true,
      question: id,
    });
    await operator.hears('expired', { id });
  });

  it('the answer is kept for a client that gave up and comes again', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const impatient = await send(mediator, connectTo('new.example:80'));
    const ask = await operator.hears('ask');
    impatient.destroy();
    expect(await world.record('egress_deny')).toMatchObject({ reason: 'not answered: the client gave up' });
    expect(world.events()).not.toContain('egress_tunnel_error');
    operator.answer(ask['id'], 'allow', 'once');
    await operator.hears('answered');
    const again = await send(mediator, connectTo('new.example:80'));
    expect(String((await once(again, 'data'))[0])).toContain(' 200 ');
    again.destroy();
    await send(mediator, connectTo('new.example:80'));
    await until(() => operator.heard.filter(({ type, held }) => type === 'ask' && held === 1).length === 2);
  });

  it('what a client sends while it waits reaches the origin', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const eager = await send(
      mediator,
      `${connectTo('new.example:80')}GET / HTTP/1.1\r\nHost: new.example\r\nConnection: close\r\n\r\n`,
    );
    operator.answer((await operator.hears('ask'))['id'], 'passthrough', 'once');
    expect(await readAll(eager)).toContain('hello in clear');
  });

  it('an entry that is written into the policy lets what waits go', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const waits = exchangeRaw(mediator, plainGet('new.example'));
    const { id } = await operator.hears('ask');
    operator.answer(id, 'allow', 'always', 'editor');
    await operator.hears('awaited', { id });
    expect(world.events()).not.toContain('egress_allow');
    world.writePolicy('allow: [new.example]\n');
    expect(await waits).toContain('hello in clear');
    expect(await operator.hears('answered')).toMatchObject({ id, for: 'always', by: 'editor' });
    expect(await world.record('egress_allow')).toMatchObject({ asked: true, entry: 'new.example' });
  });

  it('the first of two answers wins, and the second learns whose it was', async () => {
    const mediator = await asking();
    const [one, two] = [await join(mediator), await join(mediator)];
    const waits = exchangeRaw(mediator, plainGet('new.example'));
    const { id } = await one.hears('ask');
    one.answer(id, 'deny', 'once', 'first');
    two.answer(id, 'allow', 'run', 'second');
    expect(await waits).toContain('denied once by first');
    expect(await two.hears('answered', { late: true })).toMatchObject({ answer: 'deny', by: 'first' });
    expect(world.events().filter(event => event === 'egress_answer')).toHaveLength(1);
  });

  it.each([
    ['an unknown question', { id: 'no-such', verdict: 'allow' }],
    ['an unknown verdict', { verdict: 'maybe' }],
    ['a term that is none', { verdict: 'allow', for: 'forever' }],
    ['a denial for always', { verdict: 'deny', for: 'always' }],
  ])('%s changes nothing and is told why', async (_, fields) => {
    const mediator = await asking();
    const operator = await join(mediator);
    await send(mediator, plainGet('new.example'));
    const { id } = await operator.hears('ask');
    operator.say({ type: 'answer', id, for: 'once', ...fields });
    expect((await operator.hears('unanswered'))['why']).toEqual(expect.any(String));
    operator.say({ type: 'questions' });
    expect((await operator.hears('questions'))['questions']).toMatchObject([{ id, held: 1 }]);
  });

  it('attempts that wait take no connection of those that do not', async () => {
    const mediator = await asking({ policy: 'allow: [other.example]\n', limits: { connections: 2 } });
    const operator = await join(mediator);
    const waiting = [1, 2, 3].map(() => send(mediator, plainGet('new.example')));
    await Promise.all(waiting);
    await operator.hears('ask', { held: 3 });
    expect(await exchangeRaw(mediator, plainGet('other.example'))).toContain('hello in clear');
    expect(await exchangeRaw(mediator, plainGet('new.example'))).toContain('too many attempts wait');
    expect(world.events()).not.toContain('egress_cap_exceeded');
  });

  it('a flood of one agent is one message with a count, and other agents still ask', async () => {
    const mediator = await asking();
    const operator = await join(mediator);
    const flood = [1, 2, 3, 4, 5].map(number => plainGet(`h${number}.example`, 'flood'));
    for (const request of flood.slice(0, 2)) await send(mediator, request);
    await until(() => operator.heard.filter(({ type }) => type === 'ask').length === 2);
    for (const request of flood.slice(2))
      expect(await exchangeRaw(mediator, request)).toContain('too many questions');
    await operator.hears('flood', { agent: 'flood', unasked: 3 });
    await send(mediator, plainGet('new.example', 'calm'));
    await operator.hears('ask', { agent: 'calm' });
  });
});
