import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/core/what-if/simulation.ts';
import { simulationJson, simulationText, type SimulationReport } from '../../src/report/simulation.ts';

const outcome = (known: Partial<Outcome> = {}): Outcome => ({
  index: 1,
  action: 'net:POST:https://evil.example.com/exfil',
  decision: 'deny',
  reason: 'host not in network allowlist',
  ...known,
});

const reportOf = (outcomes: readonly Outcome[], extras: object = {}): SimulationReport => ({
  counts: { allow: 2, deny: outcomes.length, requires_approval: 0, error: 0 },
  flagged: async function* () {
    yield* outcomes;
  },
  extras: { ...extras },
});

async function joined(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

const jsonOf = (...given: Parameters<typeof reportOf>) => joined(simulationJson(reportOf(...given)));
const textOf = (outcomes: readonly Outcome[], showQueries = false) =>
  joined(simulationText(reportOf(outcomes), showQueries));

describe('the JSON report is what JSON.stringify would print with two spaces', () => {
  const expected = (outcomes: readonly Outcome[], extras: object = {}): string =>
    `${JSON.stringify(
      {
        total_events: 2 + outcomes.length,
        denied: outcomes.length,
        allowed: 2,
        approval_required: 0,
        errored: 0,
        budget_impact_usd: null,
        flagged_outcomes: outcomes.map(({ index, ...rest }) => ({ event_index: index, ...rest })),
        ...extras,
      },
      null,
      2,
    )}\n`;

  it.each([[[]], [[outcome()]], [[outcome(), outcome({ index: 7, decision: 'error' })]]])(
    '%j',
    async outcomes => {
      expect(await jsonOf(outcomes)).toBe(expected(outcomes));
    },
  );

  it('the JSON of a simulation puts extra keys behind the fixed ones, as JSON.stringify would print them', async () => {
    const extras = { changes: { compared: 1, hosts: [{ host: 'a' }] }, compared_to: { hosts: [] } };
    expect(await jsonOf([outcome()], extras)).toBe(expected([outcome()], extras));
  });

  it('carries a hostile label whole, and nothing that a terminal obeys', async () => {
    const action = 'net:GET:https://a.example/\u001B]0;x\u0007\u009B2J\u202E\u2028"\n';
    const json = await jsonOf([outcome({ action })]);
    expect(json).not.toMatch(/[\p{Cf}\p{Zl}\x7f-\x9f]|[^\n\P{Cc}]/u);
    expect((JSON.parse(json) as { flagged_outcomes: { action: string }[] }).flagged_outcomes[0]?.action).toBe(
      action,
    );
  });
});

describe('the table', () => {
  it('the table of a simulation is the one that aasm prints', async () => {
    expect(await textOf([outcome()])).toBe(`Simulation Report
--------------------------------------------------
Total events:       3
Allowed:            2
Denied:             1
Approval required:  0

EVENT#   ACTION               DECISION     REASON
----------------------------------------------------------------------
1        net:POST:https://evil.example.com/exfil deny         host not in network allowlist
`);
  });

  it('ends after the counts when nothing is flagged', async () => {
    expect(await textOf([])).toMatch(/Approval required: {2}0\n$/);
  });

  it('shows no secret of a URL unless asked to', async () => {
    const outcomes = [
      outcome({
        action: 'net:GET:https://me:pw@a.example/x?key=s3cret and more',
        reason: 'invalid URL: https://a.example/?key=s3cret',
      }),
    ];
    expect(await textOf(outcomes)).toContain('net:GET:https://…@a.example/x?… deny');
    expect(await textOf(outcomes)).not.toMatch(/s3cret|pw|more/);
    expect(await textOf(outcomes, true)).toContain('net:GET:https://me:pw@a.example/x?key=s3cret and more');
  });

  it('spells out what a terminal would obey', async () => {
    const text = await textOf([outcome({ action: 'exec:\u001B[2J\nrm', reason: '\u202E' })]);
    expect(text).toContain(String.raw`exec:\x1b[2J\x0arm`);
    expect(text).toContain(String.raw`\u{202e}`);
  });
});
