import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findings, type Rule } from './house-rules.ts';
import { LONG_TESTS } from './long-tests.ts';
import { HOT_LISTS, longParameterLists } from './parameters.ts';
import { SLOW_TESTS } from './starts-processes.ts';
import { layerOf, pathsUnder, readSources, ROOT, type SourceFile } from './source-tree.ts';

/*
 * The plan of the house: which folder may import which, how large folders and files grow, and which words stay out.
 * Every rule is held by reading the files.
 */

const SOURCES = readSources('src');
const TESTS = readSources('test');
const PATHS = [...pathsUnder('src'), ...pathsUnder('test')].filter(
  path => !path.startsWith('test/fixtures/'),
);

/** The layers that each layer may import, beside itself, Node's modules and libraries. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  systems: ['core'],
  sources: ['core'],
  'policy-file': ['core'],
  reading: ['core', 'sources', 'systems'],
  report: ['core'],
  app: ['core'],
  mediator: ['core', 'policy-file'],
  ui: ['app', 'core'],
  commands: ['core', 'reading', 'systems', 'sources', 'policy-file', 'report', 'app', 'mediator', 'ui'],
  '': ['commands'],
};

/** The rooms that each room of core may import, beside itself. The root of core is the room `''`. */
const CORE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  '': [],
  traffic: [''],
  policy: [''],
  ask: [''],
  known: [''],
  maps: [''],
  export: [''],
  theme: [''],
  text: [''],
  fleet: ['', 'text', 'traffic'],
  'what-if': ['', 'traffic', 'policy'],
  suggest: ['', 'traffic', 'policy', 'what-if'],
};

/** Libraries, and the only layers that may import each. */
const ONLY_IN: readonly (readonly [library: RegExp, layers: readonly string[]])[] = [
  [/^(react|ink)($|\/)/, ['ui']],
  [/^commander$/, ['commands']],
  [/^chokidar$/, ['sources', 'policy-file']],
  [/^yaml$/, ['policy-file', 'systems']],
  [/^jsonc-parser$/, ['policy-file', 'systems']],
  [/^toml-eslint-parser$/, ['policy-file', 'systems']],
];

const FOLDER_LIMIT = 25;
const LONG_FILE = { warn: 250, fail: 300 } as const;

/** Each import of these files that is not allowed, as `from → to`. */
const strayImports = (files: readonly SourceFile[], isAllowed: (to: string) => boolean): readonly string[] =>
  files.flatMap(({ path, imports }) => imports.filter(to => !isAllowed(to)).map(to => `${path} → ${to}`));

const inLayer = (name: string): readonly SourceFile[] => SOURCES.filter(({ layer }) => layer === name);

