import { describeProblem } from '../../core/problem.ts';
import { visible } from '../../core/visible.ts';
import { toJson } from '../../report/inert-json.ts';
import { SourceError } from '../../sources/trouble.ts';
import { decodeLine } from '../../systems/decode-line.ts';
import { SYSTEMS } from '../../systems/index.ts';
import type { ChainResult, LogChain } from '../../systems/log-chain.ts';
import { misuse } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { openOnce, type OnceSource } from '../../reading/read-once.ts';
import type { LineReading } from '../../reading/wrapped/line-reading.ts';
import { WrappedLines } from '../../reading/wrapped/wrapped-lines.ts';
import { resolveSources } from '../../reading/resolve-sources.ts';

/** A log, and the result of verifying its chain. */
interface VerifiedLog {
  readonly file: string;
  readonly result: ChainResult;
}

/** Verifies the hash chains of logs, each file alone. Exit 1 if a chain is broken or not completely checked, or a file cannot be read. */
export async function verifyChains(
  args: readonly string[],
  options: { readonly json?: true },
): Promise<number> {
  if (args.length === 0) throw misuse('--verify-chain wants the logs to verify');
  const output = new Output();
  const sources = await resolveSources(args, placesOf(undefined));
  const { streams, problems } = await openOnce(sources, output.signal);
  for (const problem of problems) note(describeProblem(problem));
  const logs: VerifiedLog[] = [];
  let isUnread = problems.length > 0 || streams.length === 0;
  for (const stream of streams) {
    const result = await verified(stream);
    if (result) logs.push({ file: stream.name, result });
    else isUnread = true;
  }
  await output.text(options.json ? jsonOf(logs) : textOf(logs));
  return isUnread || logs.some(({ result }) => result.type !== 'holds') ? 1 : 0;
}

/** Verifies one log; null if the file could not be read to its end. The wrapping by containers and collectors is removed first. */
async function verified({ name, batches }: OnceSource): Promise<ChainResult | null> {
  const origin = { source: name, agent: null };
  const wrapped = new WrappedLines(SYSTEMS);
  let chain: LogChain | null = null;
  let last = 1;
  const add = async (texts: LineReading['texts'], line: number): Promise<void> => {
    for (const text of texts) (chain ??= await chainOf(text)).add(text, line);
    last = line;
  };
  try {
    for await (const { first, lines } of batches())
      for (const [index, line] of lines.entries())
        await add(typeof line === 'string' ? wrapped.read(line, origin).texts : [null], first + index);
    await add(wrapped.end(origin).texts, last);
    return (chain ?? (await chainOf(null))).result();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    note(describeProblem(error.problem));
    return null;
  }
}

/** The check of the system that recognises the first record. Without one, that of the first system with chains. */
function chainOf(text: string | null): Promise<LogChain> {
  const decoded = decodeLine(text ?? '', { source: '', agent: null }, CHAINED);
  const owner = decoded.type === 'event' ? decoded.event.system : null;
  const { chain } = CHAINED.find(({ name }) => name === owner) ?? CHAINED[0] ?? {};
  if (!chain) throw new Error('no system has a hash chain');
  return chain();
}

const CHAINED = SYSTEMS.filter(({ chain }) => chain !== undefined);

/** The output of `aasm audit verify-chain`, word for word. Reasons go to stderr. */
function textOf(logs: readonly VerifiedLog[]): string {
  const lines = logs.map(({ file, result }) => {
    const failed = result.break ?? result.unknown.first;
    if (failed) note(`${file}:${failed.line}: entry ${failed.entry}: ${failed.why}`);
    else if (result.signer !== undefined)
      note(`${file}: signed by the key ${visible(result.signer)}: compare it with the one that you trust`);
    return `${logs.length > 1 ? `${visible(file)}: ` : ''}${resultLine(result)}\n`;
  });
  return lines.join('');
}

function resultLine({ entries, break: broken, unknown }: ChainResult): string {
  if (broken) return `FAIL — hash chain broken at entry ${broken.entry} (${entries} entries checked)`;
  if (unknown.count > 0)
    return `UNVERIFIED — ${unknown.count} of ${entries} entries cannot be verified; nothing contradicts the others`;
  return `OK — ${entries} entries verified`;
}

const jsonOf = (logs: readonly VerifiedLog[]): string =>
  `${toJson(
    logs.map(({ file, result: { type, entries, break: broken, unknown, signer } }) => ({
      file,
      result: type,
      entries,
      broken,
      unverified: unknown.count,
      firstUnverified: unknown.first,
      ...(signer === undefined ? {} : { signer }),
    })),
    2,
  )}\n`;
