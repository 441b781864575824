import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Derived } from '../../../src/app/lists/derived.ts';
import { FrameMemory } from '../../../src/app/select/frame-memory.ts';
import { select, type View } from '../../../src/app/select/select.ts';
import { KnownHosts } from '../../../src/core/known/known-hosts.ts';
import { microagentDialect } from '../../../src/systems/microagent/policy/dialect.ts';
import { domainNames } from '../../../src/systems/policy-text/domain-names.ts';
import { decision } from '../../core/sample-events.ts';
import { anyEvent, anyStep, type Step } from '../any-step.ts';
import { runs } from '../../runs.ts';
import { openSession, POLICY, type Session } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

/** Makes the view of now twice: with what is kept of the earlier ones, and without. */
function twice(session: Session): () => readonly [kept: View, anew: View] {
  const { store } = session;
  const memory = new FrameMemory();
  const shown = (): typeof store.traffic => store.window?.traffic ?? store.traffic;
  const derived = new Derived({
    clock: () => 0,
    whole: () => store.traffic,
    dialect: microagentDialect,
    names: domainNames,
  });
  return () => {
    const [state, traffic] = [store.state, shown()];
    const { waiting } = store.counting;
    const input = { state, traffic, whole: store.traffic, waiting, ...derived.of(state, traffic, false) };
    return [select(input, memory), select(input)];
  };
}

const wait = fc
  .oneof(fc.integer({ min: 1, max: 90_000 }), fc.integer({ min: 1, max: 40_000_000 }))
  .map((ms): Step => session => {
    session.wait(ms);
    session.flush();
  });
const otherPolicy = fc.constantFrom('allow:\n  - docs.rs\n', 'allow: []\n', POLICY).map(
  (text): Step =>
    session =>
      session.load(text, `sha256:${text.length}`),
);
const learn = fc.constantFrom('a', 'b').map(
  (agent): Step =>
    ({ state }) =>
      state().options.known?.remember(new Map([[agent, new Set(['docs.rs'])]])),
);
const press = fc.constantFrom('j', 'k', '1', '2', '3', '4', '5', '6', '7', 'G', 'enter', 'esc', 'a', 'm').map(
  (key): Step =>
    session =>
      session.press(key),
);
/** Records of a few names, so that one more changes rows that are in sight. */
const known = fc
  .tuple(fc.constantFrom('allow', 'deny'), fc.constantFrom('docs.rs', 'a.example'), fc.constantFrom('a', 'b'))
  .map(([verdict, host, agent]) => decision(verdict, { host, agent, at: NOW }));
const record = known.map(
  (event): Step =>
    session =>
      session.store.add(event, { isLive: true }),
);

it('a frame is the same with all that is kept of earlier frames as without, whatever happens between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(known, anyEvent), { minLength: 1, maxLength: 8 }),
      fc.array(
        fc.oneof(
          { weight: 6, arbitrary: press },
          { weight: 2, arbitrary: anyStep },
          { weight: 4, arbitrary: record },
          { weight: 2, arbitrary: wait },
          { weight: 1, arbitrary: otherPolicy },
          { weight: 1, arbitrary: learn },
        ),
        { minLength: 4, maxLength: 16 },
      ),
      fc.constantFrom([100, 30] as const, [190, 50] as const),
      (events, steps, [columns, rows]) => {
        const options = { known: new KnownHosts() };
        const session = openSession({ traffic: trafficOf(events), columns, rows, options });
        const views = twice(session);
        for (const each of [() => undefined, ...steps]) {
          each(session);
          const [kept, anew] = views();
          expect(kept.frame).toEqual(anew.frame);
          expect(kept.page).toEqual(anew.page);
          expect(kept.columns).toEqual(anew.columns);
          expect(kept.table()).toEqual(anew.table());
        }
      },
    ),
    { numRuns: runs(300) },
  );
});

it('a row that looks as it did is the same object in the next frame, so that nobody has to compare its cells', () => {
  const events = Array.from({ length: 40 }, (_, index) => ({ host: `h${index}.example`, at: NOW - index }));
  const session = openSession({
    traffic: trafficOf(events.map(facts => decision('allow', facts))),
    columns: 100,
  });
  const before = session.view().frame;
  session.wait(40);
  session.press('j');
  const same = session.view().frame.filter((row, index) => row === before[index]);
  expect(same.length).toBeGreaterThan(20);
});

it('a host that an agent is learnt to know loses its mark in the next frame, though nothing was counted', () => {
  const known = new KnownHosts();
  known.remember(new Map([['a', new Set(['docs.rs'])]]));
  const session = openSession({ options: { known }, columns: 160 });
  for (const host of ['docs.rs', 'new.example'])
    session.store.add(decision('allow', { host, agent: 'a', at: NOW }), { isLive: true });
  session.flush();
  const isMarked = (): boolean => session.rows().some(row => /new\.example .* NEW/.test(row));
  expect(isMarked()).toBe(true);
  session.press('j');
  known.remember(new Map([['a', new Set(['docs.rs', 'new.example'])]]));
  session.press('k');
  expect(isMarked()).toBe(false);
});
