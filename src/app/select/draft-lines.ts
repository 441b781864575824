import { keyFor } from '../keys/key-bindings.ts';
import type { PolicyShift } from '../../core/what-if/policy-shift.ts';
import { fitLine, lineWidth, spread } from './text/fit.ts';
import { short } from './text/format.ts';
import { span, type Line, type Span } from './text/span.ts';
import type { State } from '../state/state.ts';
import { countEdits } from '../state/draft.ts';

/** The header line of an open draft: that it is not written, and what it would change. */
export function draftLines(state: State, shift: PolicyShift | null): readonly Line[] {
  const { draft, columns } = state;
  if (!draft) return [];
  const head = [span(' DRAFT ', 'badge'), span(` ${countEdits(draft)}, not saved`, 'accent')];
  if (draft.why !== null)
    return [fitLine([...head, span(` · does not fit the file: ${draft.why}`, 'deny')], columns)];
  if (!shift) return [fitLine([...head, span(draft.laid ? WEIGHING : READING, 'dim')], columns)];
  const long = [...head, ...effects(shift, true)];
  const left = columns - lineWidth(long) - 2;
  if (left < 0) return [fitLine([...head, ...effects(shift, false)], columns)];
  const keys = keysOf(state);
  return [spread(long, lineWidth(keys) <= left ? keys : [], columns)];
}

const READING = ' · reading the file …';
const WEIGHING = ' · comparing with the traffic so far …';
const keysOf = (state: State): Line => [
  span(
    `${keyFor(state, 'save-draft')} saves, ${keyFor(state, 'draft')} drops, ${keyFor(state, 'undo')} takes the last back`,
    'dim',
  ),
];

/** The draft's effect: `would newly allow 12 hosts (340 denials), newly deny 2 (30 decisions)`. The last count needs more room. */
function effects(shift: PolicyShift, isLong: boolean): Line {
  const { freed, refused, otherwise, unknownHosts } = shift;
  const refusals = isLong ? ` (${count(refused.passed, 'decision')})` : '';
  // denials of a cap or another system would not change
  const denials = freed.denials > 0 ? ` (${count(freed.denials, 'denial')})` : '';
  const parts: Span[] = [
    ...(freed.hosts > 0 ? [span(`newly allow ${count(freed.hosts, 'host')}${denials}`, 'allow')] : []),
    ...(refused.hosts > 0 ? [span(`newly deny ${short(refused.hosts)}${refusals}`, 'deny')] : []),
    ...(otherwise > 0 ? [span(`change the TLS of ${short(otherwise)}`, 'warn')] : []),
  ];
  const folded = unknownHosts > 0 ? [span(` · ${short(unknownHosts)} folded hosts unknown`, 'dim')] : [];
  if (parts.length === 0) return [span(' · changes nothing for the traffic so far', 'dim'), ...folded];
  return [
    span(' · would '),
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [span(', '), part])),
    ...folded,
  ];
}

const count = (number: number, noun: string): string => `${short(number)} ${noun}${number === 1 ? '' : 's'}`;
