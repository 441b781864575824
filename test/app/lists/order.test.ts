import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryKey } from '../../../src/app/state/entry-key.ts';
import { Ordering, SORTS } from '../../../src/app/lists/order.ts';
import type { Order } from '../../../src/app/lists/ranked-order.ts';
import { eventOfKey } from '../../../src/app/lists/stream-order.ts';
import { initialState, type State } from '../../../src/app/state/state.ts';
import { NO_FILTER } from '../../../src/app/state/prompt.ts';
import type { ListState, ScreenName } from '../../../src/app/state/screen.ts';
import { filterOf } from '../../../src/app/update/open.ts';
import type { EgressEvent } from '../../../src/core/event.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, OPTIONS, POLICY } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const host = (name: string, known: Partial<EgressEvent> = {}) => decision('allow', { host: name, ...known });
const EVENTS = [
  host('b.example', { at: 1, bytes: 9, durationMs: 5 }),
  host('b.example', { at: 2 }),
  host('a.example', { at: 3, bytes: 1, durationMs: 50 }),
  decision('deny', { host: 'c.example', at: 4 }),
  decision('error', { host: 'd.example', at: 5 }),
];

const START = initialState(OPTIONS, null, { columns: 100, rows: 30, now: NOW });
const on = (screen: ScreenName, list: Partial<ListState> = {}, more: Partial<State> = {}): State => ({
  ...START,
  ...more,
  screen,
  lists: { ...START.lists, [screen]: { ...START.lists[screen], ...list } },
});
const order = (state: State, events: Iterable<EgressEvent> = EVENTS) =>
  new Ordering(() => 0).of(state, trafficOf(events)).order.slice();

describe('an order', () => {
  it.each([
    ['total', ['b', 'a', 'c', 'd']],
    ['deny', ['c', 'a', 'b', 'd']],
    ['error', ['d', 'a', 'b', 'c']],
    ['last', ['d', 'c', 'a', 'b']],
    ['name', ['a', 'b', 'c', 'd']],
    ['bytes', ['b', 'a', 'c', 'd']],
    ['latency', ['a', 'b', 'c', 'd']],
  ] as const)('of hosts by %s is %j, names where that is equal', (sort, names) => {
    expect(order(on('hosts', { sort }))).toEqual(names.map(name => `${name}.example`));
  });

  it('turns round, names where equal still from a to z', () => {
    expect(order(on('hosts', { sort: 'deny', isReversed: true }))).toEqual([
      'a.example',
      'b.example',
      'd.example',
      'c.example',
    ]);
  });

  it('knows every column that a list can be sorted by', () => {
    for (const [screen, sorts] of Object.entries(SORTS))
      for (const sort of sorts) expect(() => order(on(screen as ScreenName, { sort }))).not.toThrow();
  });

  it('shows on Denied who was denied, until put aside, and again after the next denial', () => {
    const denied = (count: number) =>
      trafficOf(Array<EgressEvent>(count).fill(decision('deny', { host: 'c.example' })));
    const aside = on('denied', {}, { dismissed: new Map([['c.example', 1]]) });
    expect(order(on('denied'))).toEqual(['c.example']);
    expect(order(aside)).toEqual([]);
    expect(new Ordering(() => 0).of(aside, denied(2)).order.slice()).toEqual(['c.example']);
  });

  it('leaves what a filter leaves, words fuzzily, taken away words as they are', () => {
    const filtered = (text: string) => order(on('hosts', {}, { filter: filterOf(text) }));
    expect(filtered('verdict:deny')).toEqual(['c.example']);
    expect(filtered('bexam')).toEqual(['b.example']);
    expect(filtered('!b.ex !a.ex')).toEqual(['c.example', 'd.example']);
  });

  it('the stream is ordered newest first by time; a record without a time stays beside its neighbour', () => {
    const events = [
      host('one', { at: 10 }),
      host('two', { at: 30 }),
      host('none'),
      host('three', { at: 20 }),
    ];
    const traffic = trafficOf(events);
    const keys = new Ordering(() => 0).of(on('stream'), traffic).order.slice();
    expect(keys.map(key => eventOfKey(key, traffic)?.host)).toEqual(['two', 'three', 'none', 'one']);
  });

  it('names an event of the stream by a key that it keeps while older ones make room', () => {
    const traffic = trafficOf(EVENTS, { recentEvents: 3 });
    const [newest = ''] = new Ordering(() => 0).of(on('stream'), traffic).order.slice();
    traffic.add(host('e.example', { at: 6 }), NOW);
    expect(eventOfKey(newest, traffic)?.host).toBe('d.example');
    traffic.add(host('f.example'), NOW);
    traffic.add(host('g.example'), NOW);
    expect(eventOfKey(newest, traffic)).toBeNull();
  });

  it('the policy is ordered by lines, lists or names, and only words and host: filter it', () => {
    const { policy } = openSession({ policy: POLICY }).state();
    const keys = (list: Partial<ListState>, text = '') =>
      order(on('policy', list, { policy, filter: text === '' ? NO_FILTER : filterOf(text) }));
    const byLine = (policy?.policy?.entries ?? []).map(entryKey);
    expect(keys({})).toEqual(byLine);
    expect(keys({ isReversed: true })).toEqual(byLine.toReversed());
    expect(keys({ sort: 'name' })[0]).toBe('allow .pypi.org');
    expect(keys({}, 'docs')).toEqual(['allow docs.rs', 'passthrough docs.rs']);
    expect(keys({}, '!docs pinned')).toEqual(['passthrough pinned.example']);
    expect(keys({}, 'host:*.org')).toEqual(['allow .pypi.org']);
    expect(keys({}, 'verdict:deny')).toEqual(byLine);
  });
});

