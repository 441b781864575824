import { expect, it } from 'vitest';
import { openEmulator } from '../terminal/emulator.ts';
import { svgOfFilm } from './film.ts';

/** A screen of 20×2 that shows this. */
async function shown(output: string) {
  const emulator = openEmulator(20, 2);
  await new Promise<void>(resolve => emulator.write(output, resolve));
  return emulator.cells();
}

const film = async (...outputs: readonly string[]): Promise<string> =>
  svgOfFilm(await Promise.all(outputs.map(async output => ({ cells: await shown(output), ms: 1_000 }))), 't');

it('a row that stays is drawn once, and one that changes once for each look', async () => {
  const svg = await film('stays\r\none', 'stays\r\ntwo', 'stays\r\ntwo');
  const texts = Array.from(svg.matchAll(/<text x="0"[^>]*>([^<]*)</g), ([, text]) => text);
  expect(texts).toEqual(['stays', 'one', 'two']);
});

it('each look of a row is seen in its frames and hidden in the others, and the last frame stands without motion', async () => {
  const svg = await film('one', 'two', 'two');
  const rules = Array.from(
    svg.matchAll(
      /\.(f\d+)\{visibility:(\w+);animation:\1 3000ms step-end infinite\}@keyframes \1\{(.*?)\}\}/g,
    ),
  );
  expect(rules.map(([, , rest, steps]) => [rest, `${steps}}`])).toEqual([
    ['hidden', '0%{visibility:visible}33.333%{visibility:hidden}'],
    ['visible', '0%{visibility:hidden}33.333%{visibility:visible}'],
  ]);
  expect(svg).toContain('prefers-reduced-motion');
});
