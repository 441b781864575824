import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CLI, fixturePath, machine } from './commands/program.ts';
import { openDashboard } from './journeys/dashboard.ts';

/*
 * The layers of DESIGN §4 and the habits of STYLE, held by reading every file of the program.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name));

interface SourceFile {
  /** From the root, as `src/core/host.ts`. */
  readonly path: string;
  readonly text: string;
  /** The folder under `src` that it stands in: its layer. */
  readonly layer: string;
  /** What it imports: our own files as paths from the root, libraries by name. */
  readonly imports: readonly { readonly from: string }[];
}

const IMPORT = /^(?:import|export)\s+(?:[^'";]*?\s+from\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

function read(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...text.matchAll(IMPORT)].map(([, fixed, late]) => {
    const from = fixed ?? late ?? '';
    if (!from.startsWith('.')) return { from };
    const there = relative(ROOT, join(ROOT, dirname(path), from));
    return { from: /\.\w+$/.test(there) ? there : `${there}.ts` }; // AssemblyScript names files without their ending
  });
  return { path, text, layer: layerOf(path), imports };
}

/** `core` for `src/core/host.ts`; empty for the program's own start, `src/cli.ts`. */
const layerOf = (path: string): string => (path.split('/').length > 2 ? (path.split('/')[1] ?? '') : '');

const SOURCES = filesIn('src').map(read);
const TESTS = filesIn('test').map(read);

/** What each layer may import beside its own folder, Node's modules and libraries. */
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

/** The layers that know no library at all, and those that alone may know one. */
const ONLY_IN: readonly (readonly [library: RegExp, layers: readonly string[]])[] = [
  [/^(react|ink)($|\/)/, ['ui']],
  [/^commander$/, ['commands']],
  [/^chokidar$/, ['sources', 'policy-file']],
  [/^yaml$/, ['policy-file', 'systems']],
  [/^jsonc-parser$/, ['policy-file', 'systems']],
  [/^toml-eslint-parser$/, ['policy-file', 'systems']],
];

const isOurs = (from: string): boolean => from.startsWith('src/');

describe('imports point inward', () => {
  it('every folder is a known layer', () => {
    expect(SOURCES.map(({ layer }) => layer).filter(layer => !(layer in MAY_IMPORT))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))('%j imports of ours only itself and %j', (layer, allowed) => {
    const strays = SOURCES.filter(file => file.layer === layer).flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => isOurs(from) && ![layer, ...allowed].includes(layerOf(from)))
        .map(({ from }) => `${path} → ${from}`),
    );
    expect(strays).toEqual([]);
  });

  it('core imports nothing but itself: no library, no Node', () => {
    const strays = SOURCES.filter(({ layer }) => layer === 'core').flatMap(({ path, imports }) =>
      imports.filter(({ from }) => !from.startsWith('src/core/')).map(({ from }) => `${path} → ${from}`),
    );
    expect(strays).toEqual([]);
  });

  it('app reaches the outside world through its ports alone: no file, no process, no screen', () => {
    const strays = SOURCES.filter(({ layer }) => layer === 'app').flatMap(({ path, imports }) =>
      imports.filter(({ from }) => from.startsWith('node:')).map(({ from }) => `${path} → ${from}`),
    );
    expect(strays).toEqual([]);
  });

  it.each(ONLY_IN)('%s is known only to %j', (library, layers) => {
    const strays = SOURCES.filter(
      ({ layer, imports }) => !layers.includes(layer) && imports.some(({ from }) => library.test(from)),
    );
    expect(strays.map(({ path }) => path)).toEqual([]);
  });

  it('nothing of the program imports a test', () => {
    expect(SOURCES.flatMap(({ imports }) => imports).filter(({ from }) => from.startsWith('test/'))).toEqual(
      [],
    );
  });
});

