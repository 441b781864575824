import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportLines, quoteForSh, type Shell } from '../../src/commands/mediator/shell-syntax.ts';
import { ANY_CHARACTER } from '../any-character.ts';

/** How each shell is told to run a script and print a variable without a line break. */
const RUN: Readonly<Record<Shell, (script: string) => readonly string[]>> = {
  bash: script => ['bash', '-c', `${script}\nprintf %s "$VALUE"`],
  zsh: script => ['zsh', '-fc', `${script}\nprintf %s "$VALUE"`],
  fish: script => ['fish', '-Nc', `${script}\nprintf %s "$VALUE"`],
  powershell: script => ['pwsh', '-NoProfile', '-Command', `${script}\n[Console]::Out.Write($env:VALUE)`],
};

const hostile = [
  '',
  "it's",
  '\\',
  "'\\''",
  '$(touch x) `id` $HOME ${HOME} !!',
  'a\nb\n',
  '" ; exit 1 #',
  '-n ~ *',
  '‘smart’ ‚low‛ quotes',
];

for (const shell of ['bash', 'zsh', 'fish', 'powershell'] as const) {
  const isHere = spawnSync(RUN[shell]('')[0] ?? '', ['-c', '']).error === undefined;
  it.skipIf(!isHere).each(hostile)(`${shell} reads back the value that env wrote: %j`, value => {
    const [program = '', ...args] = RUN[shell](exportLines(shell, { VALUE: value }));
    expect(spawnSync(program, args, { encoding: 'utf8' }).stdout).toBe(value);
  });
}

it('a POSIX shell reads back any word that was quoted for it', () => {
  const word = fc.string({ unit: ANY_CHARACTER }).map(text => text.replaceAll('\0', '').toWellFormed());
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 50 }), words => {
      const script = `printf '%s\\0' ${words.map(quoteForSh).join(' ')}`;
      expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(
        words.map(each => `${each}\0`).join(''),
      );
    }),
    { numRuns: 8 },
  );
});

it.each([
  ['fish', "a'b\\c", "set -gx VALUE 'a\\'b\\\\c'\n"],
  ['powershell', "a'b’c\\", "$env:VALUE = 'a''b’’c\\'\n"],
  ['zsh', "a'b\\c", "export VALUE='a'\\''b'\\\\'c'\n"],
] as const)('%s gets its own quotes for %j', (shell, value, line) => {
  expect(exportLines(shell, { VALUE: value })).toBe(line);
});
