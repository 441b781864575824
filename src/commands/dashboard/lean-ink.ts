import * as nodeModule from 'node:module';

/** Imports Ink with `load`, without modules that it never uses. Saves 120 ms of processor time before the first frame. */
export const loadLean = <Loaded>(load: () => Promise<Loaded>): Promise<Loaded> =>
  withoutFetch(() => withOneFunction(load));

/** Ink's layout engine decodes its embedded WebAssembly by `fetch` if there is one, and Node would load its HTTP client for it. */
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

/** Ink imports all of es-toolkit (400 files) for `throttle`; this redirects the import to that one file. Node before 22.15 has no synchronous hooks and loads them all. */
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
