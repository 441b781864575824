import { describe, expect, it } from 'vitest';
import {
  acknowledge,
  observe,
  type Enforcement,
  type SavedEdit,
} from '../../../src/app/state/enforcement.ts';
import type { MediationMode, Policy } from '../../../src/core/policy/dialect.ts';
import type { EgressEvent } from '../../../src/core/event.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { decision, info } from '../../core/sample-events.ts';

const AT = Date.parse('2026-11-20T12:00:00Z');
const policy = (text: string): Policy => {
  const parsed = microagentDialect.parse(text, 'p.yaml');
  if (parsed.type === 'invalid') throw new Error('a policy of a test must parse');
  return parsed.policy;
};
const saved = (before: string, after: string, mode: MediationMode = 'strict'): Enforcement & SavedEdit => ({
  type: 'saved',
  at: AT,
  revision: 'sha256:new',
  edit: [],
  before: policy(before),
  after: policy(after),
  judging: { mode },
  advice: 'restart',
});

const NONE = 'allow: []\n';
const ALLOWED = 'allow:\n  - new.example\n';
const PASSED = 'allow:\n  - new.example\npassthrough:\n  - new.example\n';
const ADDED = saved(NONE, ALLOWED);

const allow = (known: Partial<EgressEvent> = {}) =>
  decision('allow', { host: 'new.example', at: AT + 1, ...known });
const deny = (known: Partial<EgressEvent> = {}) =>
  decision('deny', { host: 'new.example', at: AT + 1, ...known });
const listen = (list: readonly string[], at: number | null = AT + 1) =>
  info({ kind: 'egress_listen', at, agent: 'research', raw: { allow: list } });
/** As microagent acknowledges: by its allow list alone. */
const byList = (
  { kind, raw }: EgressEvent,
  { allow: list }: { readonly allow: readonly string[] },
): boolean => kind === 'egress_listen' && JSON.stringify(raw['allow']) === JSON.stringify(list);
const byRevision = ({ raw }: EgressEvent, { revision }: { readonly revision: string }): boolean =>
  raw['revision'] === revision;

describe('a saved edit is confirmed', () => {
  it.each([
    ['an allow of a host that was denied', ADDED, allow(), true],
    ['a denial of a host that was allowed', saved(ALLOWED, NONE), deny(), true],
    ['opaque TLS where it was opened', saved(ALLOWED, PASSED), allow({ interception: 'passthrough' }), true],
    ['opened TLS where it was opaque', saved(PASSED, ALLOWED), allow({ interception: 'intercepted' }), true],
    ['a denial that goes on', ADDED, deny(), false],
    ['an allow of a host that was allowed before too', ADDED, allow({ host: 'other.example' }), false],
    ['TLS as before', saved(ALLOWED, PASSED), allow({ interception: 'intercepted' }), false],
    ['an allow that says nothing of TLS', saved(ALLOWED, PASSED), allow(), false],
    ['a decision from before the edit', ADDED, allow({ at: AT - 1 }), false],
    ['a decision without a time', ADDED, allow({ at: null }), false],
    ['a decision without a host', ADDED, allow({ host: null }), false],
    ['an info record', ADDED, info({ host: 'new.example', at: AT + 1 }), false],
    ['a would-deny', ADDED, decision('would-deny', { host: 'new.example', at: AT + 1 }), false],
    ['an allow by the mode alone, no entry', ADDED, allow({ rule: 'unlisted' }), false],
    ['an allow that the mode judged by allows anyway', saved(NONE, ALLOWED, 'guarded'), allow(), false],
  ])('a saved edit is confirmed only by its proof, tried with %s: %#', (_, edit, event, isConfirmed) => {
    const after = observe(edit, event, null);
    expect(after.type).toBe(isConfirmed ? 'confirmed' : 'saved');
    if (!isConfirmed) expect(after).toBe(edit);
    else expect(after).toMatchObject({ confirmedAt: AT + 1, host: 'new.example', revision: 'sha256:new' });
  });
});

describe('a saved edit is acknowledged', () => {
  it('a record with the new entries acknowledges an edit, and a decision confirms it after that', () => {
    const told = observe(ADDED, listen(['new.example']), byList);
    expect(told).toMatchObject({ type: 'acknowledged', by: 'research', acknowledgedAt: AT + 1 });
    expect(observe(told, allow(), byList).type).toBe('confirmed');
  });

  it('a record with the new revision acknowledges an edit', () => {
    const event = info({ at: AT + 1, raw: { revision: 'sha256:new' } });
    expect(observe(saved(ALLOWED, PASSED), event, byRevision).type).toBe('acknowledged');
  });

  it('other entries, an older record or a silent system acknowledge no edit', () => {
    expect(observe(ADDED, listen([]), byList)).toBe(ADDED);
    expect(observe(ADDED, listen(['new.example'], AT - 1), byList)).toBe(ADDED);
    expect(observe(ADDED, listen(['new.example'], null), byList)).toBe(ADDED);
    expect(observe(ADDED, listen(['new.example']), null)).toBe(ADDED);
  });

  it('an allow list that the old policy had as well acknowledges no passthrough edit', () => {
    const edit = saved(ALLOWED, PASSED);
    expect(observe(edit, listen(['new.example']), byList)).toBe(edit);
  });

  it('a mediator acknowledges an edit when it holds the new revision', () => {
    const said = { by: 'm', at: AT + 5 };
    expect(acknowledge(ADDED, { ...said, revision: 'sha256:new' }).type).toBe('acknowledged');
    expect(acknowledge(ADDED, { ...said, revision: 'sha256:old' })).toBe(ADDED);
  });
});

it('what was confirmed stays so, and where nothing was edited nothing is proven', () => {
  const confirmed = observe(ADDED, allow(), null);
  expect(observe(confirmed, listen(['new.example']), byList)).toBe(confirmed);
  expect(observe(confirmed, deny({ at: AT + 9 }), null)).toBe(confirmed);
  expect(observe({ type: 'none' }, allow(), byList)).toEqual({ type: 'none' });
});
