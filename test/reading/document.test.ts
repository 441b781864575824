import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from '../commands/program.ts';

const LINES = readFileSync(fixturePath('orcarouter-events.jsonl'), 'utf8');
const RECORDS: readonly unknown[] = LINES.trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as unknown);

it('events saved as one document, in any form, are reported and logged as those saved as lines', async () => {
  const on = machine();
  const forms = [RECORDS, { items: RECORDS }, { total: 1, data: RECORDS }, { events: RECORDS }].flatMap(
    document => [JSON.stringify(document), JSON.stringify(document, null, 2)],
  );
  const lines = forms.map((_, form) => on.write(`lines/${form}.jsonl`, LINES));
  const saved = forms.map((text, form) => on.write(`saved/${form}.jsonl`, text));
  const inLines = (text: string): string =>
    text.replaceAll(/[^\s"]*\/saved\/(\d)\.jsonl/g, (_, form) => lines[Number(form)] ?? '');
  for (const verb of [['report', '--json'], ['log'], ['log', '--json', '--filter', 'verdict:deny']]) {
    const [plain, read] = [await on.run([...verb, ...lines]), await on.run([...verb, ...saved])];
    expect(inLines(read.stdout)).toBe(plain.stdout);
    expect([read.code, read.stderr]).toEqual([0, '']);
  }
});

it('a document that was cut off is reported as far as it goes, and makes the command fail', async () => {
  const on = machine();
  const path = on.write('events.json', JSON.stringify(RECORDS, null, 2).slice(0, -900));
  const { code, stdout, stderr } = await on.run(['report', '--json', path]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ malformed: 1 });
  expect(stderr).toMatch(/events\.json:\d+: error: the JSON document ends in the middle \(save it again/);
});

it('a log in UTF-16 is reported as the same log in UTF-8, and named with its remedy', async () => {
  const on = machine();
  const plain = on.write('plain.jsonl', LINES);
  const wide = on.write('wide.jsonl', Buffer.from(`\uFEFF${LINES}`, 'utf16le'));
  const report = async (...args: readonly string[]): Promise<{ readonly problems: readonly object[] }> =>
    JSON.parse((await on.run(['report', '--json', ...args])).stdout) as { problems: object[] };
  for (const flags of [[], ['--since', '2000-01-01T00:00:00Z']]) {
    const [expected, { problems, ...found }] = [await report(plain, ...flags), await report(wide, ...flags)];
    expect({ ...found, problems: [] }).toEqual({ ...expected, problems: [] });
    expect(problems).toMatchObject([{ why: 'records are read through UTF-16LE' }]);
  }
  expect((await on.run(['log', wide])).stderr).toContain(
    '(let the writer write UTF-8, or use `iconv -f UTF-16LE',
  );
});
