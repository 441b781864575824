import { describe, expect, it } from 'vitest';
import { tracesOf, unexpectedSequences } from '../terminal/expected-sequences.ts';
import { openDashboard, type Dashboard } from './dashboard.ts';

const HOSTILE =
  '\u001b]0;pwned\u0007\u001b[2J\u001b[5;8m\u009b31;7m\u202egnp.exe\u200b\u2028x\r\ny\u0007\u0085\u{e0041}';
const RECORDS = [
  {
    event: 'egress_deny',
    host: `evil${HOSTILE}.example`,
    dst: '198.51.100.5:443',
    reason: `because ${HOSTILE}`,
    runtime_id: `agent${HOSTILE}`,
    ts: '2026-11-19T08:00:00Z',
  },
  { event: `egress_${HOSTILE}_deny`, host: 'odd.example', [HOSTILE]: HOSTILE, ts: HOSTILE },
  {
    timestamp: '1795078800',
    kind: 'egress',
    correlation_id: `c${HOSTILE}`,
    tool: `fetch${HOSTILE}`,
    url: `https://zeph.example/${HOSTILE}?q=${HOSTILE}`,
    host: 'zeph.example',
    method: `GET${HOSTILE}`,
    status: 200,
    duration_ms: 1,
    response_bytes: 1,
  },
  {
    timestamp: '1795078800',
    tool: 'fetch',
    command: HOSTILE,
    result: { type: 'error', message: HOSTILE },
    duration_ms: 1,
    correlation_id: `c${HOSTILE}`,
  },
  { event: 'egress_allow', host: '例え.テスト.example', dst: '198.51.100.6:443', ts: '2026-11-19T08:00:01Z' },
  { event: 'egress_allow', host: '👩‍👩‍👧‍👦🏳️‍🌈.emoji.example', dst: '198.51.100.7:443', ts: '2026-11-19T08:00:02Z' },
];

describe('hostile names', () => {
  it('reach the terminal on no screen, and keep the columns straight', async () => {
    const log = `${RECORDS.map(record => JSON.stringify(record)).join('\n')}\nnot json ${HOSTILE}\n\u001b[2J\n`;
    await using dashboard = openDashboard({ log });
    const { terminal } = dashboard;
    await terminal.waitFor('5 decisions');
    await terminal.waitFor('malformed');
    for (const [key, shown] of [
      ['2', 'DENIED UTC'],
      ['3', 'TOOL'],
      ['4', 'AGENT'],
      ['5', 'DETAIL'],
      ['6', 'ENTRY'],
      ['1', 'POLICY'],
    ] as const) {
      terminal.press(key);
      await terminal.waitFor(shown);
    }
    expect(columnUnder(terminal, 'TOTAL▾')).toEqual(['1', '1', '1', '1', '1']);
    terminal.press('!');
    await terminal.waitFor('not JSON');
    terminal.press('esc');
    for (const query of ['evil', 'odd', 'zeph', 'emoji']) await drill(terminal, query);
    terminal.press('Q');
    await drill(terminal, 'zeph');
    terminal.press('q');
    await terminal.waitForExit();
    expect(unexpectedSequences(terminal.raw())).toEqual([]);
    expect(tracesOf(HOSTILE, terminal.raw())).toEqual([]);
  });
});

/** Filters for a host, opens its page, its first event and the preview of an edit, and comes back. */
async function drill(terminal: Dashboard['terminal'], query: string): Promise<void> {
  terminal.type(`/${query}`);
  terminal.press('enter');
  await terminal.waitFor(rows => rows.join().includes(`/${query}`) && hostRows(rows) === 1);
  terminal.press('enter');
  await terminal.waitFor('LAST EVENTS');
  terminal.press('G');
  await terminal.waitFor(/▌ .*(allow|deny|info)/);
  terminal.press('enter');
  await terminal.waitFor('RECORD');
  terminal.press('a');
  await terminal.waitFor('Esc leaves');
  terminal.press('esc');
  await terminal.waitFor(rows => !rows.join().includes('Esc leaves'));
  for (const shown of ['LAST EVENTS', 'POLICY']) {
    terminal.press('esc');
    await terminal.waitFor(shown);
  }
  terminal.press('esc');
  await terminal.waitFor(rows => hostRows(rows) === 5);
}

const hostRows = (rows: readonly string[]): number =>
  rows.filter(row => /\s(deny|allow)\s+1\s/.test(row)).length;

/** The cell in each host's row that ends in the screen column of a right-aligned title. */
function columnUnder(terminal: Dashboard['terminal'], title: string): readonly string[] {
  const rows = terminal.cells().map(row => row.map(({ chars, width }) => (width === 0 ? '' : chars || ' ')));
  const header = rows.findIndex(row => row.join('').includes(title));
  const end = (rows[header] ?? []).join('').indexOf(title) + title.length - 1;
  return rows
    .slice(header + 1)
    .map(row => row[end] ?? '')
    .filter(text => text.trim() !== '')
    .slice(0, RECORDS.length - 1);
}
