import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A TypeScript file of the program or of its tests. */
export interface SourceFile {
  /** From the root, as `src/core/host.ts`. */
  readonly path: string;
  readonly text: string;
  /** The folder under `src` that the file stands in; empty for `src/cli.ts`. */
  readonly layer: string;
  /** The files of the repository that it imports, from the root, and libraries by name. */
  readonly imports: readonly string[];
}

/** Every file under a folder of the repository, as a path from the root. */
export const pathsUnder = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(ROOT, join(entry.parentPath, entry.name)));

/** Every TypeScript file under a folder of the repository. */
export const readSources = (folder: string): readonly SourceFile[] =>
  pathsUnder(folder)
    .filter(path => /\.tsx?$/.test(path))
    .map(readSource);

const IMPORT = /^(?:import|export)\s+(?:[^'";]*?\s+from\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map(([, fixed, late]) => {
    const from = fixed ?? late ?? '';
    if (!from.startsWith('.')) return from;
    const there = relative(ROOT, join(ROOT, dirname(path), from));
    return /\.\w+$/.test(there) ? there : `${there}.ts`; // AssemblyScript imports name no file ending
  });
  return { path, text, layer: layerOf(path), imports };
}

/** `core` for `src/core/host.ts`; empty for `src/cli.ts`. */
export const layerOf = (path: string): string =>
  path.split('/').length > 2 ? (path.split('/')[1] ?? '') : '';

const COMMENT = /\/\*[^]*?\*\/|(?<=^|\s)\/\/ .*$/gm;

/** The comments of a file, each as it stands. */
export const commentsOf = (text: string): readonly string[] => text.match(COMMENT) ?? [];

/** The file without its comments and its import lines. */
export const codeOf = (text: string): string => text.replace(COMMENT, '').replace(IMPORT, '');

/** The groups of files that import one another in a circle, types included. Tarjan's algorithm. */
export function circles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const found: string[][] = [];
  const index = new Map<string, number>();
  const stack: string[] = [];
  const visit = (path: string): number => {
    const own = index.size;
    index.set(path, own);
    let low = own;
    stack.push(path);
    for (const next of importsOf.get(path) ?? [])
      if (importsOf.has(next)) {
        if (!index.has(next)) low = Math.min(low, visit(next));
        else if (stack.includes(next)) low = Math.min(low, index.get(next) ?? low);
      }
    if (low === own) {
      const group = stack.splice(stack.indexOf(path));
      if (group.length > 1) found.push(group.toSorted());
    }
    return low;
  };
  for (const { path } of files) if (!index.has(path)) visit(path);
  return found;
}
