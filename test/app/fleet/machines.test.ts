import { expect, it } from 'vitest';
import type { CounterDocument } from '../../../src/core/fleet/counters/counter-document.ts';
import { subjectOf } from '../../../src/core/fleet/counters/counter-subject.ts';
import { countInto } from '../../../src/core/fleet/counters/count-into.ts';
import { FleetCounters } from '../../../src/core/fleet/counters/fleet-counters.ts';
import { MachineCounters } from '../../../src/core/fleet/counters/machine-counters.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { type FleetView, NO_RECORDS } from '../../../src/app/state/fleet-view.ts';
import { shippedSource } from '../../../src/core/event.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, type Session } from '../session.ts';
import { NOW } from '../traffic-of.ts';

const MINUTE = 60_000;

/** The documents of a machine that was asked for these hosts. */
function documentsOf(machine: string, hosts: readonly string[], epoch = 'e'): readonly CounterDocument[] {
  const counters = new MachineCounters({ tenant: 't', machine, epoch });
  for (const [index, host] of hosts.entries())
    counters.count(decision(index === 0 ? 'deny' : 'allow', { host, at: NOW - MINUTE * (10 - index) }));
  counters.note({ lines: hosts.length });
  counters.commit([]);
  const ledger = counters.ledger({ run: epoch, everyMs: MINUTE, policy: null }, NOW);
  return [...counters.shardsSince(0, NOW), ledger];
}

interface Heard {
  readonly documents: readonly CounterDocument[];
  readonly stored: number;
}

function watching(all: readonly Heard[], view: Partial<FleetView> = {}): Session {
  const traffic = new Traffic();
  const counters = new FleetCounters(
    { tenant: 't' },
    countInto(work => work(traffic)),
  );
  for (const { documents, stored } of all)
    for (const document of documents) counters.take(subjectOf(document), { document, stored });
  const session = openSession({ traffic, columns: 130, rows: 30 });
  const fleet = {
    name: 'nats://s/t',
    machines: counters.machines(),
    awaySince: null,
    trouble: null,
    records: NO_RECORDS,
    ...view,
  };
  session.tell({ type: 'fleet-heard', fleet });
  return session;
}

const rowOf = (session: Session, name: string): string =>
  session.rows().find(row => row.includes(name)) ?? session.rows().join('\n');

const TWO = [
  { documents: documentsOf('web-1', ['evil.example', 'pypi.org']), stored: NOW - 3_000 },
  { documents: documentsOf('web-2', ['pypi.org', 'pypi.org', 'only.example']), stored: NOW - 3 * 86_400_000 },
];

it('Machines shows who was heard when, how often each ruled, and who is silent or has a wrong clock', () => {
  const session = watching(TWO);
  session.press('8');
  expect(rowOf(session, 'web-1')).toMatch(/web-1 +3s ago +2 +1 +1 .*right .*complete/);
  expect(rowOf(session, 'web-2')).toMatch(/web-2 +silent 3d +3 +2 +1 .*\+3d .*complete/);
});

it('Machines says how long the server has been away, and who claims one name twice', () => {
  const twice = [...TWO, { documents: documentsOf('web-1', ['a.example'], 'other'), stored: NOW }];
  const session = watching(twice, { awaySince: NOW - 4 * MINUTE });
  session.press('8');
  expect(rowOf(session, 'server away')).toContain('server away 4m: these are the last known sums');
  expect(rowOf(session, 'claim')).toContain('two shippers claim web-1');
});

it('a ledger whose sums were not all received shows how many decisions are missing', () => {
  const ledger = documentsOf('web-1', ['a.example', 'b.example']).find(({ type }) => type === 'ledger');
  const session = watching([{ documents: ledger ? [ledger] : [], stored: NOW }]);
  session.press('8');
  expect(rowOf(session, 'web-1')).toContain('2 missing');
});

it('Hosts counts the machines of each host, and the filter finds what one machine alone asked for', () => {
  const session = watching(TWO);
  const place = rowOf(session, 'MACHINES').indexOf('MACHINES');
  const cells = ['pypi.org', 'only.example'].map(host =>
    rowOf(session, host)
      .slice(place, place + 8)
      .trim(),
  );
  expect(cells).toEqual(['2', '1']);
  session.press('/');
  session.type('machines:1');
  session.press('enter');
  expect(session.view().order.slice(0, 9)).toEqual(expect.arrayContaining(['evil.example', 'only.example']));
  expect(session.view().order).toHaveLength(2);
});

