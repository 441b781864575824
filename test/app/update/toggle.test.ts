import { describe, expect, it } from 'vitest';
import { KEY_TABLE } from '../../../src/app/keys/key-table.ts';
import { SCREENS } from '../../../src/app/state/screen.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession, type SessionOptions } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const open = (options: SessionOptions = {}) =>
  openSession({
    traffic: trafficOf([decision('deny', { host: 'a.example', agent: 'builder', tool: 'fetch', at: NOW })]),
    columns: 80,
    rows: 24,
    ...options,
  });
const keyOf = (index: number): string => String(index + 1);

describe('a key whose effect is out of sight says what is chosen now', () => {
  it.each([
    ['|', '1', 'the pane beside the list is off', 'the pane beside the list is on'],
    ['_', '1', 'the pane below the list is off', 'the pane below the list is on'],
    ['v', '1', 'Denied shows muted', 'Denied hides muted'],
    ['v', '5', 'Denied shows muted', 'Denied hides muted'],
    ['|', '7', 'the pane beside the list is off; Suggest has none', 'the pane beside the list is on'],
    ['_', '5', 'the pane below the list is off; Stream has none', 'the pane below the list is on'],
    ['c', '3', 'Stream shows every record', 'Stream collapses equal retries'],
    ['c', '2', 'Stream shows every record', 'Stream collapses equal retries'],
  ])('%s on screen %s, where it shows nothing, tells: %s, then %s', (key, screen, first, second) => {
    const { press, rows } = open();
    press(screen, key);
    expect(rows().at(-1)).toContain(first);
    press(key);
    expect(rows().at(-1)).toContain(second);
  });

  it.each([
    ['|', '1'],
    ['_', '1'],
    ['v', '2'],
    ['c', '5'],
  ])('%s on screen %s, where its effect is seen, tells nothing', (key, screen) => {
    const { press, state } = open({ columns: 140, rows: 45 });
    press(screen, key);
    expect(state().notice).toBeNull();
  });
});

describe('the footer', () => {
  it('the footer offers no key that edits a policy while none is open', () => {
    const footerOf = (policy: string | null): string =>
      openSession({ traffic: trafficOf([decision('deny', { host: 'a.example' })]), policy, columns: 140 })
        .rows()
        .at(-1) ?? '';
    for (const hint of [' a allow', ' p pass', ' t time', ' x remove']) {
      expect(footerOf(null)).not.toContain(hint);
      expect(footerOf('allow: []\n')).toContain(hint);
    }
  });

  it.each(SCREENS.map((screen, index) => [screen, keyOf(index)] as const))(
    'the footer names on %s no key that would ask for a host first',
    (_, screen) => {
      const { press, rows, state } = open({ columns: 160 });
      press(screen);
      const footer = rows().at(-1) ?? '';
      for (const { keys, hint } of KEY_TABLE) {
        const [key = ''] = keys;
        if (hint === undefined || !footer.includes(` ${key} ${hint}`)) continue;
        press(key);
        expect(state().notice?.text ?? '').not.toContain('choose a host first');
        press('esc', 'esc', screen);
      }
      expect(footer.includes(' t time')).toBe(screen === '1' || screen === '2');
    },
  );
});
