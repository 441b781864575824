import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * An editor as people use them: it knows nothing of our lock, reads the file, writes a new one beside it and renames it over the old
 * one, unless that changed meanwhile: then it starts anew. It goes on until its standard input ends, or it wrote so often, and says how
 * often it did: `editor.ts PATH MOST`.
 */
const [path = '', most = '0'] = process.argv.slice(2);
const over = new AbortController();
process.stdin.on('end', () => over.abort()).resume();
let edits = 0;

while (!over.signal.aborted && edits < Number(most)) {
  const before = readFileSync(path, 'utf8');
  writeFileSync(`${path}~`, `${before}  - editor-${edits}.example\n`);
  if (readFileSync(path, 'utf8') === before) {
    renameSync(`${path}~`, path);
    edits += 1;
  }
  await pause(20 + (edits % 61));
}
process.stdout.write(String(edits));
process.stdin.destroy();
