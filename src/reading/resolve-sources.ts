import { stat } from 'node:fs/promises';
import { nameOf, parseSource } from '../sources/named/expand.ts';
import { agentsOf, type NamedAgents } from './named-agents.ts';
import type { NatsCredentials } from '../sources/nats/credentials.ts';
import { environmentCredentials } from '../sources/nats/credential-files.ts';
import type { IsLog, SourceSpec } from '../sources/source.ts';
import { SYSTEMS } from '../systems/index.ts';
import { isFile } from '../systems/is-file.ts';
import type { DiscoveredSource } from '../systems/discovered.ts';
import type { Places, System, Workspaces } from '../systems/system.ts';
import { Failure } from '../core/failure.ts';
import { nearWord } from '../core/near-word.ts';
import { logTest } from './first-system.ts';
import { bareWords, logCalled, workspacesCalled } from './bare-words.ts';

/** The workspace that an argument as `microagent:NAME` names. */
export interface NamedWorkspace {
  readonly name: string;
  readonly of: Workspaces;
}

/** The sources behind the SOURCE arguments. */
export interface ResolvedSources {
  readonly specs: readonly SourceSpec[];
  /** The workspace, when one is the only argument. */
  readonly workspace: NamedWorkspace | null;
  readonly wasDiscovered: boolean;
  /** The systems whose logs were discovered; empty where the sources were named. */
  readonly discovered: readonly string[];
  /** Where nothing was discovered: logs of mediators that are not up. */
  readonly history: readonly string[];
  /** Paths that need not exist: a workspace's logs, and what was discovered. Their absence is no problem. */
  readonly mayBeAbsent: ReadonlySet<string>;
  /** The agents of workspaces that were named or discovered. */
  readonly agents: NamedAgents;
  /** Words that name no file but a workspace, each with that workspace as a SOURCE argument. */
  readonly meant: ReadonlyMap<string, string>;
}

/** The SOURCE arguments, or (with none) everything these systems can discover. A workspace that does not exist fails. */
export async function resolveSources(
  args: readonly string[],
  places: Places,
  systems: readonly System[] = SYSTEMS,
): Promise<ResolvedSources> {
  if (args.length === 0) {
    const found = await discoverAll(places, systems);
    const specs = await Promise.all(found.map(({ source }) => parseSource(source)));
    const history = specs.length === 0 ? await historyOf(places, systems) : [];
    return {
      specs,
      workspace: null,
      wasDiscovered: true,
      discovered: [...new Set(found.map(({ system }) => system))],
      history,
      mayBeAbsent: pathsOf(specs),
      agents: agentsOf(specs.map((spec, index) => ({ spec, agent: found[index]?.agent ?? null }))),
      meant: new Map(),
    };
  }
  const workspaces = args.map(workspaceNamed);
  const isLog = logTest(systems);
  const specs = await Promise.all(
    args.map(async (argument, index) => {
      const workspace = workspaces[index];
      if (workspace) return logsOf(workspace, places);
      const log = await logCalled(argument, places);
      return [log ?? (await asFolder(await reachable(await parseSource(argument), places), isLog))];
    }),
  );
  return {
    specs: specs.flat().filter(isFirstOfItsName),
    workspace: args.length === 1 ? (workspaces[0] ?? null) : null,
    wasDiscovered: false,
    discovered: [],
    history: [],
    mayBeAbsent: pathsOf(specs.filter((_, index) => workspaces[index] !== null).flat()),
    agents: agentsOf(
      specs.flatMap((of, index) => of.map(spec => ({ spec, agent: workspaces[index]?.name ?? null }))),
    ),
    meant: await meantBy(args, places),
  };
}

/** A source named twice is read once: standard input cannot be read a second time. */
const isFirstOfItsName = (spec: SourceSpec, index: number, specs: readonly SourceSpec[]): boolean =>
  specs.findIndex(other => other.type === spec.type && wholeName(other) === wholeName(spec)) === index;

const wholeName = (spec: SourceSpec): string => (spec.type === 'url' ? spec.url : nameOf(spec));

/** A source with what is needed to reach it. */
async function reachable(spec: SourceSpec, places: Places): Promise<SourceSpec> {
  if (spec.type !== 'nats') return withToken(spec, places);
  const stream = await SYSTEMS.find(system => system.stream)?.stream?.();
  const credentials = (): Promise<NatsCredentials> => environmentCredentials(places.env);
  return stream ? { ...spec, access: { stream, credentials } } : spec;
}

/** Endpoints are asked with the token of the environment: an argument can be read by every process of the machine. */
function withToken(spec: SourceSpec, { env }: Places): SourceSpec {
  const token = TOKEN_VARIABLES.map(name => env[name]).find(found => found !== undefined && found !== '');
  return spec.type === 'url' ? { ...spec, token: () => token?.trim() ?? null } : spec;
}

/** In a folder, the JSON files with records count as logs. */
const asFolder = async (spec: SourceSpec, isLog: IsLog): Promise<SourceSpec> =>
  spec.type === 'path' && (await isFolder(spec.path)) ? { ...spec, isLog } : spec;

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false; // a place that cannot be looked at is told when it is read

/** Variables that may hold the token of an endpoint; the first that is set counts. */
const TOKEN_VARIABLES = ['EGRESSTOP_TOKEN', ...SYSTEMS.flatMap(({ tokenVariables }) => tokenVariables ?? [])];

const pathsOf = (specs: readonly SourceSpec[]): ReadonlySet<string> =>
  new Set(specs.flatMap(spec => (spec.type === 'path' ? [spec.path] : [])));

function workspaceNamed(argument: string): NamedWorkspace | null {
  const [, system, name = ''] = /^(\w+):(.*)$/s.exec(argument) ?? [];
  const of = SYSTEMS.find(known => known.name === system)?.workspaces;
  return of ? { name, of } : null;
}

async function meantBy(args: readonly string[], places: Places): Promise<ReadonlyMap<string, string>> {
  const meant = new Map<string, string>();
  for (const word of bareWords(args)) {
    const [workspace] = await workspacesCalled(word, places);
    if (workspace !== undefined) meant.set(word, workspace);
  }
  return meant;
}

async function logsOf({ name, of }: NamedWorkspace, places: Places): Promise<readonly SourceSpec[]> {
  const why = of.invalidName(name);
  if (why !== null) throw new Failure(why);
  if (!(await of.exists(name, places))) throw noWorkspace(name, await of.names(places));
  return of.logs(name, places).map(path => ({ type: 'path', path }));
}

function noWorkspace(name: string, known: readonly string[]): Failure {
  const near = nearWord(name, known);
  const meant = near === null ? '' : `; did you mean ${near}?`;
  const there =
    known.length === 0 ? 'there is none' : `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
  return new Failure(`no workspace is called ${name}: ${there}${meant}`, 1, {
    code: 'unreadable-source',
    remedy: known.length === 0 ? 'check --state-dir' : 'name one of them',
  });
}

/** The logs and policies that these systems find on this machine. */
async function discoverAll(places: Places, systems: readonly System[]): Promise<readonly DiscoveredSource[]> {
  const found = await Promise.all(systems.map(system => system.discover(places)));
  return found.flat();
}

async function historyOf(places: Places, systems: readonly System[]): Promise<readonly string[]> {
  const logs = systems.flatMap(({ history }) => history?.(places) ?? []);
  const found = await Promise.all(logs.map(isFile));
  return logs.filter((_, index) => found[index]);
}
