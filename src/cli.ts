#!/usr/bin/env -S node --max-semi-space-size=16
// V8's young generation: most of what a log makes outlives it whatever its size, so that the 64 MB it would take save little work.
// Measured on a dashboard of 200×60 that is used: 194 MB resident instead of 284.
import * as nodeModule from 'node:module';

// Nothing of ours is imported before the version is known: an older Node would stop at a syntax it does not have.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`egresstop needs Node 22.12 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}
nodeModule.enableCompileCache();
resolveOwnAtOnce();
const { main } = await import('./commands/main.ts');
process.exitCode = await main(process.argv.slice(2));

/** An import within the program is the file that it names: Node's own search for it took a seventh of a short command. Node before 22.15 has no such hooks. */
function resolveOwnAtOnce(): void {
  if (!('registerHooks' in nodeModule)) return;
  const own = new URL('./', import.meta.url).href;
  nodeModule.registerHooks({
    resolve(name, context, next) {
      const isOwn = name.startsWith('.') && context.parentURL?.startsWith(own);
      if (!isOwn) return next(name, context);
      const { href } = new URL(name, context.parentURL);
      return { url: href, shortCircuit: true, ...(href.endsWith('.js') ? { format: 'module' } : {}) };
    },
  });
}
