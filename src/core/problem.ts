/** Lines that stand before the one numbered 1: how many is null until they were counted. */
export interface LinesBefore {
  readonly count: number | null;
}

/** Bad input kept as a value: where it stands, what is wrong, how to mend it. */
export interface Problem {
  /** A file path, `unix:PATH`, `-`, or the name of what was being read. */
  readonly source: string;
  /** 1-based; null where the problem is the source's as a whole. */
  readonly line: number | null;
  /** Where `line` does not count from the file's start. */
  readonly behind?: LinesBefore;
  /** 1-based; null where the whole line is meant. */
  readonly column: number | null;
  readonly severity: 'error' | 'warning';
  readonly why: string;
  /** The way out for the reader, as an imperative sentence without a full stop. */
  readonly remedy: string | null;
  /** The wrapping of the source's records, such as `docker json-file`, where nothing else is to be said. */
  readonly through?: string;
}

/** A problem as far as it is told. */
export type PlacedFault = Pick<Problem, 'source' | 'line' | 'behind' | 'column' | 'why' | 'remedy'>;

/** `source:line:column`, as compilers print it, so that editors can jump to it; `source:?+line` while the lines before are not counted. */
export function placeOf(problem: PlacedFault): string {
  const source = problem.source.replace(/:$/, ''); // as of `sbx:`
  return [source, lineOf(problem), problem.column].filter(part => part !== null).join(':');
}

function lineOf({ line, behind }: PlacedFault): number | string | null {
  if (line === null || !behind) return line;
  return behind.count === null ? `?+${line}` : behind.count + line;
}

/** Whether the lines before it are not counted, so that its number is not known. */
export const isUnplaced = ({ behind }: Problem): boolean => behind?.count === null;

/** The problem on one line: `policy.yaml:3:5: error: … (remedy)`. Not yet safe for a terminal: see `visible`. */
export function describeProblem(problem: Problem): string {
  return `${placeOf(problem)}: ${problem.severity}: ${problem.why}${remedyOf(problem)}`;
}

/** The same for a message that says itself what the problem comes to: `policy.yaml:3:5: … (remedy)`. */
export const describeFault = (problem: PlacedFault): string =>
  `${placeOf(problem)}: ${problem.why}${remedyOf(problem)}`;

const remedyOf = ({ remedy }: PlacedFault): string => (remedy === null ? '' : ` (${remedy})`);

export const isError = (problem: Problem): boolean => problem.severity === 'error';
