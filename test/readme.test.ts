import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KEY_GROUPS, KEY_TABLE } from '../src/app/keys/key-table.ts';
import { spellKey } from '../src/app/select/pages/help-page.ts';

const README = new URL('../README.md', import.meta.url);
const MARKED = /(<!-- keys -->\n)[\s\S]*(<!-- \/keys -->)/;

function keyTable(): string {
  const rows = KEY_GROUPS.flatMap(group =>
    KEY_TABLE.filter(binding => binding.group === group).map(
      ({ keys, help }) =>
        `| ${group} | ${keys.map(key => `\`${spellKey(key)}\``).join(' ')} | ${help.replaceAll('|', '\\|')} |`,
    ),
  );
  return ['', '| | key | does |', '|---|---|---|', ...rows, '', ''].join('\n');
}

/** `UPDATE_README=1 npm run test:only -- test/readme.test.ts` writes the table anew. */
it('the README lists the keys that the program runs', () => {
  const text = readFileSync(README, 'utf8');
  const wanted = text.replace(MARKED, (_, start: string, end: string) => `${start}${keyTable()}${end}`);
  if (process.env['UPDATE_README'] === '1') writeFileSync(README, wanted);
  else expect(text).toBe(wanted);
});
