import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { pngOfSvg } from './png.ts';
import { scenes } from './scenes.ts';
import { shoot } from './shoot.ts';

// node test/screenshots/make.ts [name…] — writes screenshots/NAME.svg and .png, of all scenes or of those named.

const directory = fileURLToPath(new URL('../../screenshots/', import.meta.url));
const names = process.argv.slice(2);
const unknown = names.filter(name => !scenes.some(scene => scene.name === name));
if (unknown.length > 0) throw new Error(`no scene is named ${unknown.join(', ')}`);

await mkdir(directory, { recursive: true });
for (const scene of scenes) {
  if (names.length > 0 && !names.includes(scene.name)) continue;
  const svg = await shoot(scene);
  await writeFile(join(directory, `${scene.name}.svg`), svg);
  await writeFile(join(directory, `${scene.name}.png`), pngOfSvg(svg));
  process.stdout.write(`screenshots/${scene.name}.svg and .png\n`);
}