describe('layers', () => {
  it('every folder of src is a known layer', () => {
    expect(SOURCES.map(({ layer }) => layer).filter(layer => !(layer in MAY_IMPORT))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))('the layer %j imports only itself and %j', (layer, allowed) => {
    const isAllowed = (to: string): boolean =>
      !to.startsWith('src/') || [layer, ...allowed].includes(layerOf(to));
    expect(strayImports(inLayer(layer), isAllowed)).toEqual([]);
  });

  it('core imports no library and no module of Node', () => {
    expect(strayImports(inLayer('core'), to => to.startsWith('src/core/'))).toEqual([]);
  });

  it('app imports no module of Node: it reaches the outside through its ports', () => {
    expect(strayImports(inLayer('app'), to => !to.startsWith('node:'))).toEqual([]);
  });

  it.each(ONLY_IN)('the library %s is imported only in %j', (library, layers) => {
    const others = SOURCES.filter(({ layer }) => !layers.includes(layer));
    expect(strayImports(others, to => !library.test(to))).toEqual([]);
  });

  it('no file of the program imports a test', () => {
    expect(strayImports(SOURCES, to => !to.startsWith('test/'))).toEqual([]);
  });

  it.each(['core', 'systems', 'report', 'app', 'ui'])('no file of %s reads the clock', layer => {
    const readers = inLayer(layer).filter(({ text }) => /\bDate\.now\(\)|new Date\(\)/.test(text));
    expect(readers.map(({ path }) => path)).toEqual([]);
  });
});

describe('rooms', () => {
  const roomOf = (path: string): string => /^src\/core\/([^/]+)\//.exec(path)?.[1] ?? '';

  it('every folder of core is a known room', () => {
    expect(
      inLayer('core')
        .map(({ path }) => roomOf(path))
        .filter(room => !(room in CORE_ROOMS)),
    ).toEqual([]);
  });

  it.each(Object.entries(CORE_ROOMS))('the room %j of core imports only itself and %j', (room, allowed) => {
    const files = inLayer('core').filter(({ path }) => roomOf(path) === room);
    expect(strayImports(files, to => [room, ...allowed].includes(roomOf(to)))).toEqual([]);
  });

  it(`no folder holds more than ${FOLDER_LIMIT} files`, () => {
    const sizes = Map.groupBy(PATHS, path => path.slice(0, path.lastIndexOf('/')));
    const full = [...sizes].filter(([, { length }]) => length > FOLDER_LIMIT);
    expect(full.map(([folder, { length }]) => `${folder}: ${length}`)).toEqual([]);
  });

  it('no file stands beside a folder of its own name', () => {
    const twins = PATHS.filter(path =>
      existsSync(join(ROOT, path.replace(/(?:\.(?:test|torture))?\.\w+$/, ''))),
    );
    expect(twins).toEqual([]);
  });
});

/** All that a clone holds at its top. */
const TOP_LEVEL = [
  '.ci',
  '.gitignore',
  '.oxlintrc.json',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'package-lock.json',
  'package.json',
  'screenshots',
  'src',
  'test',
  'tsconfig.json',
];
/** Made by npm and the build. */
const MADE = new Set(['build', 'dist', 'node_modules']);
/** Git's, or an editor's own. */
const isHidden = (name: string): boolean => name.startsWith('.') && !TOP_LEVEL.includes(name);

describe('names and sizes', () => {
  it('the top level holds what a newcomer looks for, and nothing else', () => {
    expect(
      readdirSync(ROOT)
        .filter(name => !MADE.has(name) && !isHidden(name) && !name.endsWith('.tgz'))
        .sort(),
    ).toEqual(TOP_LEVEL);
  });

  it('every test that is named as long or slow is there', () => {
    const named = [...LONG_TESTS, ...SLOW_TESTS];
    expect(named.filter(path => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it(`no file of the program is longer than ${LONG_FILE.fail} lines`, () => {
    const lengths = SOURCES.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    for (const { path, lines } of lengths)
      if (lines > LONG_FILE.warn)
        process.stderr.write(`${path} is ${lines} lines long: look for a second noun\n`);
    expect(lengths.filter(({ lines }) => lines > LONG_FILE.fail)).toEqual([]);
  });

  it('every file name is in kebab-case and says what the file holds', () => {
    for (const { path } of SOURCES) {
      expect(path).toMatch(/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)+[a-z0-9]+(?:-[a-z0-9]+)*\.tsx?$/);
      expect(path).not.toMatch(/(?:^|[/-])(?:utils?|helpers?|common|services?|managers?)(?:\.|\/)/);
    }
  });

  it('no function has more than three positional parameters, but for the hot ones that a list names', () => {
    const found = longParameterLists(SOURCES);
    expect(found.filter(name => !HOT_LISTS.includes(name))).toEqual([]);
    expect(HOT_LISTS.filter(name => !found.includes(name))).toEqual([]); // a mended one leaves the list
  });

  it('every export has a name: there is no default export', () => {
    expect(
      SOURCES.filter(({ text }) => /^export (?:default|\*)/m.test(text)).map(({ path }) => path),
    ).toEqual([]);
  });

  it('every exported value is used outside its file', () => {
    expect(SOURCES.flatMap(unused('value'))).toEqual([]);
  });

  it('every exported type is used outside its file, or by another export of the file', () => {
    const isMentioned = (text: string, name: string): boolean =>
      (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1;
    const idle = SOURCES.flatMap(file =>
      unused('type')(file).filter(name => !isMentioned(file.text, name.split(' ')[1] ?? '')),
    );
    expect(idle).toEqual([]);
  });
});

const DECLARED = {
  value: /^export (?:async )?(?:const|let|function\*?|class|enum) (\w+)/gm,
  type: /^export (?:interface|type) (\w+)/gm,
};

const ALL = [...SOURCES, ...TESTS];
const WORDS = new Map(ALL.map(({ path, text }) => [path, new Set(text.match(/\w+/g))]));
const CLAIMED = /The exports of (\S+\.ts)/g;
/** The files that import each file. A comment may claim a file's exports by `The exports of PATH`. */
const IMPORTERS = Map.groupBy(
  ALL.flatMap(({ path, imports, text }) =>
    [...imports, ...[...text.matchAll(CLAIMED)].map(([, claimed = '']) => claimed)].map(to => ({
      to,
      from: path,
    })),
  ),
  ({ to }) => to,
);

/** The exports of a file, as `path name`, that no importing file mentions. */
const unused =
  (kind: keyof typeof DECLARED) =>
  ({ path, text }: SourceFile): string[] =>
    [...text.matchAll(DECLARED[kind])]
      .map(([, name = '']) => name)
      .filter(name => !(IMPORTERS.get(path) ?? []).some(({ from }) => WORDS.get(from)?.has(name)))
      .map(name => `${path} ${name}`);

describe('words', () => {
  const RULES: readonly (readonly [promise: string, rule: Rule])[] = [
    ['no files import one another in a circle, types included', 'circles'],
    ['no comment cites a document that the repository does not hold', 'citations'],
    ['every path that a comment or a README names exists', 'paths'],
    ['no code outside src/systems names a product', 'products'],
    ['no test title is a half sentence', 'titles'],
  ];

  it('no comment begins with What, Whoever or Whatever', () => {
    const begun = /^[ \t]*(?:\/\*\*|\/\/|\/\*\*\n[ \t]*\*) (?:What|Whoever|Whatever) .*/gm;
    expect(
      ALL.flatMap(({ path, text }) => (text.match(begun) ?? []).map(at => `${path}: ${at.trim()}`)),
    ).toEqual([]);
  });

  it.each(RULES)('%s', (_, rule) => {
    expect(findings(rule, SOURCES, TESTS)).toEqual([]);
  });
});
