import type { Dialect } from '../core/policy/dialect.ts';
import type { DomainNames } from '../core/suggest/domain-names.ts';
import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import type { UnrecognisedRecord } from '../core/traffic/unrecognised.ts';
import type { SourceTotal } from '../core/traffic/source-totals.ts';
import { MISSING } from '../core/traffic/traffic-row.ts';
import { Traffic } from '../core/traffic/traffic.ts';
import { Derived } from './lists/derived.ts';
import type { Effect, Message } from './message.ts';
import { select, type View } from './select/select.ts';
import { sameLine } from './select/text/span.ts';
import type { State } from './state/state.ts';
import { isBackground } from './update/message-kinds.ts';
import { anchored } from './update/move.ts';
import type { Context } from './update/step.ts';
import { update } from './update/update.ts';

/** Traffic causes a redraw at most this often; a key redraws at once. */
const PUBLISH_MS = 100;
/** After a pause, news wait only this long: more of it usually follows at once. */
const GATHER_MS = 16;

/** The parts of the outside world that a store needs. */
export interface StoreOptions {
  readonly state: State;
  readonly traffic: Traffic;
  readonly dialect: Dialect | null;
  readonly names: DomainNames;
  /** Called for each host that is denied for the first time while the operator watches. Muted hosts do not call it. */
  readonly onNewDenial: (host: string) => void;
  readonly now: () => number;
  /** Runs the work once, later. Returns its cancel function. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
  readonly runEffect: (effect: Effect, store: Store) => void;
}

/** Holds state and traffic, turns messages into new states, and tells listeners when there is something new to draw. */
export class Store {
  readonly #options: StoreOptions;
  readonly #derived: Derived;
  readonly #listeners = new Set<() => void>();
  #state: State;
  /** The counts that the screen shows. */
  #traffic: Traffic;
  /** The counts since the view was frozen; merged when it follows again. */
  #waiting: Traffic | null = null;
  /** The same, for records older than all that was counted before. */
  #olderWaiting: Traffic | null = null;
  #view: View | null = null;
  /** Whether a key press waits for the next view. */
  #isUrgent = false;
  #cancelPublish: (() => void) | null = null;
  #isWorking = false;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#traffic = options.traffic;
    this.#derived = new Derived(options.now, options.dialect, options.names);
  }

  get state(): State {
    return this.#state;
  }

  get traffic(): Traffic {
    return this.#traffic;
  }

  /** The view of now. The same object until something changed. */
  readonly view = (): View => {
    this.#view ??= this.#select();
    return this.#view;
  };

  #select(): View {
    const [state, traffic] = [this.#state, this.#traffic];
    const lists = this.#derived.of(state, traffic, this.#isUrgent);
    if (this.#derived.isWorking) this.#workOn();
    const waiting = this.#waiting && this.#waiting.totals.total + (this.#olderWaiting?.totals.total ?? 0);
    return select({ state, traffic, waiting, ...lists });
  }

  /** Calls back after each change worth drawing; returns the undo. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes a message in. Keys redraw at once; background news wait for the next publication. */
  dispatch(message: Message): void {
    const before: State = { ...this.#state, now: this.#options.now() };
    const [state, effects] = update(before, message, this.#context());
    if (state === before && effects.length === 0) return;
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    if (isBackground(message)) this.#publishNews();
    else this.#publish(true);
  }

  /** Makes the view only when an update reads it: most news do not. */
  #context(): Context {
    const view = this.view;
    return {
      get view() {
        return view();
      },
      dialect: this.#options.dialect,
      traffic: this.#traffic,
    };
  }

  #run(effect: Effect): void {
    if (effect.type === 'freeze') this.#freeze(effect.isFrozen);
    else this.#options.runEffect(effect, this);
  }

  /** Frozen, new events are counted apart; following again, they are merged: nothing is lost. */
  #freeze(isFrozen: boolean): void {
    if (isFrozen) this.#waiting ??= new Traffic(this.#traffic.limits);
    else if (this.#waiting) {
      this.#olderWaiting?.merge(this.#traffic);
      this.#traffic = this.#olderWaiting ?? this.#traffic;
      this.#traffic.merge(this.#waiting);
      this.#waiting = this.#olderWaiting = null;
    }
  }

