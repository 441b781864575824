#!/usr/bin/env node
import * as nodeModule from 'node:module';

// Nothing of ours is imported before the version is known: an older Node would stop at a syntax it does not have.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  process.stderr.write(`egresstop needs Node 22 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}
nodeModule.enableCompileCache();
const { boundYoungGeneration } = await import('./commands/young-generation.ts');
boundYoungGeneration();
const { main } = await import('./commands/main.ts');
process.exitCode = await main(process.argv.slice(2));
