import type { Dialect } from '../core/dialect.ts';
import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import { Traffic } from '../core/traffic.ts';
import type { Effect, Message } from './message.ts';
import { Ordering } from './order.ts';
import { select, type View } from './select.ts';
import type { State } from './state.ts';
import { update } from './update.ts';

/** Traffic is drawn at most this often; a key is drawn at once. */
const PUBLISH_MS = 100;

/** What a store needs from outside. */
export interface StoreOptions {
  readonly state: State;
  readonly traffic: Traffic;
  readonly dialect: Dialect | null;
  readonly now: () => number;
  /** Runs later, once; returns how to call it off. */
  readonly schedule: (work: () => void, delayMs: number) => () => void;
  readonly runEffect: (effect: Effect, store: Store) => void;
}

/** Holds state and traffic, turns messages into new states, and tells listeners when there is something new to draw. */
export class Store {
  readonly #options: StoreOptions;
  readonly #ordering: Ordering;
  readonly #listeners = new Set<() => void>();
  #state: State;
  /** What the screen shows. */
  #traffic: Traffic;
  /** What was counted since the view was frozen; merged when it follows again. */
  #waiting: Traffic | null = null;
  #view: View | null = null;
  #cancelPublish: (() => void) | null = null;

  constructor(options: StoreOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#traffic = options.traffic;
    this.#ordering = new Ordering(options.now);
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
    const [state, traffic, waiting] = [this.#state, this.#traffic, this.#waiting];
    return select({ state, traffic, waiting, order: this.#ordering.of(state, traffic) });
  }

  /** Calls back after each change worth drawing; returns the undo. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes a message in, and draws at once. */
  dispatch(message: Message): void {
    const { dialect } = this.#options;
    const [state, effects] = update(this.#state, message, {
      view: this.view(),
      dialect,
      traffic: this.#traffic,
    });
    const isSame = state === this.#state;
    this.#state = isSame || message.type === 'ticked' ? state : { ...state, now: this.#options.now() };
    for (const effect of effects) this.#run(effect);
    if (!isSame || effects.length > 0) this.#publish();
  }

  #run(effect: Effect): void {
    if (effect.type === 'freeze') this.#freeze(effect.isFrozen);
    else this.#options.runEffect(effect, this);
  }

  /** Frozen, new events are counted apart; following again, they are merged: nothing is lost. */
  #freeze(isFrozen: boolean): void {
    if (isFrozen) this.#waiting ??= new Traffic(this.#traffic.limits);
    else if (this.#waiting) {
      this.#traffic.merge(this.#waiting);
      this.#waiting = null;
    }
  }

  get #counting(): Traffic {
    return this.#waiting ?? this.#traffic;
  }

  /** Counts an event; it is drawn with the next publication. */
  add(event: EgressEvent): void {
    this.#counting.add(event, this.#options.now());
    this.#publishSoon();
  }

  addMalformed(problem: Problem): void {
    this.#counting.addMalformed(problem);
    this.#publishSoon();
  }

  addDropped(count: number): void {
    this.#counting.addDropped(count);
    this.#publishSoon();
  }

  #publishSoon(): void {
    this.#cancelPublish ??= this.#options.schedule(() => {
      this.#state = { ...this.#state, now: this.#options.now() };
      this.#publish();
    }, PUBLISH_MS);
  }

  #publish(): void {
    this.#cancelPublish?.();
    this.#cancelPublish = null;
    this.#view = null;
    for (const listener of this.#listeners) listener();
  }
}
