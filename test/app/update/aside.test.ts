import { describe, expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { openSession } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const deny = (host: string) => decision('deny', { host, at: NOW, reason: 'not allowlisted' });
const open = () => {
  const session = openSession({ traffic: trafficOf(['a.test', 'b.test'].map(deny)), policy: null });
  session.press('2');
  return session;
};

describe('a muted host', () => {
  it('leaves Denied, is counted in the header, and stays away when it is denied again', () => {
    const { press, view, rows, store, flush } = open();
    const [first = ''] = view().order.slice();
    press('M');
    expect(view().order.slice()).not.toContain(first);
    expect(rows()[1]).toContain('1 muted');
    store.add(deny(first));
    flush();
    expect(view().order.slice()).not.toContain(first);
  });

  it('a muted host is listed on demand, and M unmutes it there', () => {
    const { press, view, rows, state } = open();
    const [first = ''] = view().order.slice();
    press('M', 'v');
    expect(rows().find(row => row.includes(first))).toContain('muted');
    press('G', 'M'); // what is put aside stands last
    expect(state().dismissed.size).toBe(0);
    press('v');
    expect(view().order.slice()).toContain(first);
  });

  it('M mutes all marked hosts at once', () => {
    const { press, view } = open();
    press('space', 'space', 'M');
    expect(view().order.slice()).toEqual([]);
  });

  it('a muted host does not ring; every other host rings once', () => {
    const { press, store, news } = open();
    store.add(deny('new.test'), { isLive: true });
    store.add(deny('new.test'), { isLive: true });
    expect(news).toEqual(['new.test']);
    press('1');
    store.add(decision('allow', { host: 'quiet.test', at: NOW }), { isLive: true });
    press('g', 'space');
    const [muted = ''] = [...store.state.marked];
    press('M');
    store.add(deny(muted), { isLive: true });
    expect(news).toEqual(['new.test']);
  });
});

it('only what happens now rings: not an old line, not a host that was denied before', () => {
  const { store, news } = open();
  store.add(deny('old.test'));
  store.add(deny('old.test'), { isLive: true });
  store.add(deny('a.test'), { isLive: true });
  store.add(decision('would-deny', { host: 'shadow.test', at: NOW }), { isLive: true });
  expect(news).toEqual([]);
});

it('a frozen view rings too: the watch goes on', () => {
  const { press, store, news } = open();
  press('F');
  store.add(deny('new.test'), { isLive: true });
  store.add(deny('new.test'), { isLive: true });
  expect(news).toEqual(['new.test']);
});