describe('the time comes in: only where the program is wired is the clock read', () => {
  it.each(['core', 'systems', 'report', 'app', 'ui'])('not in %s', layer => {
    const readers = SOURCES.filter(
      file => file.layer === layer && /\bDate\.now\(\)|new Date\(\)/.test(file.text),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });
});

describe('the style', () => {
  it('no file goes past 250 lines', () => {
    const long = SOURCES.filter(({ text }) => text.split('\n').length - 1 > 250);
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`)).toEqual([]);
  });

  it('files are named in kebab-case, for what they are', () => {
    for (const { path } of SOURCES) {
      expect(path).toMatch(/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)+[a-z0-9]+(?:-[a-z0-9]+)*\.tsx?$/);
      expect(path).not.toMatch(/(?:^|[/-])(?:utils?|helpers?|common|services?|managers?)(?:\.|\/)/);
    }
  });

  it('exports are named, never default', () => {
    for (const { path, text } of SOURCES)
      expect([path, /^export (?:default|\*)/m.test(text)]).toEqual([path, false]);
  });

  it('every exported value is used outside its file', () => {
    expect(SOURCES.flatMap(unused('value'))).toEqual([]);
  });

  it('every exported type is used outside its file, or by another export in it', () => {
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

/** The exports of a file, as `path name`, that no other file names which imports it, or says what it exports. */
const unused =
  (sort: keyof typeof DECLARED) =>
  ({ path, text }: SourceFile): string[] => {
    const importers = [...SOURCES, ...TESTS].filter(
      ({ imports, text }) =>
        imports.some(({ from }) => from === path) || text.includes(`What ${path} exports`),
    );
    return [...text.matchAll(DECLARED[sort])]
      .map(([, name = '']) => name)
      .filter(name => !importers.some(importer => new RegExp(`\\b${name}\\b`).test(importer.text)))
      .map(name => `${path} ${name}`);
  };

/** Node's flags under which loading a module of such a name or address ends the program. */
function forbidding(names: RegExp): readonly string[] {
  const guard = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      const found = next(name, context);
      if (${names}.test(found.url)) throw new Error('loaded ' + found.url);
      return found;
    } });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(guard)}`];
}

it.each([
  [['report', fixturePath('zeph-audit.jsonl')]],
  [['report', '--json', fixturePath('aasm-gateway-chain.jsonl')]],
  [['log', fixturePath('orcarouter-events.jsonl')]],
  [['--version']],
])('reading a log loads no parser of policies: %j', async args => {
  const { env } = machine();
  const guarded = forbidding(/\/node_modules\/(yaml|toml-eslint-parser|jsonc-parser|tldts)\//);
  const { stdout } = await promisify(execFile)(process.execPath, [...guarded, CLI, ...args], { env });
  expect(stdout).not.toBe('');
  const policy = ['policy', 'check', fixturePath('zeph.toml')];
  await expect(
    promisify(execFile)(process.execPath, [...guarded, CLI, ...policy], { env }),
  ).rejects.toThrow();
});

it('the dashboard loads for its first frame no parser of policies, no calendar, and no libraries by the hundred files', async () => {
  const heavy =
    /\/node_modules\/(yaml|toml-eslint-parser|jsonc-parser|tldts|date-fns|diff)\/|es-toolkit\/dist\/compat\/index/;
  const options = forbidding(heavy).map(option => option.replaceAll(' ', '%20'));
  await using dashboard = openDashboard({ policy: null, env: { NODE_OPTIONS: options.join(' ') } });
  await dashboard.terminal.waitFor('273 decisions');
});

describe('a headless command loads no part of the screen', () => {
  const guarded = forbidding(/\/node_modules\/(react|ink)\/|\/dist\/(ui|app)\//);

  it.each([
    [['report', fixturePath('zeph-audit.jsonl')]],
    [['report', '--json', fixturePath('zeph-audit.jsonl')]],
    [['log', fixturePath('zeph-audit.jsonl')]],
    [['policy', 'check', fixturePath('microagent.yaml')]],
    [
      [
        'simulate',
        '--policy',
        fixturePath('zeph.toml'),
        '--against',
        fixturePath('zeph-audit.jsonl'),
        '--filter',
        'host:github.com',
      ],
    ],
    [
      [
        'policy',
        'suggest',
        '--policy',
        fixturePath('zeph.toml'),
        '--against',
        fixturePath('zeph-audit.jsonl'),
      ],
    ],
    [['policy', 'explain', 'docs.rs', '--policy', fixturePath('microagent.yaml')]],
    [['completion', 'bash']],
    [['--help']],
    [['--version']],
  ])('%j', async args => {
    const { env } = machine();
    const { stdout } = await promisify(execFile)(process.execPath, [...guarded, CLI, ...args], { env });
    expect(stdout).not.toBe('');
  });

  it('and the guard does catch what the dashboard loads', async () => {
    const script = `import(${JSON.stringify(new URL('../dist/ui/app.js', import.meta.url).href)})`;
    const running = promisify(execFile)(process.execPath, [...guarded, '--input-type=module', '-e', script]);
    await expect(running).rejects.toThrow(/loaded .*app\.js/);
    expect(basename(CLI)).toBe('cli.js');
  });
});
