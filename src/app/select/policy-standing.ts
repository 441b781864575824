import { plural } from '../../core/grouped.ts';
import { keyFor } from '../keys/key-bindings.ts';
import { isFresh } from '../state/edit-proofs.ts';
import { mediatorName, readsPolicy } from '../state/outside.ts';
import { troubleWords } from '../state/policy-trouble.ts';
import type { State } from '../state/state.ts';
import { standingSpans } from './columns/standing-cells.ts';
import { clock } from './text/format.ts';
import { span, type Line } from './text/span.ts';

/** The policy file, and whether it is in force as far as that was observed. */
export function policyStanding(state: State): Line {
  const { policy, enforcement, mediators, now, standings } = state;
  if (!policy) return [span('no policy file (--policy FILE)', 'dim')];
  const name = policy.path.split('/').at(-1) ?? policy.path;
  const trouble = troubleWords(policy);
  if (trouble)
    return [
      span(`${name} ${trouble.word}`, trouble.hindrance === null ? 'warn' : 'deny'),
      span(policy.policy ? ', last good stays' : ', none in force', 'warn'),
    ];
  const loaded = policy.policy
    ? ` ${plural(policy.policy.entries.length, 'entry', 'entries')}`
    : ' reading …';
  if (standings) return [span(`${name}${loaded} `), ...standingSpans(standings)];
  switch (enforcement.type) {
    case 'none': {
      const whose =
        policy.readOnly === undefined ? [] : [span(` ${policy.readOnly.replace(/:.*$/s, '')}`, 'dim')];
      const readers = mediators.filter(mediator => readsPolicy(mediator, policy));
      if (readers.some(({ differences }) => differences.length > 0))
        return [
          span(`${name}${loaded}`),
          span(` restart required (${keyFor(state, 'policy-screen')})`, 'warn'),
          ...whose,
        ];
      const holder = readers.find(({ revision }) => revision !== null && revision === policy.revision);
      return [span(`${name}${loaded}`), ...(holder ? [span(inForce(holder), 'allow')] : []), ...whose];
    }
    case 'saved':
      return [
        span(`${name} `),
        span(`saved ${clock(enforcement.at, now)} · ${enforcement.advice.replace(/:.*$/s, '')}`, 'warn'),
      ];
    case 'acknowledged':
      return [
        span(`${name} `),
        span(
          `acknowledged by ${mediatorName(mediators, enforcement.by)} ${clock(enforcement.acknowledgedAt, now)}`,
          isFresh(enforcement.acknowledgedAt, now) ? 'accent' : 'dim',
        ),
      ];
    case 'confirmed':
      return [
        span(`${name} `),
        span(
          `confirmed by a decision on ${enforcement.host}`,
          isFresh(enforcement.confirmedAt, now) ? 'allow' : 'dim',
        ),
      ];
  }
}

/** Whether programs can bypass the mediators. One that can is enough. */
export function confinement({ mediators }: State): Line {
  const known = mediators.map(({ confinement }) => confinement ?? null).filter(found => found !== null);
  if (known.length === 0) return [];
  return known.includes('can be bypassed')
    ? [span(' can be bypassed ', 'warn')]
    : [span(' confined ', 'allow')];
}

/** The mediator that holds this revision, its mode, and the revision's first digits. */
const inForce = ({ name, mode, revision }: State['mediators'][number]): string =>
  ` in force at ${name}${mode === null ? '' : ` ${mode}`} ${(revision ?? '').replace('sha256:', '').slice(0, 8)}`;
