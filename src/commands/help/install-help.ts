import { cpSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../command-line.ts';
import { version } from '../version.ts';
import { manualPage } from './manual-page.ts';

/*
 * The last step of the build: `node dist/commands/help/install-help.js`. It copies the topics beside the compiled program, and writes the
 * manual page from them.
 */

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

cpSync(at('../../../src/commands/help/topics'), at('topics'), { recursive: true, force: true });
writeFileSync(
  at('../../egresstop.1'),
  manualPage(
    commandLine(() => undefined),
    version(),
  ),
);
