import type { SummedCounts } from '../../../src/core/traffic/counts.ts';
import type { TimeBuckets } from '../../../src/core/traffic/time/time-buckets.ts';
import type { NameVerdicts } from '../../../src/core/traffic/verdict-tallies.ts';
import type { Traffic } from '../../../src/core/traffic/traffic.ts';

/** Everything that is counted, without the order in which it came. */
export function sums(traffic: Traffic) {
  const counts = (rows: Iterable<{ name: string; counts: SummedCounts }>) =>
    [...rows].map(row => [row.name, row.counts.verdicts()] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    totals: traffic.totals.verdicts(),
    info: traffic.info,
    span: [traffic.from, traffic.to],
    surfaces: [...traffic.surfaces.entries()]
      .map(([tool, kinds]) => [tool, kinds.ranked()] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
    hosts: counts(traffic.hosts.values()),
    tools: counts(traffic.tools.values()),
    agents: counts(traffic.agents.values()),
    details: [...traffic.hosts.values()]
      .map(row => ({
        name: row.name,
        bytes: row.bytes,
        span: [row.first, row.last, row.lastDenied],
        tools: row.tools.ranked(),
        agents: row.agents.ranked(),
        byTool: ruled(row.byTool),
        byAgent: ruled(row.byAgent),
        reasons: row.reasons.ranked(),
        denied: row.denied && [row.denied.agents.ranked(), row.denied.reasons.ranked()],
        durations: [row.durations?.count, row.durations?.quantile(0.5), row.durations?.quantile(0.95)],
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    recent: [...traffic.recent.newestFirst()],
    charted: traffic.charts.kept.map(charted),
  };
}

const ruled = (verdicts: NameVerdicts) =>
  verdicts.ranked().map(([name, counts]) => [name, counts.verdicts()] as const);

const charted = (buckets: TimeBuckets) => [buckets.newestAt, buckets.older, everySpan(buckets)];

/** Each span that is kept, from the oldest that holds anything to the newest. */
function everySpan(buckets: TimeBuckets) {
  const { oldestAt, newestAt, widthMs } = buckets;
  if (oldestAt === null || newestAt === null) return [];
  const count = Math.round((newestAt - oldestAt) / widthMs) + 1;
  return buckets.joined(oldestAt, widthMs, count).map(bucket => bucket?.verdicts());
}
