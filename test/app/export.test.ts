import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { exportList } from '../../src/commands/dashboard/export-list.ts';
import { EXPORT_FORMS, type ShownTable } from '../../src/core/export/shown-table.ts';
import { shownTableText } from '../../src/report/shown-table.ts';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const HOSTILE = '=cmd|<script>\u202e\u001b[2J*x*';

function exported(
  keys: readonly string[] = [],
  filter = '',
): { readonly session: Session; readonly table: ShownTable } {
  const events = Array.from({ length: 12_345 }, () => decision('deny', { host: 'a.test', at: NOW }));
  const session = openSession({
    columns: 120,
    traffic: trafficOf([
      ...events,
      decision('allow', { host: 'b.test', at: NOW - 86_400_000, agent: HOSTILE }),
    ]),
  });
  session.press(...keys);
  if (filter !== '') {
    session.press('/');
    session.type(filter);
    session.press('enter');
  }
  session.press('E', 'enter', 'enter');
  const effect = session.effects.at(-1);
  if (effect?.type !== 'export-list') throw new Error('nothing was exported');
  return { session, table: effect.table };
}

const cells = ({ columns, rows }: ShownTable, name: string) =>
  rows.map(row => row[columns.findIndex(column => column.name === name)]);

it('E exports every row in the order of the screen, with exact numbers and whole times', () => {
  const { table } = exported();
  expect(cells(table, 'host')).toEqual(['a.test', 'b.test']);
  expect(cells(table, 'total')).toEqual([12_345, 1]);
  expect(cells(table, 'last')).toEqual(['2026-11-20T12:00:00.000Z', '2026-11-19T12:00:00.000Z']);
});

it('E exports the rows that the filter lets through, and names filter and sort', () => {
  const { table } = exported(['r'], 'verdict:allow');
  expect(cells(table, 'host')).toEqual(['b.test']);
  expect(Object.fromEntries(table.facts)).toMatchObject({ filter: '/verdict:allow', sort: '-total' });
});

it('E exports the columns that were chosen, in their order', () => {
  const { table } = exported(['C', 'down', 'K', 'enter']);
  expect(table.columns.slice(0, 2).map(({ name }) => name)).toEqual(['policy', 'host']);
});

it('E asks for the file, with a name that tells list and time', () => {
  const session = openSession({ traffic: trafficOf([decision('deny', { host: 'a.test', at: NOW })]) });
  session.press('E', 'down', 'enter');
  expect(session.rows().at(-1)).toContain('write to: egresstop-hosts-2026-11-20T120000.json');
  session.press('ctrl-u');
  session.type('mine.json');
  session.press('enter');
  expect(session.effects.at(-1)).toMatchObject({ type: 'export-list', file: 'mine.json', form: 'json' });
});

it('an empty list and a page say why nothing is exported', () => {
  const session = openSession();
  session.press('E');
  expect(session.rows().at(-1)).toContain('nothing to export');
  session.press('?', 'E');
  expect(session.rows().join('\n')).toContain('lists are exported');
});

it.each(EXPORT_FORMS)('an export as %s has every cell, and no text of a log that runs or hides', form => {
  const { table } = exported(['5']);
  const text = shownTableText({ ...table, rows: table.rows.slice(-1) }, form);
  expect(text).not.toMatch(/\u202e|\u001b/);
  if (form === 'html') expect(text).not.toContain('<script');
  expect(text).toContain('b.test');
  if (form === 'csv') expect(text.split('\r\n')[1]).toContain("'=cmd");
  if (form === 'md') expect(text).toContain('\\*x\\*');
});

it('an export as JSON reads back with its list, filter and rows', () => {
  const { table } = exported();
  expect(JSON.parse(shownTableText(table, 'json'))).toMatchObject({
    list: 'hosts',
    filter: 'none',
    rows: [{ host: 'a.test', total: 12_345, allow: 0 }, { host: 'b.test' }],
  });
});

it('an export makes a new file for its owner alone, and never touches one that is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { table } = exported();
  const file = join(folder, 'x.csv');
  expect((await exportList(file, 'csv', table)).text).toBe(`2 rows written to ${file}`);
  const before = readFileSync(file, 'utf8');
  expect([before.split('\r\n').length, statSync(file).mode & 0o777]).toEqual([4, 0o600]);
  expect((await exportList(file, 'json', table)).text).toBe(
    `nothing was written: ${file}: it is there already`,
  );
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect((await exportList(join(folder, 'no/x.csv'), 'csv', table)).tone).toBe('warn');
});
