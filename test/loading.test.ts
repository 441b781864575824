import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fixturePath, machine } from './commands/program.ts';
import { CLI } from './commands/start-program.ts';
import { openDashboard } from './journeys/dashboard.ts';
import { until } from './until.ts';

/*
 * The modules that the program loads, held by starting it under a hook that throws at a forbidden one.
 */

/** The modules in each file of the program, as the build notes them. */
const MODULES = new URL('../build/modules.json', import.meta.url).href;

/** Node's flags under which loading a module of such a name ends the program. */
function forbidding(names: RegExp): readonly string[] {
  const guard = `import { registerHooks } from 'node:module';
    import modules from '${MODULES}' with { type: 'json' };
    registerHooks({ load(url, context, next) {
      const loaded = next(url, context);
      const names = [url, ...(modules[url.split('/dist/')[1]] ?? [])];
      for (const name of names) if (${names}.test(name)) throw new Error('loaded ' + name);
      return loaded;
    } });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(guard)}`];
}

/** Runs command lines one after the other in one process under the guard, and gives the text that each printed. */
async function printedBy(
  guarded: readonly string[],
  lines: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const main = new URL('../dist/commands/main.js', import.meta.url).href;
  const script = `import { main } from '${main}';
    for (const args of JSON.parse(process.argv[1])) {
      if ((await main(args)) !== 0) throw new Error('failed: ' + args.join(' '));
      process.stdout.write('\\0');
    }`;
  const options = [...guarded, '--input-type=module', '-e', script, JSON.stringify(lines)];
  const { stdout } = await promisify(execFile)(process.execPath, options, { env: machine().env });
  return stdout.split('\0').slice(0, -1);
}

