import * as nodeModule from 'node:module';

const WANTED = 'es-toolkit/compat';
const ALONE = `${WANTED}/throttle`;
const MARK = '?alone';

/**
 * Imports with `load`, and lets Ink have of es-toolkit the one function that it takes, by the very file that the package offers for it: to
 * load all 400 files took 90 ms of 400 before the first frame. A Node without synchronous hooks (before 22.15) loads them all.
 */
export async function withOneFunction<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  if (!('registerHooks' in nodeModule)) return load();
  const hooks = nodeModule.registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== WANTED) return next(specifier, context);
      const found = next(ALONE, context);
      return { ...found, url: `${found.url}${MARK}`, format: 'module' };
    },
    load(url, context, next) {
      if (!url.endsWith(MARK)) return next(url, context);
      const file = JSON.stringify(url.slice(0, -MARK.length));
      return { format: 'module', shortCircuit: true, source: `export { default as throttle } from ${file};` };
    },
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
