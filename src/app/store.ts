import type { Dialect } from '../core/policy/dialect.ts';
import type { DomainNames } from '../core/suggest/domain-names.ts';
import type { EgressEvent } from '../core/event.ts';
import { MISSING } from '../core/traffic/traffic-row.ts';
import { Traffic } from '../core/traffic/traffic.ts';
import { Counting } from './counting.ts';
import { Derived } from './lists/derived.ts';
import type { Effect, Message } from './message.ts';
import { FrameMemory } from './select/frame-memory.ts';
import { select, type View } from './select/select.ts';
import { sameLine } from './select/text/span.ts';
import type { State } from './state/state.ts';
import { isWithin } from './state/time-span.ts';
import { isBackground } from './update/message-kinds.ts';
import { anchored } from './update/move.ts';
import type { Context } from './update/step.ts';
import { update } from './update/update.ts';

/** The least time in ms between two redraws for new traffic. A key redraws at once. */
const PUBLISH_MS = 100;
/** The same while old lines are read. The newest are on the screen already, and each redraw slows the reading. */
const CATCHING_UP_MS = 300;
/** How long the first news after a pause waits in ms, because more usually follows. */
const GATHER_MS = 16;

/** The effects that a store needs, passed in. */
export interface StoreOptions {
  readonly state: State;
  readonly traffic: Traffic;
  readonly dialect: Dialect | null;
  readonly names: DomainNames;
  /** Called for each host that is denied for the first time while the operator watches, except muted hosts. */
  readonly onNewDenial: (host: string) => void;
  /** Called for each host that is new to its agent. */
  readonly onNewHost?: (host: string) => void;
  readonly now: () => number;
  /** Runs `work` once after the delay. Returns a function that cancels it. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
  readonly runEffect: (effect: Effect, store: Store) => void;
}

/** How an event arrived. */
export interface Arrival {
  /** Whether it happened just now. */
  readonly isLive: boolean;
  /** Whether its source cannot be read again. A time window must then count it at once. */
  readonly comesOnce?: boolean;
}

/** The increase of a sum: a number of equal decisions. */
interface SumNews extends Pick<EgressEvent, 'verdict' | 'host' | 'agent' | 'tool'> {
  readonly count: number;
}

const STORED: Arrival = { isLive: false };

/** Holds the state and the traffic, applies messages, and notifies listeners of changes. */
export class Store {
  readonly #options: StoreOptions;
  readonly #derived: Derived;
  readonly #memory = new FrameMemory();
  readonly #listeners = new Set<() => void>();
  #state: State;
  /** The counts of all sources. */
  readonly counting: Counting;
  /** The counts of the time window; null without one. */
  #window: Counting | null = null;
  #view: View | null = null;
  /** Whether a key press waits for the next view. */
  #isUrgent = false;
  #cancelPublish: (() => void) | null = null;
  #isWorking = false;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#state = options.state;
    this.counting = this.#counting(options.traffic);
    this.#derived = new Derived({ ...options, clock: options.now, whole: () => this.traffic });
  }

  get state(): State {
    return this.#state;
  }

