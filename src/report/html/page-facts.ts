import type { PartialLog } from '../../core/completeness.ts';
import { OTHER, Tally } from '../../core/traffic/tally.ts';
import type { TimeLine } from '../../core/traffic/time/time-line.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { redactUrlsIn } from '../../core/url.ts';
import { buildReport, type Report } from '../report.ts';

/** The inputs of a page besides the traffic. */
export interface PageContext {
  /** The sources as the operator named them. */
  readonly sources: readonly string[];
  /** Options such as `--filter` and `--since`, as given. The page says that it shows only a part. */
  readonly selection: readonly string[];
  /** Unix ms. */
  readonly madeAt: number;
  readonly version: string;
  /** The logs that do not hold every ruling. */
  readonly partial: readonly PartialLog[];
}

/** All inputs of the page. */
export interface PageFacts extends PageContext {
  readonly report: Report;
  readonly timeLine: TimeLine;
  /** Denials by reason, the most frequent first. Denials without a reason are counted as `(no reason recorded)`. */
  readonly denials: readonly (readonly [reason: string, count: number])[];
}

/** The most reasons that are counted separately. */
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
