import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * An editor as people use them: it knows nothing of our lock, reads the file, writes a new one beside it and renames it over the old
 * one, unless that changed meanwhile: then it starts anew. `editor.ts PATH COUNT`.
 */
const [path = '', count = '0'] = process.argv.slice(2);

for (let i = 0; i < Number(count);) {
  const before = readFileSync(path, 'utf8');
  writeFileSync(`${path}~`, `${before}  - editor-${i}.example\n`);
  if (readFileSync(path, 'utf8') !== before) continue;
  renameSync(`${path}~`, path);
  i += 1;
  await pause(5);
}
