/** The number of lines before the line that `Problem.line` calls 1; null until they are counted. */
export interface LinesBefore {
  readonly count: number | null;
}

/** A mistake in some input: its place, its cause and its remedy. */
export interface Problem {
  /** A file path, `unix:PATH`, `-`, or the name of what was being read. */
  readonly source: string;
  /** 1-based; null where the problem is the source's as a whole. */
  readonly line: number | null;
  /** Set where `line` is not counted from the file's start. */
  readonly behind?: LinesBefore;
  /** 1-based; null where the whole line is meant. */
  readonly column: number | null;
  readonly severity: 'error' | 'warning';
  readonly why: string;
  /** Advice to the reader, as an imperative sentence without a full stop. */
  readonly remedy: string | null;
  /** The format that wraps the source's records, such as `docker json-file`; only where the problem is about nothing else. */
  readonly through?: string;
}

/** The fields of a problem that its text shows. */
export type PlacedFault = Pick<Problem, 'source' | 'line' | 'behind' | 'column' | 'why' | 'remedy'>;

/** `source:line:column` as compilers print it, so that editors can jump there. `source:?+line` until the lines before are counted. */
export function placeOf(problem: PlacedFault): string {
  const source = problem.source.replace(/:$/, ''); // the source `sbx:` already ends with a colon
  return [source, lineOf(problem), problem.column].filter(part => part !== null).join(':');
}

function lineOf({ line, behind }: PlacedFault): number | string | null {
  if (line === null || !behind) return line;
  return behind.count === null ? `?+${line}` : behind.count + line;
}

/** Whether the lines before the problem are not counted yet, so that its line number is unknown. */
export const isUnplaced = ({ behind }: Problem): boolean => behind?.count === null;

/** The problem on one line: `policy.yaml:3:5: error: … (remedy)`. Not yet safe for a terminal: see `visible`. */
export function describeProblem(problem: Problem): string {
  return `${placeOf(problem)}: ${problem.severity}: ${problem.why}${remedyOf(problem)}`;
}

/** The problem without the word `error`, for a message that states the severity itself: `policy.yaml:3:5: … (remedy)`. */
export const describeFault = (problem: PlacedFault): string =>
  `${placeOf(problem)}: ${problem.why}${remedyOf(problem)}`;

const remedyOf = ({ remedy }: PlacedFault): string => (remedy === null ? '' : ` (${remedy})`);

export const isError = (problem: Problem): boolean => problem.severity === 'error';
