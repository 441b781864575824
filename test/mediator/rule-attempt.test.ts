import { describe, expect, it } from 'vitest';
import type { MediationMode } from '../../src/core/policy/dialect.ts';
import { ruleAttempt, UNRESOLVED } from '../../src/mediator/rule-attempt.ts';
import { policyOf } from './policy-of.ts';

const policy = policyOf(
  'allow:\n  - api.example\n  - .corp.example\n  - 169.254.169.254\npassthrough:\n  - pinned.example\n',
);
const rules = (mode: MediationMode, interceptsUnlisted = true) => ({ policy, mode, interceptsUnlisted });
const to = (host: string, port = 443) => ({ host, port, isAddress: /^[\d.]+$|:/.test(host) });
const at = (...addresses: string[]) => ({ addresses, isPinned: false });

describe('an attempt', () => {
  it.each([
    ['guarded', 'public.example', 443, ['192.0.2.1'], 'intercepted'],
    ['guarded', 'api.example', 443, ['192.0.2.1'], 'intercepted'],
    ['strict', 'api.example', 8443, ['192.0.2.1'], 'intercepted'],
    ['strict', 'pinned.example', 443, ['192.0.2.1'], 'passthrough'],
    ['guarded', 'db.corp.example', 443, ['10.0.0.4'], 'intercepted'],
    ['guarded', '169.254.169.254', 80, ['169.254.169.254'], 'intercepted'],
    ['off', 'any.example', 6667, ['10.0.0.4'], 'opaque'],
  ] as const)('%s mode lets %s:%d at %s through, %s', (mode, host, port, addresses, interception) => {
    expect(ruleAttempt(rules(mode), to(host, port), at(...addresses))).toMatchObject({
      type: 'permit',
      interception,
    });
  });

  it.each([
    ['strict', 'public.example', 443, ['192.0.2.1'], 'not allowlisted'],
    ['guarded', 'public.example', 22, ['192.0.2.1'], 'port 22 is for listed hosts only'],
    ['guarded', 'rebind.example', 443, ['192.0.2.1', '10.0.0.1'], 'inside: internal destination denied'],
    ['guarded', 'nat64.example', 443, ['64:ff9b::a9fe:a9fe'], 'inside: internal destination denied'],
    ['guarded', 'mapped.example', 443, ['::ffff:127.0.0.1'], 'inside: internal destination denied'],
    ['guarded', '127.0.0.1', 443, ['127.0.0.1'], 'inside: internal destination denied'],
    ['guarded', '100.64.0.1', 443, ['100.64.0.1'], 'inside: internal destination denied'],
    ['guarded', 'fd00::1', 443, ['fd00::1'], 'inside: internal destination denied'],
  ] as const)('%s mode denies %s:%d at %s: %s', (mode, host, port, addresses, reason) => {
    expect(ruleAttempt(rules(mode), to(host, port), at(...addresses))).toMatchObject({
      type: 'denial',
      reason,
    });
  });

  it('an attempt is ruled by its name before the name is looked up', () => {
    expect(ruleAttempt(rules('strict'), to('secret.evil.example'), UNRESOLVED).type).toBe('denial');
    expect(ruleAttempt(rules('guarded'), to('public.example'), UNRESOLVED).type).toBe('permit');
  });

  it('to a pinned name may end inside, but strict still wants it listed', () => {
    const pinned = { addresses: ['127.0.0.1'], isPinned: true };
    expect(ruleAttempt(rules('guarded'), to('public.example'), pinned)).toMatchObject({
      type: 'permit',
      isInside: false,
    });
    expect(ruleAttempt(rules('strict'), to('public.example'), pinned).type).toBe('denial');
  });

  it('an attempt on an inside address says when an entry opened it', () => {
    expect(ruleAttempt(rules('strict'), to('db.corp.example'), at('10.0.0.4'))).toMatchObject({
      isInside: true,
    });
  });

  it('an attempt on an unlisted host stays opaque without interception', () => {
    expect(ruleAttempt(rules('guarded', false), to('public.example'), at('192.0.2.1'))).toMatchObject({
      interception: 'opaque',
    });
    expect(ruleAttempt(rules('guarded', false), to('api.example'), at('192.0.2.1'))).toMatchObject({
      interception: 'intercepted',
    });
  });

  it('that is denied names the entry that came nearest', () => {
    const ruling = ruleAttempt(rules('strict'), to('x.api.example'), UNRESOLVED);
    expect(ruling).toMatchObject({ nearest: { why: 'api.example is exact; x.api.example is a subdomain' } });
  });
});
