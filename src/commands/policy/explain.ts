import { lookup } from 'node:dns/promises';
import type {
  Attempt,
  Dialect,
  JudgeOptions,
  MediationMode,
  Policy,
  Ruling,
} from '../../core/policy/dialect.ts';
import { withArticle } from '../../core/text/article.ts';
import { isWithoutFlags, withFlags } from '../../core/policy/flag-entries.ts';
import { disagreement } from '../../core/policy/disagreement.ts';
import { explanationJson, explanationText } from '../../report/explanation.ts';
import { toJson } from '../../report/inert-json.ts';
import { askedDestination, type AskedDestination } from './asked-destination.ts';
import { flagLists, type EntryFlags } from './flag-lists.ts';
import { inModeOf, judgeOptions, refuseOff, type JudgeFlags } from './judge-options.ts';
import { misuse } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { systemNamed } from '../../reading/selection.ts';
import { perhapsDiscovered, type PolicyChoice } from './discovered-policy.ts';
import { validPolicy } from './valid-policy.ts';

export interface ExplainOptions extends PolicyChoice, JudgeFlags, EntryFlags {
  readonly json?: true;
  readonly check?: true;
  readonly dns?: true;
  /** The tool of the attempt, for rules about tools. */
  readonly tool?: string;
  readonly agent?: string;
  /** The surface of the call. */
  readonly stage?: string;
}

/**
 * Explains the policy's ruling on a host or URL: the line that decides, or the nearest miss. Exit 0 for any verdict; with `--check` 1 for a
 * deny.
 */
export async function explainPolicy(destination: string, options: ExplainOptions): Promise<number> {
  if (!/^[^\s\p{Cc}]+$/u.test(destination))
    throw misuse(
      `no host, host:port or URL: ${JSON.stringify(destination)}`,
      'name one destination, without blanks',
    );
  refuseOff(options);
  const { policy, dialect, mode, files } = await ruledBy(options);
  const judging = judgeOptions(inModeOf(mode, options, dialect), dialect);
  const read = await askedDestination(destination, options.dns === true ? resolved : null);
  const asked = { ...read, attempt: { ...read.attempt, ...callerOf(options, dialect) } };
  const { attempt } = asked;
  const ruling = withCaller(rulingOn(asked, policy, judging), options, { policy, dialect });
  const explanation = {
    attempt,
    ruling,
    nearest: ruling.verdict === 'deny' ? policy.nearest(attempt, judging) : null,
    matchers: disagreement(policy, attempt, { matchers: dialect.matchers, options: judging }),
    files,
  };
  await new Output().text(
    options.json ? `${toJson(explanationJson(explanation))}\n` : explanationText(explanation),
  );
  return options.check === true && ruling.verdict === 'deny' ? 1 : 0;
}

/** A policy with its dialect, and the mode of its mediator. */
interface Ruler {
  readonly policy: Policy;
  readonly dialect: Dialect;
  readonly mode: MediationMode | null;
  /** One line for each file that makes up the policy. */
  readonly files: readonly string[];
}

/** The named or discovered policy with the command line's entries. Without a policy only those entries. Mode `off` reads no policy. */
async function ruledBy(options: ExplainOptions): Promise<Ruler> {
  const isOff = options.mode === 'off';
  const found = isOff ? null : await perhapsDiscovered(options);
  if (found) {
    const { target: named, mode } = found;
    const dialect = withFlags(named.dialect, flagLists(options, named.dialect));
    const { policy } = await validPolicy({ ...named, dialect }, 'nothing can be said');
    const files = named.together && named.together.files.length > 1 ? named.together.files : [];
    return { policy, dialect, mode, files };
  }
  const own = await systemNamed(options.system ?? 'egresstop').dialect();
  const flags = flagLists(options, own);
  if (!isOff && isWithoutFlags(flags))
    throw misuse('no policy was discovered', 'name one with --policy FILE, or entries with --allow ENTRY');
  const dialect = withFlags(own, flags);
  const parsed = dialect.parse(dialect.template?.('empty', NO_POLICY) ?? '', NO_POLICY);
  if (parsed.type === 'invalid') throw misuse(`--mode means nothing to ${own.name} policies: leave it out`);
  if (!isOff) note('policy: none; only the entries of the command line apply');
  return { policy: parsed.policy, dialect, mode: null, files: [] };
}

/** The path under which an empty policy is parsed if there is no file. */
const NO_POLICY = 'none.yaml';

/** The tool and the surface of the attempt. A surface that the system does not rule on is wrong usage. */
function callerOf({ tool, stage }: ExplainOptions, { name, stages = ['egress'] }: Dialect): Partial<Attempt> {
  if (stage !== undefined && !stages.includes(stage))
    throw misuse(
      `--stage ${stage}: ${withArticle(name)} policy rules on ${stages.join(', ')}`,
      'name one of these, or leave --stage out',
    );
  return {
    ...(tool === undefined ? {} : { tool }),
    ...(stage === undefined ? {} : { stage }),
  };
}

/** Combines the ruling with those on the tool and the agent. A denied tool never reaches its destination. */
function withCaller(
  ruling: Ruling,
  { tool, agent }: ExplainOptions,
  { policy, dialect }: Pick<Ruler, 'policy' | 'dialect'>,
): Ruling {
  const own = tool === undefined ? null : (policy.judgeTool?.(tool) ?? null);
  const isDenied = own?.verdict === 'deny';
  const notes = [
    ...(own && !isDenied ? [`the tool ${tool} is allowed${placeOf(own)}`] : []),
    ...(isDenied ? [`without the tool: ${ruling.verdict}, ${ruling.reason}`] : []),
    ...(tool !== undefined && policy.judgeTool && !own
      ? [`the policy does not mention the tool ${tool}`]
      : []),
    ...(agent === undefined
      ? []
      : [
          `no rule of ${withArticle(dialect.name)} policy looks at the agent: ${agent} is ruled on as any other`,
        ]),
  ];
  const decisive = own && isDenied ? own : ruling;
  return notes.length === 0 ? decisive : { ...decisive, notes: [...(decisive.notes ?? []), ...notes] };
}

const placeOf = ({ rule }: Ruling): string =>
  rule ? ` by ${rule.name}${rule.line === null ? '' : `, line ${rule.line}`}` : '';

/** The ruling on the destination. If no entry names it, an address hidden in it may still be denied, as in the mediator. */
function rulingOn(
  { attempt, hidden, notes }: AskedDestination,
  policy: Policy,
  judging: JudgeOptions,
): Ruling {
  const ruling = policy.judge(attempt, judging);
  const within =
    hidden === null || ruling.entry !== null ? ruling : policy.judge({ ...attempt, host: hidden }, judging);
  const decisive = ruling.verdict === 'deny' || within.verdict === 'allow' ? ruling : within;
  return notes.length === 0 ? decisive : { ...decisive, notes: [...notes, ...(decisive.notes ?? [])] };
}

/** The host's addresses; empty without any, null if the lookup failed. */
async function resolved(host: string): Promise<readonly string[] | null> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    note(`${host} was not resolved: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? [] : null;
  }
}
