import { entryPlace } from '../core/policy/flag-entries.ts';
import type { Attempt, NearMiss, Ruling } from '../core/policy/dialect.ts';
import type { MatcherRuling } from '../core/policy/disagreement.ts';
import { normaliseHost } from '../core/host.ts';
import { visible } from '../core/visible.ts';

/** A policy's ruling on one attempt, with the facts that an operator needs. */
export interface Explanation {
  readonly attempt: Attempt;
  readonly ruling: Ruling;
  /** For a denial: the entry that came closest; else null. */
  readonly nearest: NearMiss | null;
  /** The rulings of the system's matchers if they differ; else empty. */
  readonly matchers: readonly MatcherRuling[];
  /** One line for each further file that makes up the policy; empty for a single file. */
  readonly files: readonly string[];
}

/**
 * The object of `policy explain --json`. `rule` and `notes` are there only if they have content, `dialects` only if the matchers differ.
 */
export function explanationJson({ attempt, ruling, nearest, matchers, files }: Explanation): object {
  return {
    host: attempt.host === null ? null : normaliseHost(attempt.host),
    verdict: ruling.verdict,
    interception: ruling.interception,
    ...placed(ruling),
    reason: ruling.reason,
    nearest: nearest?.why ?? null,
    ...(ruling.rule ? { rule: { name: ruling.rule.name, line: ruling.rule.line } } : {}),
    ...(ruling.notes?.length ? { notes: ruling.notes } : {}),
    ...(files.length > 0 ? { files } : {}),
    ...(matchers.length === 0
      ? {}
      : {
          dialects: Object.fromEntries(
            matchers.map(({ matcher, ruling: { verdict, reason, ...own } }) => [
              matcher,
              { verdict, reason, ...placed(own) },
            ]),
          ),
        }),
  };
}

const placed = ({ entry }: Pick<Ruling, 'entry'>): object => ({
  entry: entry?.text ?? null,
  line: entry === null || entry.flag !== undefined ? null : entry.line,
  ...(entry?.flag === undefined ? {} : { flag: entry.flag }),
  ...(entry?.file === undefined ? {} : { file: entry.file }),
});

/** The explanation as text, safe for a terminal. */
export function explanationText({ attempt, ruling, nearest, matchers, files }: Explanation): string {
  const interception = ruling.interception === null ? '' : ` (${ruling.interception})`;
  const resolves = attempt.addresses ?? [];
  const lines = [
    `${attempt.host ?? '-'}: ${ruling.verdict}, ${ruling.reason}${interception}`,
    ...decidedBy(ruling),
    ...(nearest ? [`  nearest: ${nearest.why} (${entryPlace(nearest.entry)})`] : []),
    ...(resolves.length === 0 ? [] : [`  resolves to ${resolves.join(', ')}`]),
    ...sideBySide(matchers),
    ...(ruling.notes ?? []).map(note => `  note: ${note}`),
    ...files.map(file => `  ${file}`),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function decidedBy({ entry, rule }: Ruling): readonly string[] {
  if (entry) return [`  by ${entry.text} in ${entry.list}, ${entryPlace(entry)}`];
  return rule ? [`  by ${rule.name}${rule.line === null ? '' : `, line ${rule.line}`}`] : [];
}

function sideBySide(matchers: readonly MatcherRuling[]): readonly string[] {
  if (matchers.length === 0) return [];
  const width = Math.max(...matchers.map(({ matcher }) => matcher.length));
  return [
    '  its matchers disagree:',
    ...matchers.map(({ matcher, ruling: { verdict, reason, entry } }) => {
      const by = entry ? `, by ${entry.text} (${entryPlace(entry)})` : '';
      return `    ${matcher.padEnd(width)}  ${verdict.padEnd(5)}  ${reason}${by}`;
    }),
  ];
}
