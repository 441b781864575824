import type { Outcome, SimulatedDecision } from '../core/what-if/simulation.ts';
import { redactUrl } from '../core/url.ts';
import { visible } from '../core/visible.ts';
import { toJson } from './inert-json.ts';

/**
 * The result of a simulation. The flagged outcomes (all but allow) may not fit into memory, so `flagged` returns a stream, at each call a
 * new one.
 */
export interface SimulationReport {
  readonly counts: Readonly<Record<SimulatedDecision, number>>;
  readonly flagged: () => AsyncIterable<Outcome>;
  /** Extra keys that flags asked for. They follow the keys of `aasm policy simulate`. */
  readonly extras: Readonly<Record<string, unknown>>;
}

const total = (counts: SimulationReport['counts']): number =>
  counts.allow + counts.deny + counts.requires_approval + counts.error;

/** The output of `aasm policy simulate --json` in pieces: JSON indented by two spaces, with these keys in this order. */
export async function* simulationJson({ counts, flagged, extras }: SimulationReport): AsyncGenerator<string> {
  const head = JSON.stringify(
    {
      total_events: total(counts),
      denied: counts.deny,
      allowed: counts.allow,
      approval_required: counts.requires_approval,
      errored: counts.error,
      budget_impact_usd: null,
    },
    null,
    2,
  );
  yield `${head.slice(0, -'\n}'.length)},\n  "flagged_outcomes": [`;
  let isEmpty = true;
  for await (const outcome of flagged()) {
    yield `${isEmpty ? '' : ','}\n${indented(flaggedObject(outcome), '    ')}`;
    isEmpty = false;
  }
  yield isEmpty ? ']' : '\n  ]';
  for (const [key, value] of Object.entries(extras))
    yield `,\n${indented({ [key]: value }, '').slice('{\n'.length, -'\n}'.length)}`;
  yield '\n}\n';
}

const flaggedObject = ({ index, action, decision, reason }: Outcome): object => ({
  event_index: index,
  action,
  decision,
  reason,
});

const indented = (value: object, by: string): string => toJson(value, 2).replace(/^/gm, by);

/** The table of `aasm policy simulate` in pieces. Query strings are redacted unless `showQueries`. Nothing is truncated. */
export async function* simulationText(
  { counts, flagged }: SimulationReport,
  showQueries: boolean,
): AsyncGenerator<string> {
  yield [
    'Simulation Report',
    '-'.repeat(50),
    `Total events:       ${total(counts)}`,
    `Allowed:            ${counts.allow}`,
    `Denied:             ${counts.deny}`,
    `Approval required:  ${counts.requires_approval}`,
    '',
  ].join('\n');
  let isEmpty = true;
  for await (const outcome of flagged()) {
    if (isEmpty) yield `\n${row(['EVENT#', 'ACTION', 'DECISION', 'REASON'])}${'-'.repeat(70)}\n`;
    isEmpty = false;
    const shown = showQueries ? outcome : redacted(outcome);
    yield row([String(shown.index), visible(shown.action), shown.decision, visible(shown.reason)]);
  }
}

const row = ([index, action, decision, reason]: readonly [string, string, string, string]): string =>
  `${index.padEnd(8)} ${action.padEnd(20)} ${decision.padEnd(12)} ${reason}\n`;

/** A label ends with its URL, so everything behind a `?` may be secret. In a reason, a URL ends at a blank. */
const redacted = (outcome: Outcome): Outcome => ({
  ...outcome,
  action: outcome.action.replace(
    /^(net:[^:]*:)(.*)$/s,
    (_, before: string, url: string) => before + redactUrl(url),
  ),
  reason: outcome.reason.replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, redactUrl),
});
