import { describe, expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { chosenEdit, openSession, type SessionOptions } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const seen = () =>
  trafficOf([
    ...['api.one.test', 'cdn.one.test', 'www.one.test', 'docs.rs'].map(host =>
      decision('allow', { host, at: NOW, agent: 'research', tool: 'fetch' }),
    ),
    decision('deny', { host: 'paste.test', at: NOW, reason: 'not allowlisted' }),
    decision('deny', { host: '10.0.0.4', at: NOW }),
  ]);

const open = (options: SessionOptions = {}) => {
  const session = openSession({ traffic: seen(), columns: 130, ...options });
  session.press('S');
  return session;
};
const rowsWith = (rows: readonly string[], text: string): readonly string[] =>
  rows.filter(row => row.includes(text));

describe('the Suggest screen', () => {
  it('shows what was let through as ticked, what was denied as not, with who asked', () => {
    const { rows } = open();
    expect(rowsWith(rows(), '+.one.test')[0]).toMatch(/\[x\] .*allowed +3 +3 +· .*research/);
    expect(rowsWith(rows(), '+paste.test')[0]).toMatch(/\[ \] .*denied +1 +· +1 /);
    expect(rowsWith(rows(), '1 of 2 ticked')).toHaveLength(1);
    expect(rowsWith(rows(), '1 left out, as 10.0.0.4')).toHaveLength(1);
  });

  it('Space ticks and unticks; a asks for all that is ticked, as one edit', () => {
    const { press, state, effects, rows } = open();
    press('space', 'space');
    expect(rowsWith(rows(), '1 of 2 ticked')).toHaveLength(1);
    press('a');
    expect(chosenEdit(state())).toEqual([{ type: 'add', list: 'allow', entry: 'paste.test' }]);
    expect(effects.at(-1)).toEqual({ type: 'plan-edit', edit: chosenEdit(state()) });
  });

  it('a filter hides rows; what is ticked stays ticked', () => {
    const { press, type, state, rows } = open();
    press('/');
    type('paste');
    press('enter');
    expect(rowsWith(rows(), '+.one.test')).toEqual([]);
    press('space', 'a');
    expect(chosenEdit(state()).map(change => 'entry' in change && change.entry)).toEqual([
      '.one.test',
      'paste.test',
    ]);
  });

  it('the Suggest screen asks for no edit where nothing is ticked', () => {
    const { press, state, rows } = open();
    press('space', 'a');
    expect(state().dialog.type).toBe('none');
    expect(rows().at(-1)).toContain('nothing is ticked');
  });

  it('the Suggest screen refuses an edit with --readonly', () => {
    const { press, state, rows } = open({ options: { isReadonly: true } });
    press('a');
    expect(state().dialog.type).toBe('none');
    expect(rows().at(-1)).toContain('read-only');
  });

  it('Enter shows the hosts a suggestion stands for, and Esc comes back', () => {
    const { press, state, view } = open();
    press('enter');
    expect([state().screen, view().order.slice()]).toEqual([
      'hosts',
      ['api.one.test', 'cdn.one.test', 'www.one.test'],
    ]);
    press('esc');
    expect([state().screen, state().filter.text]).toEqual(['suggest', '']);
  });

  it('y copies the entry', () => {
    const { press, effects } = open();
    press('y');
    expect(effects.at(-1)).toEqual({ type: 'copy', text: '.one.test' });
  });

  it('what was suggested is gone once the policy lists it', () => {
    const { load, rows } = open();
    load('allow: [docs.rs, .one.test]\n', 'sha256:2');
    expect(rowsWith(rows(), '+.one.test')).toEqual([]);
  });

  it('the Suggest screen follows the traffic', () => {
    const { store, flush, rows } = open();
    store.add(decision('allow', { host: 'new.test', at: NOW }));
    flush();
    expect(rowsWith(rows(), '+new.test')).toHaveLength(1);
  });

  it('the Suggest screen does not move while a dialog is open', () => {
    const { press, store, flush, view } = open();
    press('a');
    const before = view().order;
    store.add(decision('allow', { host: 'new.test', at: NOW }));
    flush();
    expect(view().order).toBe(before);
  });

  it('a Suggest screen without rows takes up what comes while a dialog is open', () => {
    const { press, store, flush, rows } = open({ traffic: trafficOf([]) });
    press('s');
    store.add(decision('allow', { host: 'new.test', at: NOW }));
    flush();
    expect(rowsWith(rows(), '+new.test')).toHaveLength(1);
  });

  it('says what is missing where no policy is open', () => {
    const { press, rows } = openSession({ traffic: seen(), policy: null });
    press('S');
    expect(rowsWith(rows(), 'No policy file is open')).toHaveLength(1);
  });
});