  /** Makes a counting whose clock stops at `until`; null: never. */
  #counting(traffic: Traffic, until: number | null = null): Counting {
    const now = (): number => Math.min(this.#options.now(), until ?? Number.POSITIVE_INFINITY);
    return new Counting(traffic, { now, changed: () => this.#publishNews() });
  }

  /** All counts, even if a time window is shown. */
  get traffic(): Traffic {
    return this.counting.traffic;
  }

  /** The counting of the time window; null without one. */
  get window(): Counting | null {
    return this.#window;
  }

  /** The counting on the screen: that of the window, or all. */
  get #shown(): Counting {
    return this.#window ?? this.counting;
  }

  /** The present view. The same object until something changed. */
  readonly view = (): View => {
    this.#view ??= this.#select();
    return this.#view;
  };

  #select(): View {
    const [state, { traffic, waiting }] = [this.#state, this.#shown];
    const lists = this.#derived.of(state, traffic, this.#isUrgent);
    if (this.#derived.isWorking) this.#workOn();
    return select({ state, traffic, whole: this.traffic, waiting, ...lists }, this.#memory);
  }

  /** Calls the listener after each visible change. Returns a function that ends this. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Applies a message. Keys redraw at once; background news waits for the next redraw. */
  dispatch(message: Message): void {
    const before: State = { ...this.#state, now: this.#options.now() };
    const [state, effects] = update(before, message, this.#context());
    if (state === before && effects.length === 0) return;
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    if (isBackground(message)) this.#publishNews(isCatchingUp(before) && !isCatchingUp(state));
    else this.#publish(true);
  }

  /** The context of an update. It makes the view only on demand, because most news do not read it. */
  #context(): Context {
    const view = this.view;
    return {
      get view() {
        return view();
      },
      dialect: this.#options.dialect,
      traffic: this.#shown.traffic,
      charts: this.traffic.charts,
    };
  }

  #run(effect: Effect): void {
    if (effect.type === 'freeze') {
      this.counting.freeze(effect.isFrozen);
      this.#window?.freeze(effect.isFrozen);
      return;
    }
    if (effect.type === 'count-window')
      this.#window = this.#counting(new Traffic(this.traffic.limits), effect.until);
    if (effect.type === 'leave-window') this.#window = null;
    this.#options.runEffect(effect, this);
  }

  /** Counts an event. The next redraw shows it. A live event may ring. */
  add(event: EgressEvent, { isLive, comesOnce = false }: Arrival = STORED): void {
    const isNews = isLive && this.#isNewDenial(event);
    this.#meet(event, isLive);
    this.counting.add(event);
    if (comesOnce && isWithin(this.#state.window, event.at)) this.#window?.add(event);
    if (isNews) this.#newlyDenied(event);
  }

  /** Counts sums by calling `count`. Each host that `news` denies for the first time may ring. */
  addSums(news: readonly SumNews[], count: () => void): void {
    const denied = new Map<string | null, SumNews>();
    for (const sum of news)
      if (sum.count > 0 && !denied.has(sum.host) && this.#isNewDenial(sum)) denied.set(sum.host, sum);
    count();
    for (const { host, agent, tool } of denied.values())
      this.#newlyDenied({ host, agent, tool, reason: null });
  }

  #meet({ verdict, host, agent }: EgressEvent, isLive: boolean): void {
    const { known } = this.#state.options;
    if (!known || verdict === null || host === null) return;
    const name = agent ?? MISSING;
    const isFirst = (): boolean =>
      isLive &&
      this.#state.sources.every(({ state }) => state !== 'reading') &&
      !this.counting.hasAsked(name, host);
    if (known.meet(name, host, isFirst) && isLive) this.#options.onNewHost?.(host);
  }

  #newlyDenied({ host, agent, tool, reason }: Pick<EgressEvent, 'host' | 'agent' | 'tool' | 'reason'>): void {
    this.#options.onNewDenial(host ?? MISSING);
    if (host !== null) this.dispatch({ type: 'host-denied', denial: { host, agent, tool, reason } });
  }

  /** Whether a denial is the first of its host. It also counts while the view is frozen. */
  #isNewDenial({ verdict, host }: Pick<EgressEvent, 'verdict' | 'host'>): boolean {
    if (verdict !== 'deny' || host === null || this.#state.dismissed.get(host) === 'muted') return false;
    return !this.counting.hasDenied(host);
  }

  /** Plans a redraw. `isSooner`: replaces a planned one that would come too late. */
  #publishNews(isSooner = false): void {
    if (isSooner) this.#unplan();
    if (this.#cancelPublish) return;
    const betweenMs = isCatchingUp(this.#state) ? CATCHING_UP_MS : PUBLISH_MS;
    const restMs = this.#publishedAt + betweenMs - this.#options.now();
    this.#publishSoon(Math.max(GATHER_MS, Math.min(restMs, betweenMs))); // the clock may have been set back
  }

  #publishSoon(delayMs: number): void {
    this.#cancelPublish ??= this.#options.schedule(() => this.#publishAsOfNow(), delayMs);
  }

  #unplan(): void {
    this.#cancelPublish?.();
    this.#cancelPublish = null;
  }

  #publishAsOfNow(): void {
    this.#state = { ...this.#state, now: this.#options.now() };
    this.#publish(false);
  }

  /** Notifies the listeners if something changed. */
  #publish(isUrgent: boolean): void {
    this.#unplan();
    this.#publishedAt = this.#state.now;
    const shown = this.#view?.frame;
    this.#isUrgent = isUrgent;
    this.#view = null;
    if (shown) {
      const view = this.view();
      // the view stays the same: its cursor is there already
      if (this.#derived.progress === null) this.#state = anchored(this.#state, view);
      if (sameFrame(shown, view.frame)) return this.#catchUp();
    }
    for (const listener of this.#listeners) listener();
    this.#catchUp();
  }

  /** Plans a redraw for results that were too slow to compute now, even if nothing else happens. */
  #catchUp(): void {
    const due = this.#derived.dueIn(this.#shown.traffic.version);
    if (due !== null) this.#publishSoon(Math.max(PUBLISH_MS, due));
  }

  /** Computes in time slices, so that keys are handled in between. Redraws from time to time and at the end. */
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

const isCatchingUp = ({ sources }: State): boolean =>
  sources.some(({ state, readBytes, totalBytes }) => state === 'reading' && readBytes < totalBytes);

const sameFrame = (one: View['frame'], other: View['frame']): boolean =>
  one.length === other.length && one.every((row, index) => sameLine(row, other[index] ?? []));
