import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeProblem } from '../../core/problem.ts';
import { sampleProblems } from './check-samples.ts';
import { shapesOf } from './map-shapes.ts';
import { readShippedMaps } from './shipped-maps.ts';

/*
 * A step of the build: `node build/systems/maps/install-maps.js`. It copies the package's maps beside the compiled files and into the
 * program, and writes them in the form that the program loads. A map whose samples fail ends the build.
 */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const source = at('../../../src/systems/maps/');
const folders = [at('./'), at('../../../dist/systems/maps/')];

for (const name of readdirSync(source).filter(file => file.endsWith('.yaml')))
  for (const folder of folders) cpSync(`${source}${name}`, `${folder}${name}`, { force: true });
const maps = await readShippedMaps();
const problems = maps.flatMap(sampleProblems);
if (problems.length > 0) throw new Error(problems.map(describeProblem).join('\n'));
const shipped = JSON.stringify(maps.map(map => ({ ...map, shapes: shapesOf(map) })));
for (const folder of folders) writeFileSync(`${folder}shipped.json`, shipped);