describe('putting in order costs no more than it is worth', () => {
  it('keeps the very same order while nothing changed', () => {
    const ordering = new Ordering(() => 0);
    const traffic = trafficOf(EVENTS);
    expect(ordering.of(on('hosts'), traffic)).toBe(ordering.of(on('hosts'), traffic));
  });

  it('a dialog that opened on an order keeps it, whatever comes', () => {
    const ordering = new Ordering(() => 0);
    const traffic = trafficOf(EVENTS);
    const open = on('hosts', {}, { dialog: { type: 'sort', chosen: 0 } });
    const before = ordering.of(on('hosts'), traffic);
    for (let count = 0; count < 5; count += 1) traffic.add(host('z.example'), NOW);
    expect(ordering.of(open, traffic)).toBe(before);
    expect(ordering.of({ ...open, policy: null, now: NOW + 1 }, traffic)).toBe(before);
    expect(ordering.of(on('hosts'), traffic).order.at(0)).toBe('z.example');
  });

  it.each(['hosts', 'tools', 'stream'] as const)(
    'an empty list of %s takes up what comes while a dialog is open, and then keeps its order',
    screen => {
      const ordering = new Ordering(() => 0);
      const traffic = trafficOf([]);
      const open = on(screen, {}, { dialog: { type: 'sort', chosen: 0 } });
      expect(ordering.of(on(screen), traffic).order.slice()).toEqual([]);
      expect(ordering.of(open, traffic).order.slice()).toEqual([]);
      traffic.add(host('a.example'), NOW);
      const before = ordering.of(open, traffic);
      expect(before.order.length).toBe(1);
      traffic.add(host('b.example', { tool: 'other' }), NOW);
      expect(ordering.of(open, traffic)).toBe(before);
    },
  );

  it('a list that takes 20 ms is put in order every 200 ms, and a key never waits for it', () => {
    let [clock, cost] = [1_000, 20];
    const traffic = trafficOf(EVENTS);
    const ordering = new Ordering(() => (clock += cost / 2) - cost / 2);
    const first = ordering.of(on('hosts'), traffic);
    traffic.add(host('z.example'), NOW);
    cost = 0;
    expect(ordering.of(on('hosts'), traffic)).toBe(first);
    expect(ordering.pace.dueIn(traffic.version)).toBeGreaterThan(50);
    clock += 1_000;
    expect(ordering.pace.dueIn(traffic.version)).toBe(0);
    expect(ordering.of(on('hosts'), traffic, true)).toBe(first);
    expect(ordering.of(on('hosts'), traffic).order.slice()).toContain('z.example');
    expect(ordering.pace.dueIn(traffic.version)).toBeNull();
  });

  it.each(['hosts', 'denied', 'agents', 'tools', 'stream'] as const)(
    'an empty list of %s shows its first rows at once, however slow it was to make',
    screen => {
      let clock = 0;
      const traffic = trafficOf([]);
      const [state, ordering] = [on(screen), new Ordering(() => (clock += 20))];
      expect(ordering.of(state, traffic).order.length).toBe(0);
      while (ordering.pace.progress !== null) ordering.pace.advance();
      traffic.add(decision('deny', { host: 'a.example', agent: 'research', tool: 'fetch' }), NOW);
      ordering.of(state, traffic, true);
      while (ordering.pace.progress !== null) ordering.pace.advance();
      expect(ordering.of(state, traffic, true).order.length).toBe(1);
    },
  );

  it('another sort, filter or screen is answered at once', () => {
    let clock = 0;
    const traffic = trafficOf(EVENTS);
    const ordering = new Ordering(() => (clock += 50));
    ordering.of(on('hosts'), traffic);
    expect(ordering.of(on('hosts', { sort: 'name' }), traffic, true).order.at(0)).toBe('a.example');
    expect(ordering.of(on('denied'), traffic, true).order.slice()).toEqual(['c.example']);
  });

  it('a host put aside for the second time goes at once, though no record came', () => {
    const ordering = new Ordering(() => 0);
    const traffic = trafficOf([EVENTS[3] as EgressEvent, EVENTS[3] as EgressEvent]);
    const dismissed = (count: number) => on('denied', {}, { dismissed: new Map([['c.example', count]]) });
    expect(ordering.of(dismissed(1), traffic).order.slice()).toEqual(['c.example']);
    expect(ordering.of(dismissed(2), traffic).order.slice()).toEqual([]);
  });

  it('a filter that counts back from now lets rows go though no record comes', () => {
    const ordering = new Ordering(() => 0);
    const traffic = trafficOf([host('a.example', { at: NOW - 50_000 })]);
    const state = on('hosts', {}, { filter: filterOf('since:1m') });
    expect(ordering.of(state, traffic).order.slice()).toEqual(['a.example']);
    expect(ordering.of({ ...state, now: NOW + 20_000 }, traffic).order.slice()).toEqual([]);
  });

  it('a host that was folded and came back is not hidden by an old dismissal', () => {
    const aside = on('denied', {}, { dismissed: new Map([['c.example', 50]]) });
    expect(order(aside, [EVENTS[3] as EgressEvent])).toEqual(['c.example']);
  });
});

