import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followFleet } from '../../../src/commands/dashboard/fleet/fleet-feed.ts';
import { machineOf } from '../../../src/core/event.ts';
import { parseNatsAddress } from '../../../src/sources/nats/nats-address.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { openSession, type Session } from '../../app/session.ts';
import { hasNatsServer, natsServer, type NatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine, type Machine } from '../program.ts';
import { counterStream } from './fleet-totals.ts';

const record = (host: string): string =>
  `${JSON.stringify({ ts: '2026-11-19T10:00:00Z', event: 'egress_allow', host })}\n`;

const ship = (here: Machine, server: NatsServer, name: string) =>
  here.run(['ship', server.url('acme'), '--machine', name, '--once', here.path(`${name}.jsonl`)]);

function feeding(server: NatsServer): Session {
  const session = openSession();
  const stop = followFleet(parseNatsAddress(server.url('acme')), session.store, {
    env: {},
    systems: SYSTEMS,
    partial: () => undefined,
    now: Date.now,
  });
  onTestFinished(stop);
  return session;
}

const total = ({ store }: Session): number => store.traffic.totals.total;

describe.skipIf(!hasNatsServer)('the dashboard of a fleet', () => {
  it('shows the sums of all machines, follows them, and is whole again after the server was killed', async () => {
    const [server, here] = [await natsServer(), machine()];
    await counterStream(server);
    for (const name of ['m1', 'm2']) {
      writeFileSync(here.path(`${name}.jsonl`), record('a.example').repeat(3));
      await ship(here, server, name);
    }
    const session = feeding(server);
    await until(() => total(session) === 6 && session.state().fleet?.machines.length === 2);
    await server.kill();
    await until(() => (session.state().fleet?.awaySince ?? null) !== null);
    await server.restart();
    appendFileSync(here.path('m1.jsonl'), record('b.example'));
    await ship(here, server, 'm1');
    await until(() => total(session) === 7 && session.state().fleet?.awaySince === null);
    expect(session.store.traffic.machines?.of('b.example').size).toBe(1);
    await until(() => session.state().sources[0]?.state === 'live'); // said once all that was missed has come
    expect(session.state().sources).toMatchObject([{ source: server.url('acme') }]);
  });

  it('keeps the denials that machines ship for Stream, and counts each record once', async () => {
    const [server, here] = [await natsServer(), machine()];
    await counterStream(server);
    const denial = (host: string): string => record(host).replace('egress_allow', 'egress_deny');
    writeFileSync(here.path('m 1.jsonl'), record('a.example') + denial('b.example'));
    await ship(here, server, 'm 1');
    const session = feeding(server);
    const kept = () => [...session.store.traffic.recent.newestFirst()].map(event => event.host);
    await until(() => total(session) === 2 && kept().length === 1);
    appendFileSync(here.path('m 1.jsonl'), denial('c.example'));
    await ship(here, server, 'm 1');
    await until(() => total(session) === 3 && kept().length === 2);
    expect(kept()).toEqual(['c.example', 'b.example']);
    await until(() => session.state().fleet?.records.denials === 2);
    expect(session.store.traffic.totals).toMatchObject({ allow: 1, deny: 2 });
    const [newest] = session.store.traffic.recent.newestFirst();
    expect(machineOf(newest?.source ?? '')).toBe('m 1');
  });

  it('a host that a machine denies for the first time rings; what stood there at the start, and what is old on a new machine, does not', async () => {
    const [server, here] = [await natsServer(), machine()];
    await counterStream(server);
    const denial = (host: string, ts = '2026-11-19T10:00:00Z'): string =>
      `${JSON.stringify({ ts, event: 'egress_deny', host })}\n`;
    writeFileSync(here.path('m1.jsonl'), denial('before.example'));
    await ship(here, server, 'm1');
    const session = feeding(server);
    await until(() => session.state().sources[0]?.state === 'live' && total(session) === 1);
    appendFileSync(here.path('m1.jsonl'), denial('new.example').repeat(2) + denial('before.example'));
    await ship(here, server, 'm1');
    await until(() => total(session) === 4);
    writeFileSync(
      here.path('m2.jsonl'),
      denial('old.example') + denial('now.example', '2100-01-01T00:00:00Z'),
    );
    await ship(here, server, 'm2');
    await until(() => total(session) === 6);
    expect(session.news).toEqual(['new.example', 'now.example']);
  });

  it('counts what comes while the view is frozen, and shows it afterwards', async () => {
    const [server, here] = [await natsServer(), machine()];
    await counterStream(server);
    writeFileSync(here.path('m1.jsonl'), record('a.example').repeat(3));
    await ship(here, server, 'm1');
    const session = feeding(server);
    await until(() => total(session) === 3);
    session.press('F');
    appendFileSync(here.path('m1.jsonl'), record('b.example').repeat(2));
    await ship(here, server, 'm1');
    await until(() => session.state().fleet?.machines[0]?.counts.total === 5);
    expect(total(session)).toBe(3);
    session.press('F');
    expect(total(session)).toBe(5);
    expect(session.store.traffic.machines?.of('b.example').size).toBe(1);
  });
});
