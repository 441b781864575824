import * as nodeModule from 'node:module';

/** Imports Ink with `load`, without what it loads for nothing: 120 ms of processor time before the first frame. */
export const loadLean = <Loaded>(load: () => Promise<Loaded>): Promise<Loaded> =>
  withoutFetch(() => withOneFunction(load));

/** Ink's layout engine has its WebAssembly in itself as text, and decodes that by `fetch` where there is one; for which Node loads its HTTP client. */
async function withoutFetch<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (!fetch?.configurable) return load();
  Reflect.deleteProperty(globalThis, 'fetch');
  try {
    return await load();
  } finally {
    Object.defineProperty(globalThis, 'fetch', fetch);
  }
}

const WANTED = 'es-toolkit/compat';
const ALONE = `${WANTED}/throttle`;
const MARK = '?alone';

/** Ink takes one function of es-toolkit and names the whole: it gets the file that the package offers for it, instead of all 400. A Node without synchronous hooks (before 22.15) loads them. */
async function withOneFunction<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  if (!('registerHooks' in nodeModule)) return load();
  const hooks = nodeModule.registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== WANTED) return next(specifier, context);
      try {
        const found = next(ALONE, context);
        return { ...found, url: `${found.url}${MARK}`, format: 'module' };
      } catch {
        return next(specifier, context); // another version of the package, which has no such file
      }
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