describe('a filter that asks the policy', () => {
  it('leaves the hosts that an entry, a default or nothing decides', () => {
    const traffic = trafficOf([
      decision('allow', { host: 'docs.rs' }),
      decision('deny', { host: 'x.example' }),
      decision('deny', { host: 'y.example' }),
    ]);
    const session = openSession({ traffic });
    const shown = (query: string): readonly string[] => {
      session.press('esc', '/');
      session.type(query);
      session.press('enter');
      return session.view().order.slice().toSorted();
    };
    expect(shown('ruled:entry')).toEqual(['docs.rs']);
    expect(shown('ruled:docs.rs')).toEqual(['docs.rs']);
    expect(shown('ruled:default')).toEqual(['x.example', 'y.example']);
    expect(shown('!ruled:default')).toEqual(['docs.rs']);
    expect(shown('draft:changed')).toEqual([]);
    session.press('5');
    expect(shown('ruled:entry')).toHaveLength(1);
  });
});

describe('an order in the arrays of earlier ones', () => {
  /** Enough hosts that finding them takes several steps. */
  const HOSTS = 1_500;
  const many = trafficOf(
    Array.from({ length: HOSTS }, (_, index) =>
      host(`${index % 7}-${index}.example`, { at: index, bytes: (index * 7919) % HOSTS }),
    ),
  );
  const question = fc.record({
    sort: fc.constantFrom('first', 'bytes', 'name'),
    isReversed: fc.boolean(),
    filter: fc.constantFrom('', '1', '12', '3-', 'nowhere'),
    isRanked: fc.boolean(),
  });
  /** Few of them, so that many are asked again while their answer is kept. */
  const states = fc.array(question, { minLength: 2, maxLength: 3 }).map(questions =>
    questions.map(({ sort, isReversed, filter, isRanked }) => {
      const { terms } = filterOf(filter);
      const state = on('hosts', { sort, isReversed }, { filter: { ...NO_FILTER, terms, isRanked } });
      return { state, whole: new Ordering(() => 0).of(state, many).order.slice() };
    }),
  );
  const looks = fc.array(
    fc.record({ asked: fc.nat({ max: 2 }), times: fc.nat({ max: 4 }), from: fc.nat({ max: HOSTS }) }),
    { minLength: 4, maxLength: 12 },
  );

  it('an order has every row that was found, in its place, whatever was asked before and given up', () => {
    fc.assert(
      fc.property(states, looks, (all, looking) => {
        let ms = 0;
        const ordering = new Ordering(() => (ms += 20)); // each slice is one step
        ordering.of(on('hosts'), many);
        while (ordering.pace.progress !== null) ordering.pace.advance();
        for (const { asked, times, from } of looking) {
          const { state, whole } = all[asked % all.length] ?? { state: on('hosts'), whole: [] };
          for (let time = 0; time <= times; time += 1) {
            const { order: found } = ordering.of(state, many);
            // a part of it: what was read already is not read again
            const part = (rows: Order) => rows.slice(from, from + 9);
            if (ordering.pace.progress === null) expect(part(found)).toEqual(part(whole));
            else {
              const names = new Set(found.slice());
              expect(found.slice()).toEqual(whole.filter(name => names.has(name)));
            }
            ordering.pace.advance();
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
