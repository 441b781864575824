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
    for (const hint of [' a allow', ' p pass', ' t time', ' x remove', ' u undo', ' d draft', ' e edit']) {
      expect(footerOf(null)).not.toContain(hint);
      expect(footerOf('allow: []\n')).toContain(hint);
    }
  });

  it('under --readonly the footer offers a draft, and edits of it alone', () => {
    const { press, rows } = open({ options: { isReadonly: true }, columns: 160 });
    for (const hint of [' a allow', ' x remove', ' u undo', ' e edit'])
      expect(rows().at(-1)).not.toContain(hint);
    expect(rows().at(-1)).toContain(' d draft');
    press('d', 'j');
    expect(rows().at(-1)).toContain(' a allow');
    expect(rows().at(-1)).not.toContain('save draft');
  });

  it('the footer offers an editor for a broken policy file, and no other edit', () => {
    const { tell, rows, state } = open({ columns: 160 });
    const { policy } = state();
    if (!policy) throw new Error('the session has a policy');
    tell({ type: 'policy-loaded', policy: { ...policy, trouble: 'invalid' } });
    tell({ type: 'moved', by: 'line', direction: 1 });
    expect(rows().at(-1)).toContain(' e edit');
    for (const hint of [' a allow', ' u undo', ' d draft']) expect(rows().at(-1)).not.toContain(hint);
  });

  it('the footer offers no editor for a policy of a fleet, which is no file', () => {
    const { tell, flush, rows } = open({ columns: 160 });
    expect(rows().at(-1)).toContain(' e edit');
    tell({ type: 'machines-stood', standings: { chain: [], machines: new Map() } });
    flush();
    expect(rows().at(-1)).not.toContain(' e edit');
  });

  it('on Denied the footer calls the key that puts a row aside dismiss, with a policy or without', () => {
    for (const policy of [null, 'allow: []\n']) {
      const { press, rows } = open({ policy, columns: 140 });
      press('2');
      expect(rows().at(-1)).toContain(' x dismiss');
    }
  });

  it('while a draft is open the footer begins with the keys that save and drop it', () => {
    const { press, rows } = open();
    press('d', 'j');
    expect(rows().at(-1)).toMatch(/^ d drop draft {2}w save draft /);
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
