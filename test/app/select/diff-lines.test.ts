import { expect, it } from 'vitest';
import { wholeDiff } from '../../../src/app/select/diff-lines.ts';

it('a preview shows what comes and goes to the last character, however long the line', () => {
  const list = `"allow": "${'a.example,'.repeat(30)}`;
  const diff = [
    '--- p',
    '+++ p',
    '@@ -1 +1 @@',
    ` ${'context '.repeat(20)}`,
    `-${list}"`,
    `+${list}\u001bnew.example"`,
  ].join('\n');
  const shown = wholeDiff(diff, 40);
  const textOf = (tone: string): string =>
    shown.flatMap(line => line.filter(span => span.tone === tone).map(({ text }) => text)).join('');
  expect(textOf('removed')).toBe(`-${list}"`);
  expect(textOf('added')).toBe(`+${list}\\x1bnew.example"`);
  expect(shown.every(line => line.every(({ text }) => text.length <= 40))).toBe(true);
  expect(textOf('dim')).toMatch(/…$/);
});

it.each([
  ['@@ -15,6 +15,7 @@', 'line 15'],
  ['@@ -0,0 +1,3 @@', 'line 1'],
  ['@@ -4,2 +0,0 @@', 'line 4'],
  [' @@ -1 +1 @@', ' @@ -1 +1 @@'],
])('a preview shows %s as %s', (text, shown) => {
  expect(wholeDiff(`--- p\n+++ p\n${text}`, 40)[0]?.[0]?.text).toBe(shown);
});
