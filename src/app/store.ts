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

/** Traffic causes a redraw at most this often; a key redraws at once. */
const PUBLISH_MS = 100;
/** The same while old lines are read: the newest stand already, and each redraw takes time from the rest. */
const CATCHING_UP_MS = 300;
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
  /** Called for each host that an agent asks for now and never did before. */
  readonly onNewHost?: (host: string) => void;
  readonly now: () => number;
  /** Runs the work once, later. Returns its cancel function. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
  readonly runEffect: (effect: Effect, store: Store) => void;
}

/** How an event came. */
export interface Arrival {
  /** It happens now. */
  readonly isLive: boolean;
  /** Its source cannot be read again, so that a window is told of it here. */
  readonly comesOnce?: boolean;
}

/** So many equal decisions that a sum grew by. */
interface SumNews extends Pick<EgressEvent, 'verdict' | 'host' | 'agent' | 'tool'> {
  readonly count: number;
}

const STORED: Arrival = { isLive: false };

/** Holds state and traffic, turns messages into new states, and tells listeners when there is something new to draw. */
export class Store {
  readonly #options: StoreOptions;
  readonly #derived: Derived;
  readonly #memory = new FrameMemory();
  readonly #listeners = new Set<() => void>();
  #state: State;
  /** All that is read of the sources. */
  readonly counting: Counting;
  /** The counts of the chosen window of time; null without one. */
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

  /** Counts up to a time, for which it is never later than that; without one, for ever. */
  #counting(traffic: Traffic, until: number | null = null): Counting {
    const now = (): number => Math.min(this.#options.now(), until ?? Number.POSITIVE_INFINITY);
    return new Counting(traffic, { now, changed: () => this.#publishNews() });
  }

  /** All that was read, whatever window of it is shown. */
  get traffic(): Traffic {
    return this.counting.traffic;
  }

  /** Where the chosen window of time is counted; null without one. */
  get window(): Counting | null {
    return this.#window;
  }

  /** The counts on the screen: those of the window if there is one, else all. */
  get #shown(): Counting {
    return this.#window ?? this.counting;
  }

  /** The view of now. The same object until something changed. */
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
    if (isBackground(message)) this.#publishNews(isCatchingUp(before) && !isCatchingUp(state));
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

  /** Counts an event; the next publication shows it. An event that happens now may ring. */
  add(event: EgressEvent, { isLive, comesOnce = false }: Arrival = STORED): void {
    const isNews = isLive && this.#isNewDenial(event);
    this.#meet(event, isLive);
    this.counting.add(event);
    if (comesOnce && isWithin(this.#state.window, event.at)) this.#window?.add(event);
    if (isNews) this.#newlyDenied(event);
  }

  /** Counts sums by `count`. Each host that their `news` denies for the first time may ring, as a record's does. */
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

  /** Denials ring while the view is frozen, too. */
  #isNewDenial({ verdict, host }: Pick<EgressEvent, 'verdict' | 'host'>): boolean {
    if (verdict !== 'deny' || host === null || this.#state.dismissed.get(host) === 'muted') return false;
    return !this.counting.hasDenied(host);
  }

  /** `isSooner`: what is planned would come too late. */
  #publishNews(isSooner = false): void {
    if (isSooner) this.#unplan();
    if (this.#cancelPublish) return;
    const betweenMs = isCatchingUp(this.#state) ? CATCHING_UP_MS : PUBLISH_MS;
    const restMs = this.#publishedAt + betweenMs - this.#options.now();
    this.#publishSoon(Math.max(GATHER_MS, Math.min(restMs, betweenMs))); // the clock may have been put back
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

  /** Tells the listeners, if there is anything new to see. */
  #publish(isUrgent: boolean): void {
    this.#unplan();
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
    const due = this.#derived.dueIn(this.#shown.traffic.version);
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

const isCatchingUp = ({ sources }: State): boolean =>
  sources.some(({ state, readBytes, totalBytes }) => state === 'reading' && readBytes < totalBytes);

const sameFrame = (one: View['frame'], other: View['frame']): boolean =>
  one.length === other.length && one.every((row, index) => sameLine(row, other[index] ?? []));