  get #counting(): Traffic {
    return this.#waiting ?? this.#traffic;
  }

  /** Counts an event; the next publication shows it. `isLive` says that it happens now, so that its denial may ring. */
  add(event: EgressEvent, { isLive }: { readonly isLive: boolean } = { isLive: false }): void {
    const isNews = isLive && this.#isNewDenial(event);
    this.#counting.add(event, this.#options.now());
    if (isNews) this.#newlyDenied(event);
    this.#publishNews();
  }

  #newlyDenied({ host, agent, tool, reason }: EgressEvent): void {
    this.#options.onNewDenial(host ?? MISSING);
    if (host !== null) this.dispatch({ type: 'host-denied', denial: { host, agent, tool, reason } });
  }

  /** Denials ring while the view is frozen, too. */
  #isNewDenial({ verdict, host }: EgressEvent): boolean {
    if (verdict !== 'deny' || host === null || this.#state.dismissed.get(host) === 'muted') return false;
    return [this.#traffic, this.#waiting, this.#olderWaiting].every(
      traffic => !traffic?.hosts.get(host)?.counts.deny,
    );
  }

  addMalformed(problem: Problem): void {
    this.#counting.addMalformed(problem);
    this.#publishNews();
  }

  addProblem(problem: Problem): void {
    this.#counting.addProblem(problem);
    this.#publishNews();
  }

  addUnrecognised(event: EgressEvent, record: UnrecognisedRecord): void {
    this.#counting.addUnrecognised(event, record);
    this.#publishNews();
  }

  /** More of a source was read, whatever becomes of it. */
  addRead(source: string, found: SourceTotal): void {
    this.#counting.addRead(source, found);
    this.#publishNews();
  }

  /** Counts records older than all counted before; the next publication shows them. */
  addOlder(count: (traffic: Traffic) => void): void {
    if (this.#waiting) this.#olderWaiting ??= new Traffic(this.#traffic.limits);
    count(this.#olderWaiting ?? this.#traffic);
    this.#publishNews();
  }

  addDropped(count: number): void {
    this.#counting.addDropped(count);
    this.#publishNews();
  }

  #publishNews(): void {
    if (this.#cancelPublish) return;
    const restMs = this.#publishedAt + PUBLISH_MS - this.#options.now();
    this.#publishSoon(Math.max(GATHER_MS, Math.min(restMs, PUBLISH_MS))); // the clock may have been put back
  }

  #publishSoon(delayMs: number): void {
    this.#cancelPublish ??= this.#options.schedule(() => this.#publishAsOfNow(), delayMs);
  }

  #publishAsOfNow(): void {
    this.#state = { ...this.#state, now: this.#options.now() };
    this.#publish(false);
  }

  /** Tells the listeners, if there is anything new to see. */
  #publish(isUrgent: boolean): void {
    this.#cancelPublish?.();
    this.#cancelPublish = null;
    this.#publishedAt = this.#state.now;
    const shown = this.#view?.frame;
    this.#isUrgent = isUrgent;
    this.#view = null;
    if (shown) {
      const view = this.view();
      if (this.#derived.progress === null) this.#state = anchored(this.#state, view); // the view is the same: it shows the cursor there
      if (sameFrame(shown, view.frame)) return this.#catchUp();
    }
    for (const listener of this.#listeners) listener();
    this.#catchUp();
  }

  /** Schedules a redraw for answers that were too slow to make again now, even if nothing else happens. */
  #catchUp(): void {
    const due = this.#derived.dueIn(this.#traffic.version);
    if (due !== null) this.#publishSoon(Math.max(PUBLISH_MS, due));
  }

  /** Works in slices, so that keys are answered between them. Redraws now and then, and at the end. */
  #workOn(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#options.schedule(() => {
      this.#isWorking = false;
      this.#derived.advance();
      if (!this.#derived.isWorking) return this.#publishAsOfNow();
      this.#publishNews();
      this.#workOn();
    }, 0);
  }
}

const sameFrame = (one: View['frame'], other: View['frame']): boolean =>
  one.length === other.length && one.every((row, index) => sameLine(row, other[index] ?? []));
