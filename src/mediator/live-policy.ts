import type { Dialect, Policy } from '../core/policy/dialect.ts';
import { describeProblem, isError, type Problem } from '../core/problem.ts';
import { type FileState, readText } from '../policy-file/read.ts';
import { watchPolicy, type PolicyWatch } from '../policy-file/watching/watch.ts';

/** A policy in force and the text it came from. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly revision: string;
}

/** A policy file that is not in force: it is gone, unreadable or no valid policy. `revision` is null where there is no text. */
export interface Rejection {
  readonly type: 'rejected';
  readonly revision: string | null;
  readonly problems: readonly Problem[];
}

/** The result of a reload. */
export type Reload = { readonly type: 'applied'; readonly inForce: PolicyInForce } | Rejection;

/** The policy file as the mediator follows it: the last text that parsed is in force, whatever stands in the file now. */
export class LivePolicy {
  readonly path: string;
  readonly #dialect: Dialect;
  readonly #onReload: (reload: Reload) => void;
  #inForce: PolicyInForce;
  #rejection: Rejection | null = null;
  #watch: PolicyWatch | null = null;
  /** The last news, so that none is told twice. */
  #told: string;

  private constructor(
    { path, dialect }: { readonly path: string; readonly dialect: Dialect },
    inForce: PolicyInForce,
    onReload: (reload: Reload) => void,
  ) {
    this.path = path;
    this.#dialect = dialect;
    this.#inForce = inForce;
    this.#told = inForce.revision;
    this.#onReload = onReload;
  }

  /** Reads the file and follows it. Returns the problems where the first text is no valid policy. */
  static async open(
    path: string,
    dialect: Dialect,
    onReload: (reload: Reload) => void,
  ): Promise<LivePolicy | readonly Problem[]> {
    const first = judge(await readText(path), path, dialect);
    if (first.type === 'rejected') return first.problems;
    const live = new LivePolicy({ path, dialect }, first.inForce, onReload);
    live.#watch = watchPolicy(path, now => live.#take(judge(now, path, dialect)), {
      known: first.inForce.revision,
    });
    return live;
  }

  get inForce(): PolicyInForce {
    return this.#inForce;
  }

  /** Why the file as it stands now is not in force; null while it is. */
  get rejection(): Rejection | null {
    return this.#rejection;
  }

  /** Reads the file now. Reports a change as news, and returns the result to the caller. */
  async reload(): Promise<Reload> {
    const reload = judge(await readText(this.path), this.path, this.#dialect);
    this.#take(reload);
    return reload;
  }

  async stop(): Promise<void> {
    await this.#watch?.stop();
  }

  #take(reload: Reload): void {
    const news =
      reload.type === 'applied' ? reload.inForce.revision : reload.problems.map(describeProblem).join('\n');
    if (news === this.#told) return;
    this.#told = news;
    this.#rejection = reload.type === 'rejected' ? reload : null;
    if (reload.type === 'applied') this.#inForce = reload.inForce;
    this.#onReload(reload);
  }
}

function judge(now: FileState, path: string, dialect: Dialect): Reload {
  if (now.type !== 'text') return { type: 'rejected', revision: null, problems: [now.problem] };
  const { text, revision } = now;
  const parsed = dialect.parse(text, path);
  if (parsed.type === 'valid') return { type: 'applied', inForce: { policy: parsed.policy, revision } };
  return { type: 'rejected', revision, problems: parsed.problems.filter(isError) };
}
