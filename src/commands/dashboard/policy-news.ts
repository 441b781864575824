import type { Store } from '../../app/store.ts';
import { watchPolicy } from '../../policy-file/watching/watch.ts';
import type { GrantKeeper } from '../policy/grant-keeper.ts';
import type { DashboardPorts } from './ports.ts';
import type { System } from '../../systems/system.ts';
import { lookBack, proofWatch } from './proof-watch.ts';
import { judgedBy, readOnlyOf, type PolicyTarget } from '../policy/policy-target.ts';

interface PolicyNewsOptions {
  readonly port: DashboardPorts['policyPort'];
  readonly grants: GrantKeeper;
  /** The systems whose records may prove an edit. */
  readonly systems: readonly System[];
}

/** Tells the store what stands in the policy file, now and whenever that changes, whoever wrote it. Returns its stop. */
export function watchPolicyFile(
  target: PolicyTarget,
  store: Store,
  { port, grants, systems }: PolicyNewsOptions,
): () => Promise<void> {
  const { path, shownPath } = target;
  const dialect = judgedBy(target);
  const observe = proofWatch(store, { systems, edited: target.system });
  const watching = watchPolicy(path, now => {
    if (now.type !== 'text')
      return store.dispatch({
        type: 'policy-rejected',
        path: shownPath,
        trouble: now.type,
        problems: [now.problem],
      });
    const parsed = dialect.parse(now.text, path);
    if (parsed.type === 'invalid')
      return store.dispatch({
        type: 'policy-rejected',
        path: shownPath,
        trouble: 'invalid',
        problems: parsed.problems,
      });
    const { policy, problems } = parsed;
    store.dispatch({
      type: 'policy-loaded',
      policy: {
        path: shownPath,
        dialect: dialect.name,
        matchers: dialect.matchers,
        policy,
        revision: now.revision,
        loadedAt: Date.now(),
        problems,
        trouble: null,
        ...readOnlyOf(target),
      },
    });
    grants.look();
    void tellJournal();
  });
  const tellJournal = async (): Promise<void> => {
    if (!port) return;
    const file = await port();
    store.dispatch({ type: 'journal-read', journal: await file.journal() });
    const saved = await file.untaken(store.state.options.judging);
    if (!saved) return;
    store.dispatch({ type: 'edit-found', saved });
    lookBack(store, saved.at, observe);
  };
  return async () => {
    grants.stop();
    await watching.stop();
  };
}