it('Enter on a machine shows its hosts, and says that the rows count whole hosts', () => {
  const session = watching(TWO);
  session.press('8', 'j', 'enter');
  expect(session.state().filter.text).toBe('machine:web-1');
  expect(session.view().order.slice(0, 9).toSorted()).toEqual(['evil.example', 'pypi.org']);
  expect(session.rows().join('\n')).toContain('rows count whole hosts');
});

it('the page of a host says on how many machines it was asked for, and where and when it was first seen', () => {
  const session = watching(TWO);
  session.press('enter');
  const page = session.rows().join('\n');
  expect(page).toContain('on 2 of 2: web-2 2, web-1 1');
  expect(page).toContain('first seen    on web-2');
});

it('without a fleet, Machines has no tab, and says what would fill it', () => {
  const session = openSession({ columns: 130 });
  expect(session.rows().join('\n')).not.toContain('8 Machines');
  session.press('8');
  expect(session.rows().join('\n')).toContain('egresstop nats://HOST/TENANT');
});

/** A fleet whose machines also shipped these denials, the newest last. */
function shipping(hosts: readonly (readonly [machine: string, host: string])[]): Session {
  const session = watching(TWO, { records: { ...NO_RECORDS, holds: 'denials', denials: hosts.length } });
  for (const [index, [name, host]] of hosts.entries())
    session.store.counting.keep(
      decision('deny', { host, at: NOW - 1_000 + index, source: shippedSource('nats://s/t', name, '/l') }),
    );
  session.flush();
  return session;
}

const SHIPPED = [
  ['web-1', 'evil.example'],
  ['web-2', 'evil.example'],
  ['web-2', 'only.example'],
] as const;

it('Stream shows the records that machines ship with their machine, and what it lacks of the counters', () => {
  const session = shipping(SHIPPED.slice(0, 1));
  session.press('5');
  expect(rowOf(session, 'MACHINE')).toMatch(/HOST +MACHINE/);
  expect(rowOf(session, 'evil.example')).toMatch(/deny +evil\.example +web-1/);
  expect(session.rows().join('\n')).toContain(
    'denials only: 1 of 2 denials came as records; counts are those of the sums',
  );
});

it('a shipped record is counted nowhere, because the sums hold it', () => {
  const before = watching(TWO).store.traffic.totals.total;
  const { traffic } = shipping(SHIPPED).store;
  expect([traffic.totals.total, traffic.info, traffic.malformed]).toEqual([before, 0, 0]);
});

it.each([
  ['machine:web-1', ['evil.example']],
  ['!machine:web-1', ['only.example', 'evil.example']],
  ['machine:web-*', ['only.example', 'evil.example', 'evil.example']],
  ['machine:-', []],
  ['machines:1', ['only.example', 'evil.example', 'evil.example']],
  ['machines:2', []],
])('%s on Stream leaves the records that it names', (filter, left) => {
  const session = shipping(SHIPPED);
  session.press('5', '/');
  session.type(filter);
  session.press('enter');
  const { recent } = session.store.traffic;
  expect(
    session
      .view()
      .order.slice(0, 9)
      .map(key => recent.at(Number(key))?.host),
  ).toEqual(left);
});

it('the page of a shipped record says which machine it is of, and that of a host shows its newest ones', () => {
  const session = shipping(SHIPPED);
  session.press('5', 'enter');
  expect(rowOf(session, 'machine ')).toMatch(/machine +web-2/);
  session.press('esc', '1', '/');
  session.type('host:only.example');
  session.press('enter', 'enter');
  expect(session.rows().join('\n')).toMatch(/LAST EVENTS[\s\S]*deny +web-2/);
});

it('Stream says what cannot be read, what was left out, and which flag ships more', () => {
  const session = watching(TWO, {
    records: { ...NO_RECORDS, trouble: 'no right', unread: 2, leftOut: 1_200 },
  });
  session.press('5');
  const page = session.rows().join('\n');
  expect(page).toContain('records: no right');
  expect(page).toContain('2 messages of records could not be read');
  expect(page).toContain('1,200 older messages of records left out: egresstop log prints them');
  expect(page).toContain('--records all');
});
