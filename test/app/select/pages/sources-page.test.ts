import { expect, it } from 'vitest';
import { openSession } from '../../session.ts';

const SOURCE = { why: null, readBytes: 2_048, totalBytes: 2_048 } as const;
const NOTHING = { lines: 0, records: 0, decisions: 0, untimed: 0 } as const;

it('every source is listed with its state, bytes, lines and trouble; a folder is not counted beside its logs', () => {
  const session = openSession();
  session.tell({
    type: 'source-changed',
    source: { ...SOURCE, source: '/logs', state: 'live', readBytes: 0, totalBytes: 0, isPlace: true },
  });
  session.tell({ type: 'source-changed', source: { ...SOURCE, source: '/logs/a.jsonl', state: 'live' } });
  session.tell({
    type: 'source-changed',
    source: { ...SOURCE, source: '/logs/b.jsonl', state: 'failed', why: 'permission denied; chmod it' },
  });
  session.store.counting.addRead('/logs/a.jsonl', { ...NOTHING, lines: 3 });
  expect(session.rows()[0]).toContain('● 1 live ○ 1 failed');
  session.press('o');
  const shown = session.rows().join('\n');
  expect(shown).toContain('SOURCES (2)');
  expect(shown).toMatch(/● live +\/logs\/a\.jsonl {2}3 lines · 2048 bytes read/);
  expect(shown).toMatch(/○ failed +\/logs\/b\.jsonl/);
  expect(shown).toContain('permission denied; chmod it');
  expect(shown).toMatch(/FOLDERS AND PATTERNS[^\n]*\n\s+● live +\/logs$/m);
});

it('what stands around the records of a source is named below it, each way once', () => {
  const session = openSession();
  for (const source of ['/logs/a.jsonl', '/logs/b.jsonl'])
    session.tell({ type: 'source-changed', source: { ...SOURCE, source, state: 'live' } });
  const told = { source: '/logs/a.jsonl', line: 1, column: null, severity: 'warning', remedy: null } as const;
  for (const through of ['docker json-file', 'colours', 'colours'])
    session.store.counting.addProblem({ ...told, why: `records are read through ${through}`, through });
  session.press('o');
  const shown = session.rows().join('\n');
  expect(shown).toMatch(/a\.jsonl[^\n]*\n\s+through docker json-file, colours\s*\n[^\n]*b\.jsonl/);
  expect(shown.match(/through/g)).toHaveLength(1);
});

it('a source with 20 records and no decision is warned of in the header and on the page, once it is read', () => {
  const session = openSession();
  for (const source of ['/logs/a.jsonl', '/logs/b.jsonl', '/logs/c.jsonl'])
    session.tell({ type: 'source-changed', source: { ...SOURCE, source, state: 'reading' } });
  session.store.counting.addRead('/logs/a.jsonl', { ...NOTHING, records: 20 });
  session.store.counting.addRead('/logs/b.jsonl', { ...NOTHING, records: 19 });
  session.store.counting.addRead('/logs/c.jsonl', { ...NOTHING, records: 20, decisions: 1 });
  session.flush();
  expect(session.rows()[0]).not.toContain('without decisions');
  for (const source of ['/logs/a.jsonl', '/logs/b.jsonl', '/logs/c.jsonl'])
    session.tell({ type: 'source-changed', source: { ...SOURCE, source, state: 'live' } });
  session.flush();
  expect(session.rows()[0]).toContain('● 3 live 1 without decisions (o)');
  session.press('o');
  const shown = session.rows().join('\n');
  expect(shown).toMatch(/a\.jsonl[^\n]*\n\s+20 records and not one decision: `egresstop log` shows/);
  expect(shown.match(/not one decision/g)).toHaveLength(1);
});

it('records that a window leaves out for want of a readable time are counted in the header and on the page', () => {
  const session = openSession();
  session.tell({ type: 'source-changed', source: { ...SOURCE, source: '/logs/a.jsonl', state: 'live' } });
  session.store.counting.addRead('/logs/a.jsonl', {
    ...NOTHING,
    lines: 2,
    records: 2,
    decisions: 2,
    untimed: 2,
  });
  session.flush();
  expect(session.rows()[1]).toContain('2 untimed left out (o)');
  session.press('o');
  expect(session.rows().join('\n')).toContain(
    '2 records have no readable time: --since and --until left them out',
  );
});

it('an encoding that is read all the same is named with its remedy', () => {
  const session = openSession();
  session.tell({ type: 'source-changed', source: { ...SOURCE, source: '/logs/a.jsonl', state: 'live' } });
  session.store.counting.addProblem({
    source: '/logs/a.jsonl',
    line: 1,
    column: null,
    severity: 'warning',
    why: 'records are read through UTF-16LE',
    remedy: 'let the writer write UTF-8',
    through: 'UTF-16LE',
  });
  session.press('o');
  expect(session.rows().join('\n')).toContain('through UTF-16LE (let the writer write UTF-8)');
});

it('discovered policies are listed with the one that is open, and logs that are read only when they are named', () => {
  const policies = [
    { system: 'microagent', path: '/etc/policy.yaml' },
    { system: 'claude-code', path: '/home/a/.claude/settings.json' },
  ];
  const session = openSession({ options: { discovered: { policies, askable: ['sbx:'] } } });
  session.press('o');
  const shown = session.rows().join('\n');
  expect(shown).toMatch(/DISCOVERED POLICIES\n\s+● open +\/etc\/policy\.yaml +microagent\n/);
  expect(shown).toMatch(/○ not open +\/home\/a\/\.claude\/settings\.json +claude-code · --policy opens it/);
  expect(shown).toMatch(/LOGS THAT ARE READ WHEN YOU NAME THEM\n\s+egresstop sbx:/);
});
