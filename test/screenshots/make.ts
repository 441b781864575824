import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { journey } from './journey.ts';
import { shootFilm } from './film.ts';
import { pngOfSvg } from './png.ts';
import { reportCharts } from './report-charts.ts';
import { scenes } from './scenes.ts';
import { shoot } from './shoot.ts';

// node test/screenshots/make.ts [name…] — writes screenshots/NAME.svg and .png, of all scenes and the report's charts, or of those named.

const directory = fileURLToPath(new URL('../../screenshots/', import.meta.url));
const names = process.argv.slice(2);
const pictures = [
  ...scenes.map(scene => ({ name: scene.name, draw: () => shoot(scene) })),
  { name: journey.name, draw: () => shootFilm(journey) },
  { name: 'report', draw: async () => reportCharts() },
];
const unknown = names.filter(name => !pictures.some(picture => picture.name === name));
if (unknown.length > 0) throw new Error(`no scene is named ${unknown.join(', ')}`);

await mkdir(directory, { recursive: true });
for (const { name, draw } of pictures) {
  if (names.length > 0 && !names.includes(name)) continue;
  const svg = await draw();
  await writeFile(join(directory, `${name}.svg`), svg);
  await writeFile(join(directory, `${name}.png`), pngOfSvg(svg));
  process.stdout.write(`screenshots/${name}.svg and .png\n`);
}