it('a short command loads no module of Node for an export that nothing names', async () => {
  const main = new URL('../dist/commands/main.js', import.meta.url).href;
  const script = `import('${main}').then(({ main }) => main(['--version'])).then(() => console.log(process.moduleLoadList.join()))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: machine().env });
  expect(stdout).toContain('NativeModule fs');
  expect(stdout).not.toMatch(/internal\/fs\/streams|worker_threads/); // behind fs.ReadStream and util.TextDecoder
});

it('reading a log loads no parser of policies', async () => {
  const guarded = forbidding(/\/node_modules\/(yaml|toml-eslint-parser|jsonc-parser|tldts)\//);
  const lines = [
    ['report', fixturePath('zeph-audit.jsonl')],
    ['report', '--json', fixturePath('aasm-gateway-chain.jsonl')],
    ['log', fixturePath('orcarouter-events.jsonl')],
    ['--version'],
  ];
  const printed = await printedBy(guarded, lines);
  expect(printed.map(text => text !== '')).toEqual(lines.map(() => true));
  await expect(printedBy(guarded, [['policy', 'check', fixturePath('zeph.toml')]])).rejects.toThrow(
    /loaded /,
  );
});

it('a report loads nothing that follows logs', async () => {
  const line = ['report', '--json', fixturePath('zeph-audit.jsonl')];
  const [printed] = await printedBy(forbidding(/\/build\/sources\/tail\//), [line]);
  expect(printed).toContain('"events"');
});

it('the dashboard loads for its first frame no parser of policies, no calendar, and no libraries that few use', async () => {
  const heavy =
    /\/node_modules\/(yaml|toml-eslint-parser|jsonc-parser|tldts|date-fns|diff|@nats-io)\/|\/build\/sources\/(?:endpoint|command)\//;
  const options = forbidding(heavy).map(option => option.replaceAll(' ', '%20'));
  await using dashboard = openDashboard({ policy: null, env: { NODE_OPTIONS: options.join(' ') } });
  await dashboard.terminal.waitFor('273 decisions');
});

it('the first frame shows rows before Ink and the watcher of folders are loaded, and the terminal is given back where it cannot be', async () => {
  const options = forbidding(/\/node_modules\/(?:ink|chokidar)\//).map(option =>
    option.replaceAll(' ', '%20'),
  );
  await using dashboard = openDashboard({ policy: null, env: { NODE_OPTIONS: options.join(' ') } });
  await dashboard.terminal.waitForExit();
  const [, frame = '', ...after] = dashboard.terminal
    .raw()
    .toString()
    .split(/\u001b\[\?1049[hl]/);
  expect(frame).toContain('docs.rs');
  expect(after.join('')).toMatch(/loaded .*(?:ink|chokidar)/);
});

it('the first frame is shown before any table of characters is loaded', async () => {
  const guard = 'Intl.Segmenter=class{constructor(){throw(Error("made_a_segmenter"))}}';
  const options = `--import data:text/javascript,${encodeURIComponent(guard)}`;
  await using dashboard = openDashboard({ policy: null, env: { NODE_OPTIONS: options } });
  await dashboard.terminal.waitForExit();
  const [, frame = '', ...after] = dashboard.terminal
    .raw()
    .toString()
    .split(/\u001b\[\?1049[hl]/);
  expect(frame).toContain('docs.rs');
  expect(after.join('')).toContain('made_a_segmenter');
});

it('the dashboard loads for its first frame no module of Node that only a later function uses', async () => {
  const guard = `const { stdout } = process, { write } = stdout;
    stdout.write = function (text, ...more) {
      const seldom = /NativeModule (?:worker_threads|v8|readline|zlib|crypto|child_process)$/;
      const loaded = process.moduleLoadList.filter(name => seldom.test(name));
      if (String(text).includes('docs.rs')) write.call(stdout, 'loaded<' + loaded.join() + '>');
      return write.call(stdout, text, ...more);
    };`;
  const options = `--import data:text/javascript,${encodeURIComponent(guard)}`;
  await using dashboard = openDashboard({ policy: null, env: { NODE_OPTIONS: options } });
  await dashboard.terminal.waitFor('docs.rs');
  expect(/loaded<[^>]*>/.exec(dashboard.terminal.raw().toString())?.[0]).toBe('loaded<>');
});

it('a dashboard that is killed has kept its compiled modules for the next start', async () => {
  const { path } = machine();
  const cache = path('compiled');
  await using dashboard = openDashboard({ policy: null, env: { NODE_COMPILE_CACHE: cache } });
  await dashboard.terminal.waitFor('docs.rs');
  const kept = (): readonly string[] =>
    readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter(name =>
      /\/[0-9a-f]+$/.test(join('/', name)),
    );
  await until(() => kept().length > 5);
  dashboard.terminal.kill('SIGKILL');
});

it.each([
  ['microagent.yaml', 'microagent'],
  ['zeph.toml', 'zeph'],
])('reading the policy %s loads the dialect of its own system alone', async (policy, system) => {
  const { env } = machine();
  const guarded = forbidding(new RegExp(`/build/systems/(?!${system}/)[^/]+/policy/dialect`));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...guarded, CLI, 'policy', 'check', fixturePath(policy)],
    { env },
  );
  expect(stdout).toContain('Policy is valid');
});

it('a report in ASCII loads no table of character widths, and one with a wide name does', async () => {
  const { env, path } = machine();
  const guarded = forbidding(/\/node_modules\/string-width\//);
  const run = (log: string) =>
    promisify(execFile)(process.execPath, [...guarded, CLI, 'report', log], { env });
  const { stdout } = await run(fixturePath('zeph-audit.jsonl'));
  expect(stdout).toContain('docs.rs');
  const log = readFileSync(fixturePath('zeph-audit.jsonl'), 'utf8');
  writeFileSync(path('wide.jsonl'), log.replaceAll('"host":"docs.rs"', '"host":"日本.example"'));
  await expect(run(path('wide.jsonl'))).rejects.toThrow(/loaded .*string-width/);
});

describe('a headless command loads no part of the screen', () => {
  const guarded = forbidding(/\/node_modules\/(react|ink)\/|\/build\/(ui|app)\//);

  it('no headless command loads React, Ink or our screens', async () => {
    const policy = ['--policy', fixturePath('zeph.toml'), '--against', fixturePath('zeph-audit.jsonl')];
    const lines = [
      ['report', fixturePath('zeph-audit.jsonl')],
      ['report', '--json', fixturePath('zeph-audit.jsonl')],
      ['log', fixturePath('zeph-audit.jsonl')],
      ['policy', 'check', fixturePath('microagent.yaml')],
      ['simulate', ...policy, '--filter', 'host:github.com'],
      ['policy', 'suggest', ...policy],
      ['policy', 'explain', 'docs.rs', '--policy', fixturePath('microagent.yaml')],
      ['completion', 'bash'],
      ['--help'],
      ['--version'],
    ];
    const printed = await printedBy(guarded, lines);
    expect(printed.map(text => text !== '')).toEqual(lines.map(() => true));
  });

  it('the guard catches what the dashboard loads', async () => {
    const script = `import(${JSON.stringify(new URL('../build/ui/app.js', import.meta.url).href)})`;
    const running = promisify(execFile)(process.execPath, [...guarded, '--input-type=module', '-e', script]);
    await expect(running).rejects.toThrow(/loaded .*app\.js/);
    const report = [CLI, 'report', fixturePath('zeph-audit.jsonl')];
    const within = promisify(execFile)(process.execPath, [
      ...forbidding(/\/build\/report\/text\.js/),
      ...report,
    ]);
    await expect(within).rejects.toThrow(/loaded .*text\.js/);
    expect(basename(CLI)).toBe('cli.js');
  });
});
