import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';

const require = createRequire(import.meta.url);

const FONT_FILES = [
  'DejaVuSansMono',
  'DejaVuSansMono-Bold',
  'DejaVuSansMono-Oblique',
  'DejaVuSansMono-BoldOblique',
  'DejaVuSans',
].map(name => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

/** An SVG as PNG, drawn with the DejaVu fonts of the package and no others: the same bytes on every machine. */
export function pngOfSvg(svg: string, { scale = 2 }: { readonly scale?: number } = {}): Buffer {
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: 'DejaVu Sans Mono' },
  });
  return picture.render().asPng();
}
