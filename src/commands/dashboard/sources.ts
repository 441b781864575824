import { existsSync } from 'node:fs';
import type { JudgeOptions } from '../../core/policy/dialect.ts';
import { nameOf, parseSource } from '../../sources/named/expand.ts';
import { fleetAddress } from '../../sources/nats/fleet-address.ts';
import type { FleetChoice, FleetPolicyTarget } from './fleet/fleet-target.ts';
import type { SourceSpec } from '../../sources/source.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import type { Places, System } from '../../systems/system.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { inModeOf, judgeOptions } from '../policy/judge-options.ts';
import type { Discovered } from '../../app/state/discovered.ts';
import { SYSTEMS } from '../../systems/index.ts';
import { chosenStanding, standingPolicies } from '../policy/standing-policies.ts';
import { askable } from './askable.ts';
import { chosenPolicy } from './chosen-policy.ts';
import type { NamedAgents } from '../../reading/named-agents.ts';
import { mediatorsOf, type MediatorsOf } from '../../reading/mediators.ts';
import { envLine } from '../mediator/env-line.ts';
import type { MediatorChild } from '../mediator/mediator-child.ts';
import { policyTarget, type PolicyTarget } from '../policy/policy-target.ts';
import { resolveSources } from '../../reading/resolve-sources.ts';
import type { WatchOptions } from './watch-options.ts';

/** The sources that the dashboard watches, and the policy that it edits. */
export interface WatchScope {
  readonly specs: readonly SourceSpec[];
  readonly target: PolicyTarget | null;
  /** The policy of a fleet that is open instead. */
  readonly fleet: FleetPolicyTarget | null;
  /** The text of the screens where there is none. */
  readonly noPolicy: string;
  readonly agents: NamedAgents;
  /** How the policy is judged. */
  readonly judging: JudgeOptions;
  /** The mediators that may speak of what is watched. */
  readonly mediators: MediatorsOf;
  /** The mediator that was started because there was nothing else. */
  readonly child: MediatorChild | null;
  /** The lines that an empty screen shows. */
  readonly emptyHelp: readonly string[];
  /** The files found on this machine beside the logs; nothing where a source or a policy was named. */
  readonly discovered: Discovered;
}

/** Said where no policy is named and none is discovered. */
const NO_POLICY = 'No policy file is open: start with --policy FILE.';

/** The library of NATS is loaded only where a fleet is watched. Null where a policy of a fleet is neither named nor wanted. */
async function fleetPolicy(
  specs: readonly SourceSpec[],
  options: WatchOptions,
  isOpen: boolean,
): Promise<FleetChoice | null> {
  const isNamed = options.group !== undefined || options.machine !== undefined;
  const isOfOneFleet = specs.flatMap(spec => fleetAddress(spec) ?? []).length === 1;
  if (!isNamed && (isOpen || !isOfOneFleet)) return null;
  const { fleetTarget } = await import('./fleet/fleet-target.ts');
  return fleetTarget(specs, options);
}

/** The named sources, else all discovered ones, else our own mediator; and the policy, as `chosenPolicy` has it. */
export async function watchedBy(
  args: readonly string[],
  options: WatchOptions,
  { places, systems }: { readonly places: Places; readonly systems: readonly System[] },
): Promise<WatchScope> {
  await checkJudging(options);
  const resolved = await resolveSources(args, places, systems);
  const isAlone = resolved.wasDiscovered && resolved.specs.length === 0 && systems.some(isOurOwn);
  const isPolicyMissing = options.policy !== undefined && !existsSync(options.policy);
  const child = isAlone && !isPolicyMissing ? await ownChild(options, places) : null;
  const specs = child ? await childSources(child, places) : resolved.specs;
  const watched = { specs, wasDiscovered: resolved.wasDiscovered };
  const mediators = (): ReturnType<MediatorsOf> => mediatorsOf(systems, places, watched);
  const chosen = await chosenPolicy(await mediators(), watched, { options, places });
  const isNothingNamed = resolved.wasDiscovered && options.policy === undefined;
  const found = isNothingNamed ? await standingPolicies(builtIn(systems), places) : [];
  const isChosen = chosen.target !== null || chosen.whyNone !== undefined;
  const ofFleet = await fleetPolicy(resolved.specs, options, isChosen);
  const fleet = ofFleet?.type === 'open' ? ofFleet.target : null;
  const isOpen = ofFleet !== null || isChosen;
  const standing = isOpen ? null : await chosenStanding(found, rulesOn(resolved.discovered));
  const target = fleet ? null : standing?.type === 'target' ? standing.target : chosen.target;
  const { mode, whyNone = standing?.type === 'none' ? standing.whyNone : null } = chosen;
  const dialect = (fleet ?? target)?.dialect;
  const judging = dialect ? judgeOptions(inModeOf(mode, options, dialect), dialect) : {};
  const { socket } = ownFiles(places, process.getuid?.());
  const emptyHelp = helpOf({ child, socket, specs, missing: isPolicyMissing ? options.policy : undefined });
  const noPolicy = whyNone ?? (ofFleet?.type === 'none' ? ofFleet.why : NO_POLICY);
  const discovered = { policies: found, askable: isNothingNamed ? await askable(systems, places) : [] };
  return {
    noPolicy,
    specs,
    agents: resolved.agents,
    target,
    fleet,
    judging,
    mediators,
    child,
    emptyHelp,
    discovered,
  };
}

