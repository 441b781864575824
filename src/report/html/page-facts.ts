import type { PartialLog } from '../../core/completeness.ts';
import { OTHER, Tally } from '../../core/traffic/tally.ts';
import type { TimeLine } from '../../core/traffic/time/time-line.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { redactUrlsIn } from '../../core/url.ts';
import { buildReport, type Report } from '../report.ts';

/** The facts that a page is made from, beside the traffic itself. */
export interface PageContext {
  /** As the operator named them. */
  readonly sources: readonly string[];
  /** `--filter`, `--since` and the like, as given: the page says that it shows a part. */
  readonly selection: readonly string[];
  /** Unix ms. */
  readonly madeAt: number;
  readonly version: string;
  /** The logs read that by design do not hold every ruling. */
  readonly partial: readonly PartialLog[];
}

/** Everything the page tells. */
export interface PageFacts extends PageContext {
  readonly report: Report;
  readonly timeLine: TimeLine;
  /** Denials by reason, the most frequent first; those without one are counted under no reason. */
  readonly denials: readonly (readonly [reason: string, count: number])[];
}

/** How many reasons are kept apart. */
const REASONS = 10_000;

export const pageFacts = (traffic: Traffic, timeLine: TimeLine, context: PageContext): PageFacts => ({
  ...context,
  report: buildReport(traffic, context.partial),
  timeLine,
  denials: denialsByReason(traffic),
});

function denialsByReason({ hosts, evicted, totals }: Traffic): PageFacts['denials'] {
  const reasons = new Tally();
  let explained = 0;
  for (const { denied } of [...hosts.values(), evicted.row])
    for (const [reason, count] of denied?.reasons.entries() ?? []) {
      reasons.add(reason === OTHER ? OTHER : redactUrlsIn(reason), count, REASONS);
      explained += count;
    }
  if (totals.deny > explained) reasons.add('(no reason recorded)', totals.deny - explained, REASONS + 1);
  return reasons.ranked();
}
