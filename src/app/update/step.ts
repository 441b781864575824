import type { Dialect } from '../../core/policy/dialect.ts';
import type { Charts } from '../../core/traffic/time/charts.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { Effect, Message } from '../message.ts';
import type { View } from '../select/select.ts';
import type { State } from '../state/state.ts';

/** A new state, and the effects to run. */
export type Step = readonly [State, readonly Effect[]];

/** The inputs of an update besides the state: the view at the key press, the traffic, and the dialect of the open policy. */
export interface Context {
  readonly view: View;
  readonly traffic: Traffic;
  /** Decisions over all time, even if a time window is shown. */
  readonly charts: Charts;
  /** Null without a policy. */
  readonly dialect: Dialect | null;
}

/** A function that applies a message. */
export type Update = (state: State, message: Message, context: Context) => Step;
