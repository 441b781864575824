import { existsSync, readFileSync } from 'node:fs';
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

const bundle = await rolldown({
  input: Object.fromEntries(STARTED.map(name => [name, join(BUILT, `${name}.js`)])),
  platform: 'node',
  external: APART,
  // else a package may be taken whose parts name each other in a way that no bundler can follow
  resolve: { mainFields: ['module', 'main'] },
  // the development build of React draws at half the speed
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  plugins: [ownAddresses, licences],
});
await bundle.write({
  dir: join(PROJECT, 'dist'),
  cleanDir: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name].js',
  codeSplitting: {
    groups: [
      { name: 'core', test: /\/build\/core\// },
      { name: 'app', test: /\/build\/app\// },
    ],
  },
});
await bundle.close();
