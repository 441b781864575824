import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';

/*
 * The last step of the build but assets: `build/`, one file for each of the source, becomes `dist/`, the program as it starts fastest.
 * Node takes a millisecond for each file of a program, and a start needs hundreds.
 */

const PROJECT = dirname(import.meta.dirname);
const BUILT = join(PROJECT, 'build');

/** Files that are started by their name: as a program, in a thread, or by a test. */
const STARTED = [
  'cli',
  'commands/main',
  'reading/by-bytes/part/part-worker',
  'reading/by-bytes/range-worker',
  'mediator/process/name-clients',
  'commands/confine/launch-inside',
];

/** Packages that stay packages: few commands load them, and some look for files of their own. Nobody installs the last one. */
const APART =
  /^(?:@nats-io|@opentelemetry|@peculiar|@anthropic-ai|reflect-metadata|tldts|react-devtools-core)(?:\/|$)/;

/**
 * Modules that are loaded together stand in one file: Node takes a millisecond for each. A module stands in the first of these
 * whose modules import it without `import()`.
 */
const TOGETHER: readonly Together[] = [
  { name: 'main', from: ['commands/main'] },
  {
    name: 'read',
    from: [
      'reading/line-decoder',
      'reading/selection',
      'reading/partial-logs',
      'reading/resolve-sources',
      'reading/read-traffic',
      'systems/index',
      'systems/maps/load-maps',
    ],
  },
  { name: 'report', from: ['commands/report/report', 'report/json'] },
  { name: 'follow', from: ['sources/follow'] },
  {
    name: 'dashboard',
    from: [
      'commands/config/configured',
      'commands/config/config-news',
      'commands/dashboard/counting/older-parts',
      'commands/dashboard/counting/window-reading',
      'commands/dashboard/dashboard',
      'commands/dashboard/feed',
      'commands/dashboard/partial-log-news',
      'commands/dashboard/questions',
      'commands/dashboard/system-news',
      'commands/dashboard/watch',
      'commands/known/keep-known',
      'reading/bare-words',
    ],
    // other commands load the rest, too, and no part of the screen
    but: { name: 'beside', not: /\/build\/(?:app|ui)\// },
  },
  { name: 'screen', from: ['ui/screen'] },
];

interface Together {
  readonly name: string;
  /** Modules of `build/`. */
  readonly from: readonly string[];
  /** A file of its own for the modules that do without any of these. */
  readonly but?: { readonly name: string; readonly not: RegExp };
}

/** Which modules each module imports, but those that it imports by `import()`. */
const imported = new Map<string, readonly string[]>();
const graph: Plugin = {
  name: 'graph',
  moduleParsed({ id, importedIds }) {
    imported.set(id, importedIds);
  },
};

/** The file of the modules that are loaded together with this one; null for a module that is loaded alone. */
function fileOf(id: string): string | null {
  return (filesOf ??= filesTogether()).get(id) ?? null;
}

let filesOf: ReadonlyMap<string, string> | null = null;

function filesTogether(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const put = (name: string, ids: Iterable<string>): void => {
    for (const id of ids) if (!files.has(id)) files.set(id, name);
  };
  for (const { name, from, but } of TOGETHER) {
    const roots = from.map(file => join(BUILT, `${file}.js`));
    const unknown = roots.find(id => !imported.has(id));
    if (unknown !== undefined) throw new Error(`no module ${unknown}`);
    const all = reachedBy(roots);
    const ours = but ? [...all].filter(id => id.startsWith(BUILT)) : [];
    const without = ours.filter(id => [...reachedBy([id])].every(each => !but?.not.test(each)));
    if (but) put(but.name, reachedBy(without));
    put(name, all);
  }
  return files;
}

/** They, and all that they import without `import()`. */
function reachedBy(ids: readonly string[]): ReadonlySet<string> {
  const reached = new Set(ids);
  for (const id of reached)
    for (const each of imported.get(id) ?? []) if (imported.has(each)) reached.add(each);
  return reached;
}

/** Each file still finds its assets and threads by `import.meta.url`, as if it stood alone. */
const ownAddresses: Plugin = {
  name: 'own-addresses',
  transform(code, id) {
    if (!id.startsWith(`${BUILT}/`) || !code.includes('import.meta.url')) return null;
    return code.replaceAll('import.meta.url', `__address_of__(${JSON.stringify(relative(BUILT, id))})`);
  },
  renderChunk(code, { fileName }) {
    return code.replaceAll(/__address_of__\("([^"]+)"\)/g, (_, file: string) => {
      const path = posix.relative(posix.dirname(fileName), file);
      return `new URL(${JSON.stringify(path.startsWith('.') ? path : `./${path}`)}, import.meta.url).href`;
    });
  },
};

/**
 * Segmenters of texts, for the first of which ICU loads its tables in 30 ms, and regular expressions with all emoji. Packages make them
 * when they are loaded. Here they are made when they are first used: no usual screen needs them.
 */
const SLOW = /^const (\w+) = (new Intl\.Segmenter\(.*\)|\/.*\\p\{RGI_Emoji\}.*\/v);$/gm;
const madeWhenUsed: Plugin = {
  name: 'made-when-used',
  transform(code, id) {
    if (id.startsWith(BUILT)) return null;
    const made = [...code.matchAll(SLOW)];
    if (made.length === 0) return null;
    return made.reduce(
      (text, [line, name = '', value = '']) =>
        text
          .split(line)
          .map(part =>
            part.replaceAll(new RegExp(`(?<![\\w$])(?<!(?<!\\.\\.)\\.)${name}(?![\\w$])`, 'g'), `${name}()`),
          )
          .join(`let made_${name};\nfunction ${name}() { return (made_${name} ??= ${value}); }`),
      code,
    );
  },
};

