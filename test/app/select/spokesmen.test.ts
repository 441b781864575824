import { expect, it } from 'vitest';
import type { MediatorState } from '../../../src/app/state/outside.ts';
import { openSession } from '../session.ts';

const mediator: MediatorState = {
  system: 'microagent',
  name: 'research',
  summary: 'running',
  differences: ['+ allow more.example'],
  remedy: null,
  revision: null,
  mode: 'strict',
  isReader: false,
  next: { allow: ['other.example'], passthrough: [] },
};

const header = (policy: string, mediators: readonly MediatorState[]): string => {
  const session = openSession({ policy, columns: 120 });
  session.store.dispatch({ type: 'mediators-read', mediators });
  return session.rows()[0] ?? '';
};

it('the header says restart required only where the next start uses the open policy', () => {
  expect(header('allow: [a.example]\n', [mediator])).not.toContain('restart required');
  const next = { allow: ['A.example.'], passthrough: [] };
  expect(header('allow: [a.example]\n', [{ ...mediator, next }])).toContain('restart required');
  expect(header('allow: [a.example, b.example]\n', [{ ...mediator, next }])).not.toContain('restart');
  expect(header('passthrough: [a.example]\n', [{ ...mediator, next }])).not.toContain('restart');
});

it('the header says in force only of a mediator that reads the open file', () => {
  const holder = { ...mediator, differences: [], next: null, revision: 'sha256:0' };
  expect(header('allow: [a.example]\n', [holder])).not.toContain('in force');
  expect(header('allow: [a.example]\n', [{ ...holder, isReader: true }])).toContain('in force at research');
});

it('the header says whether the programs behind the mediators are confined: one that can go round is enough', () => {
  const [confined, loose] = (['confined', 'can be bypassed'] as const).map(confinement => ({
    ...mediator,
    differences: [],
    confinement,
  }));
  if (!confined || !loose) throw new Error('no mediator');
  const policy = 'allow: [a.example]\n';
  expect(header(policy, [mediator])).not.toMatch(/confined|bypassed/);
  expect(header(policy, [{ ...mediator, confinement: null }])).not.toMatch(/confined|bypassed/);
  expect(header(policy, [confined, mediator])).toContain(' confined ');
  expect(header(policy, [confined, loose])).toContain(' can be bypassed ');
});
