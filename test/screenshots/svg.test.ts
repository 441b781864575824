import { describe, expect, it } from 'vitest';
import { openEmulator } from '../terminal/emulator.ts';
import { CELL_WIDTH } from './geometry.ts';
import { pngOfSvg } from './png.ts';
import { shoot } from './shoot.ts';
import { svgOfCells } from './svg.ts';

/** The elements of one kind in the picture of a screen of 20×2 that shows `output`. */
async function drawn(output: string): Promise<string> {
  const emulator = openEmulator(20, 2);
  await new Promise<void>(resolve => emulator.write(output, resolve));
  // The picture after the window's frame.
  return svgOfCells(emulator.cells()).split('<g ')[1] ?? '';
}

const textsOf = (svg: string) =>
  Array.from(svg.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)</g), ([, x, text]) => [
    Number(x) / CELL_WIDTH,
    text,
  ]);
const rectsOf = (svg: string) => svg.match(/<rect [^>]*>/g) ?? [];

describe('text', () => {
  it('text of one style is one run, at its column and as long as its columns', async () => {
    const svg = await drawn('  allow host');
    expect(textsOf(svg)).toEqual([[2, 'allow host']]);
    expect(svg).toContain(`textLength="${10 * CELL_WIDTH}"`);
  });

  it('text is split at changes of style and at gaps', async () => {
    expect(textsOf(await drawn('a\x1b[1mb\x1b[0mc    d e'))).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
      [7, 'd e'],
    ]);
  });

  it('after a wide or unusual character is at its own column all the same', async () => {
    expect(textsOf(await drawn('日本 →x😀y'))).toEqual([
      [0, '日'],
      [2, '本'],
      [5, '→'],
      [6, 'x'],
      [7, '😀'],
      [9, 'y'],
    ]);
  });

  it('text is never markup', async () => {
    expect(textsOf(await drawn('<b>&amp;</b>'))).toEqual([[0, '&lt;b&gt;&amp;amp;&lt;/b&gt;']]);
  });

  it('text keeps bold, italic and underline', async () => {
    expect(await drawn('\x1b[1;3mx')).toContain('font-weight="bold" font-style="italic"');
    expect(rectsOf(await drawn('\x1b[4ma b\x1b[9mc'))).toHaveLength(3);
  });

  it('dim text is darker', async () => {
    expect(await drawn('\x1b[2;38;2;200;100;0;48;2;0;0;0mx')).toContain('fill="#743a00"');
  });
});

describe('shapes', () => {
  it('a background through several styles is one shape', async () => {
    expect(rectsOf(await drawn('\x1b[44mone \x1b[1mtwo\x1b[0m'))).toEqual([
      '<rect x="0" y="0" width="63" height="19" fill="#6cabf0"/>',
    ]);
  });

  it('a rule is one shape that reaches the edges of its cells', async () => {
    const svg = await drawn('┌──┐\r\n└──┘');
    expect(textsOf(svg)).toEqual([]);
    expect(rectsOf(svg).filter(rect => rect.includes(`width="${2 * CELL_WIDTH}"`))).toEqual([
      '<rect x="9" y="9" width="18" height="1" fill="#d4d9e0"/>',
      '<rect x="9" y="28" width="18" height="1" fill="#d4d9e0"/>',
    ]);
  });

  it('the shapes of a bar grow by eighths up to the whole cell', async () => {
    const heights = rectsOf(await drawn('▁▂▃▄▅▆▇█')).map(rect => Number(/height="([\d.]+)"/.exec(rect)?.[1]));
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(heights).toHaveLength(8);
    expect(heights.at(-1)).toBe(19);
  });

  it.each('─│┌┐└┘├┤┬┴┼╭╮╰╯━┃┏┓┗┛╋▀▁█▌▐░▒▓'.split(''))('%s is drawn, not left to a font', async char => {
    expect(textsOf(await drawn(char))).toEqual([]);
    expect(await drawn(char)).toMatch(/<(?:rect|path) /);
  });
});

describe('a picture', () => {
  const scene = {
    name: 'colours',
    columns: 20,
    rows: 3,
    program: () => ({
      command: process.execPath,
      args: ['-e', String.raw`console.log('\x1b[32m╭──╮ ok\x1b[39m ' + process.env.HOME.length)`],
    }),
    run: async (terminal: { waitFor: (text: string) => Promise<void> }) => terminal.waitFor('ok'),
  };

  it('a picture is the same each time, as SVG and as PNG', async () => {
    const [first, second] = [await shoot(scene), await shoot(scene)];
    expect(first).toBe(second);
    expect(pngOfSvg(first).equals(pngOfSvg(second))).toBe(true);
  });

  it('a picture changes when one cell changes', async () => {
    const svg = await shoot(scene);
    expect(pngOfSvg(svg).equals(pngOfSvg(svg.replace('ok', 'oh')))).toBe(false);
  });

  it('no picture is taken when the scene does not come about', async () => {
    const failing = { ...scene, run: (terminal: Parameters<typeof scene.run>[0]) => terminal.waitFor('no') };
    await expect(shoot(failing)).rejects.toThrow('exited with code 0');
  });

  it('the bar of a picture shows the title as text, never as markup', () => {
    expect(svgOfCells([], { title: 'a<b' })).toContain('>a&lt;b</text>');
  });
});
