import { blankEvent, type Decision, type EgressEvent, type Verdict } from '../../src/core/event.ts';

/** A decision with nothing known but what is given. */
export const decision = (verdict: Verdict, known: Partial<Omit<EgressEvent, 'verdict'>> = {}): Decision => ({
  ...blankEvent({ system: 'zeph', source: 'a.jsonl', kind: 'egress', raw: {} }),
  ...known,
  verdict,
});

/** An info record with nothing known but what is given. */
export const info = (known: Partial<Omit<EgressEvent, 'verdict'>> = {}): EgressEvent => ({
  ...blankEvent({ system: 'zeph', source: 'a.jsonl', kind: 'audit', raw: {} }),
  ...known,
});
