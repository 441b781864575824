import { cpSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../command-line.ts';
import { version } from '../version.ts';
import { manualPage } from './manual-page.ts';

/*
 * The last step of the build: `node build/commands/help/install-help.js`. It copies the topics beside the compiled files and into the
 * program, and makes the manual page from them.
 */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

for (const folder of ['topics', '../../../dist/commands/help/topics'])
  cpSync(at('../../../src/commands/help/topics'), at(folder), { recursive: true, force: true });
writeFileSync(
  at('../../../dist/egresstop.1'),
  manualPage(
    commandLine(() => undefined),
    version(),
  ),
);
