import type { Dialect } from '../policy/dialect.ts';
import { each, type Work } from '../work.ts';
import { ownForm } from './roll-up.ts';

/** For each domain, one barred host below it. Empty where an entry for a name covers nothing below it; in awf it covers all of it. */
export function* barredBelow(
  barred: readonly { readonly name: string }[],
  dialect: Pick<Dialect, 'forms' | 'covers'>,
): Work<ReadonlyMap<string, string>> {
  const below = new Map<string, string>();
  if (!dialect.covers(ownForm(dialect, 'a.example'), 'x.a.example')) return below;
  const put = ({ name }: { readonly name: string }): void => {
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
      below.set(name.slice(dot + 1), name);
  };
  yield* each(barred, barred.length, put);
  return below;
}