/** Modules of Node that take milliseconds to load, and that no first frame needs; the last four in our own modules alone. */
const SELDOM =
  /^import (\w+|\{[^}A-Z]*(?:\w[A-Z][^}A-Z]*)*\}|\{ Worker \}) from ['"]node:(crypto|child_process|zlib|readline|v8|vm|worker_threads)['"];$/gm;
/** Values that are neither functions nor made by `new`. */
const VALUES = /\b(?:webcrypto|parentPort|workerData)\b/;
const FUNCTIONS = 'used:';
/** A function of such a module loads it when it is called. Other classes than Worker, and objects, are left as they are. */
const loadedWhenUsed: Plugin = {
  name: 'loaded-when-used',
  transform(code, id) {
    const isOwn = id.startsWith(`${BUILT}/`);
    const changed = code.replaceAll(SELDOM, (line, names: string, module: string) =>
      VALUES.test(names) || !(isOwn || /^(?:crypto|child_process|zlib)$/.test(module))
        ? line
        : `import { used as used_${module} } from '${FUNCTIONS}';\nconst ${names.replaceAll(' as ', ': ')} = used_${module}('node:${module}');`,
    );
    return changed === code ? null : changed;
  },
  resolveId: id => (id === FUNCTIONS ? id : null),
  load: id => (id === FUNCTIONS ? USED : null),
};
const USED = `const load = module => globalThis.process.getBuiltinModule(module);
const used = module => new Proxy({}, { get: (_, name) => lazy(() => load(module)[name]) });
const lazy = load => new Proxy(function () {}, {
  apply: (_, self, given) => Reflect.apply(load(), self, given),
  construct: (_, given) => Reflect.construct(load(), given),
  get: (_, name) => Reflect.get(load(), name),
  has: (_, name) => Reflect.has(load(), name),
});
export { used };
`;

/** The licences of the packages whose code is in the program. */
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const folders = new Set<string>();
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        for (const id of chunk.moduleIds) {
          const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
          if (folder) folders.add(folder);
        }
    const source = [...folders].sort().map(licenceOf).join('\n');
    this.emitFile({ type: 'asset', fileName: 'third-party-licences.txt', source });
  },
};

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const file = ['LICENSE', 'license', 'LICENSE.md', 'LICENSE.txt', 'license.md', 'COPYING']
    .map(each => join(folder, each))
    .find(existsSync);
  return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : ''}\n`;
}

/** Tells the tests which modules stand in which file of the program. */
const modules: Plugin = {
  name: 'modules',
  generateBundle(_, bundle) {
    const files = Object.values(bundle).flatMap(chunk =>
      chunk.type === 'chunk'
        ? [[chunk.fileName, chunk.moduleIds.map(id => `/${relative(PROJECT, id)}`)] as const]
        : [],
    );
    writeFileSync(join(BUILT, 'modules.json'), JSON.stringify(Object.fromEntries(files)));
  },
};

/**
 * The same code in ASCII: one other letter in a file makes V8 keep all of it in twice the memory, and read it slower. Throws where an
 * escape would mean something else than the letter.
 */
function inAscii(code: string): string {
  if (/String\.raw`[^`]*[^\0-\x7f]|\\[^\0-\x7f]/.test(code))
    throw new Error('a letter beyond ASCII cannot be escaped in String.raw, or behind a backslash');
  return code.replaceAll(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The imports at the head of a file of the program. */
const HEAD = /^(?:import[^;]*;)*/;
const OF_NODE = /import([^;]*?)from(["'`])(node:[\w/]+)\2;/g;

/**
 * The same code, which takes what it names from Node's modules. An import has Node read all exports of such a module first, and some of
 * them load further modules: 15 ms of a start. The file that tells an older Node that it is too old stays as it is.
 */
function takingFromNode(code: string): string {
  return code.replace(HEAD, head =>
    head.replaceAll(OF_NODE, (_, names: string, _quote, module: string) => {
      const [, whole = '', parts = ''] =
        /^\s*(?:\*\s*as\s+)?([\w$]*)\s*,?\s*(\{.*\})?\s*$/s.exec(names) ?? [];
      const taken = [whole, parts.replaceAll(/\s+as\s+/g, ':')].filter(Boolean);
      if (taken.length === 0) throw new Error(`an import of another form: ${names}`);
      const value = `globalThis.process.getBuiltinModule("${module}")`;
      return taken.map(name => `const ${name}=${value};`).join('');
    }),
  );
}

const bundle = await rolldown({
  input: Object.fromEntries(STARTED.map(name => [name, join(BUILT, `${name}.js`)])),
  platform: 'node',
  external: APART,
  // else a package may be taken whose parts name each other in a way that no bundler can follow
  resolve: { mainFields: ['module', 'main'] },
  // the development build of React draws at half the speed
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  // an import() within a file is one that another command needs
  checks: { ineffectiveDynamicImport: false },
  plugins: [graph, madeWhenUsed, loadedWhenUsed, ownAddresses, licences, modules],
  preserveEntrySignatures: 'allow-extension',
});
const DIST = join(PROJECT, 'dist');
const { output } = await bundle.write({
  dir: DIST,
  cleanDir: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name].js',
  // names stay, for the stack of a bug to be read
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ name: fileOf, debugName: 'together' }],
  },
});
for (const file of output)
  if (file.type === 'chunk') writeFileSync(join(DIST, file.fileName), takingFromNode(inAscii(file.code)));
await bundle.close();
