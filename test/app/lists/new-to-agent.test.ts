import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KnownHosts } from '../../../src/core/known/known-hosts.ts';
import { decision } from '../../core/sample-events.ts';
import { runs } from '../../runs.ts';
import { openSession, type Session } from '../session.ts';

const AGENTS = ['builder', 'crawler', 'researcher'];
const HOSTS = ['a.test', 'b.test', 'c.test'];

type Pair = readonly [agent: string, host: string];

/** A session over one decision of each pair. The agents knew the hosts of `past` before it started. */
function watching(pairs: readonly Pair[], past: readonly Pair[]): Session {
  const known = new KnownHosts();
  known.remember(
    new Map(
      AGENTS.map(name => [name, new Set(past.filter(([agent]) => agent === name).map(([, host]) => host))]),
    ),
  );
  const session = openSession({ columns: 139, options: { known } });
  for (const [agent, host] of pairs) session.store.add(decision('allow', { agent, host }));
  session.flush();
  return session;
}

const filtered = (session: Session, screen: string, text: string): void => {
  session.press(screen);
  session.type(`/${text}`);
  session.press('enter');
};

const pair = fc.tuple(fc.constantFrom(...AGENTS), fc.constantFrom(...HOSTS));

it('under agent: a host is NEW, and counted so in the header, if it is new to that agent, whoever else is new to it', () => {
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 1, maxLength: 9 }),
      fc.array(pair, { maxLength: 9 }),
      fc.constantFrom(...AGENTS),
      (pairs, past, agent) => {
        const isPast = ([one, host]: Pair): boolean =>
          past.some(([other, known]) => one === other && host === known);
        const own = pairs.filter(found => found[0] === agent);
        const news = [...new Set(own.filter(found => !isPast(found)).map(([, host]) => host))].sort();
        const session = watching(pairs, past);
        filtered(session, '1', `agent:${agent}`);
        const marked = session
          .rows()
          .slice(4)
          .filter(row => row.includes('NEW'));
        expect(marked.map(row => row.match(/[abc]\.test/)?.[0] ?? '').toSorted()).toEqual(news);
        expect(/(\d+) NEW/.exec(session.rows()[1] ?? '')?.[1] ?? '0').toBe(String(news.length));
        filtered(session, '1', ' new:agent');
        expect(session.view().order.slice().toSorted()).toEqual(news);
      },
    ),
    { numRuns: runs(40) },
  );
});

it('new:agent leaves on Stream the records whose host is new to their own agent', () => {
  const session = watching(
    [
      ['builder', 'a.test'],
      ['crawler', 'a.test'],
    ],
    [['builder', 'a.test']],
  );
  filtered(session, '5', 'new:agent');
  const shown = session.rows().slice(3).join('\n');
  expect(shown).toContain('crawler');
  expect(shown).not.toContain('builder');
});