/** Whether its mediator is this program's own, which rereads its policy by itself. */
const isOurOwn = ({ activation }: System): boolean => activation.type === 'reload';

/** No map has a policy. */
const builtIn = (systems: readonly System[]): readonly System[] =>
  systems.filter(system => SYSTEMS.includes(system));

/** A policy rules on its own product's log; a mediator of ours without a policy is the evidence for any. */
const rulesOn =
  (discovered: readonly string[]) =>
  ({ name }: System): boolean =>
    discovered.every(log => log === name || SYSTEMS.some(known => known.name === log && isOurOwn(known)));

/** Before anything is started: flags that mean nothing to the policy named, or to none. */
async function checkJudging({ policy, system, ...flags }: WatchOptions): Promise<void> {
  if (policy !== undefined) judgeOptions(flags, (await policyTarget(policy, system)).dialect);
  else if (flags.matcher !== undefined) throw misuse('--matcher wants --policy FILE');
}

/** Starts our own mediator under the policy of the command line. It takes a free port if the usual one is in use. */
async function ownChild({ policy, mode }: WatchOptions, places: Places): Promise<MediatorChild> {
  const { startMediatorChild } = await import('../mediator/mediator-child.ts');
  const { socket } = ownFiles(places, process.getuid?.());
  const flags = [
    ...(policy === undefined ? [] : ['--policy', policy]),
    ...(mode === undefined ? [] : ['--mode', mode]),
  ];
  try {
    return await startMediatorChild(socket, flags);
  } catch (error) {
    if (!(error instanceof Failure) || !error.message.includes('EADDRINUSE')) throw error;
    return startMediatorChild(socket, [...flags, '--listen', '127.0.0.1:0']);
  }
}

function childSources({ hello }: MediatorChild, places: Places): Promise<readonly SourceSpec[]> {
  const socket = `unix:${ownFiles(places, process.getuid?.()).socket}`;
  return Promise.all([...(hello.audit === null ? [] : [hello.audit]), socket].map(parseSource));
}

interface Watched {
  readonly child: MediatorChild | null;
  readonly socket: string;
  readonly specs: readonly SourceSpec[];
  /** The policy named, where it is not there yet. */
  readonly missing: string | undefined;
}

function helpOf({ child, socket, specs, missing }: Watched): readonly string[] {
  if (child) return pasteHelp(child, socket);
  return specs.length === 0 && missing !== undefined ? missingHelp(missing) : watchingHelp(specs);
}

const missingHelp = (policy: string): readonly string[] => [
  'Nothing was discovered. No mediator was started, because it has no policy to rule by:',
  `${policy} is not there yet. Press 6, then a, to make it with a first entry.`,
  'Then start egresstop again.',
];

const pasteHelp = ({ hello }: MediatorChild, socket: string): readonly string[] => [
  `Nothing was discovered, so egresstop started its own mediator (${hello.mode}) on ${hello.listen}.`,
  'Send an agent through it, in another terminal:',
  '',
  '    egresstop run --agent NAME -- COMMAND',
  '',
  'or send all programs of a shell through it:',
  '',
  `    ${envLine(socket)}`,
  '',
  'It ends with this dashboard, or with the last program that was started by egresstop run.',
];

function watchingHelp(specs: readonly SourceSpec[]): readonly string[] {
  return [
    'Watching:',
    ...specs.slice(0, 8).map(spec => `  ${nameOf(spec)}`),
    '',
    'Lines appear here as soon as they are written.',
  ];
}
