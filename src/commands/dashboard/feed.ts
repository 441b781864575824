import type { Store } from '../../app/store.ts';
import type { PartialLog } from '../../core/completeness.ts';
import type { EgressEvent } from '../../core/event.ts';
import { isObject, text } from '../../core/record.ts';
import type { OlderPart, SourceListener, SourceMessage, SourceSpec } from '../../sources/source.ts';
import type { Selection } from '../../reading/selection.ts';
import { comesOnce } from '../../sources/named/comes-once.ts';
import { nameOf } from '../../sources/named/expand.ts';
import { LineCounting, type TakesEvent } from './counting/line-counting.ts';
import { isRead } from '../../reading/is-read.ts';
import { proofWatch, type ProofSources } from './proof-watch.ts';
import { spareMemoryFor } from '../../reading/spare-memory.ts';

/** The sources that are read, and the events of them that are wanted. */
export interface FeedOptions extends ProofSources {
  readonly specs: readonly SourceSpec[];
  /** Null where every event is wanted. */
  readonly selection: Selection | null;
  /** Takes what is left of large logs behind their newest lines. */
  readonly older: (part: OlderPart) => void;
  /** A mediator reported its state: the systems are to be inspected again. */
  readonly onMediatorNews: () => void;
  /** Hears of a source that may not hold every record. */
  readonly onPartial?: (log: PartialLog) => void;
  /** Lines were counted. */
  readonly onLines?: () => void;
  /** Hears every message of a socket beside its events. */
  readonly onMessage?: (source: string, message: SourceMessage) => void;
}

/** Brings lines into the store: counted, and (while an edit waits to be proven) looked at for its proof. */
export function dashboardFeed(
  store: Store,
  { systems, specs, selection, edited, older, onMediatorNews, onMessage, onPartial, onLines }: FeedOptions,
): SourceListener {
  const observe = proofWatch(store, { systems, edited });
  const once = new Set(specs.filter(comesOnce).map(nameOf));
  const counting = new LineCounting(store.counting, { systems, selection });
  /** Sockets of mediators whose audit log is read as a file: the log has every event, so theirs are not counted. */
  const muted = new Set<string>();
  /** The name that each socket's mediator gives itself. */
  const names = new Map<string, string>();
  /** Sources whose old lines are through. */
  const live = new Set<string>();
  const taking =
    (source: string): TakesEvent =>
    (event, isSelected) => {
      const isLive = live.has(source) && isRecent(event);
      if (isSelected) store.add(event, { isLive, comesOnce: once.has(source) });
      observe(event);
    };
  return {
    lines: batch => {
      if (muted.has(batch.source)) return;
      spareMemoryFor(store.traffic.hosts.size);
      counting.lines(batch, taking(batch.source));
      onLines?.();
    },
    older,
    partial: log => onPartial?.(log),
    status: source => {
      if (source.state === 'live') live.add(source.source);
      else live.delete(source.source);
      if (source.state === 'ended') counting.end(source.source, taking(source.source));
      store.dispatch({ type: 'source-changed', source });
      if (source.source.startsWith('unix:')) onMediatorNews();
    },
    message: (source, message) => {
      onMessage?.(source, message);
      if (message.type === 'hello' && isRead(text(message, 'audit'), specs)) muted.add(source);
      if (message.type === 'hello') names.set(source, text(message, 'listen') ?? source);
      tell(store, message, { by: names.get(source) ?? source, isMuted: muted.has(source) });
      if (NEWS.has(message.type)) onMediatorNews();
    },
  };
}

/** Messages after which a mediator says other things of itself. */
const NEWS: ReadonlySet<string> = new Set(['hello', 'policy', 'programs']);

/** An older record is not news, even if it arrives now: a replay or `tail -F` brings old lines, too. */
const RECENT_MS = 5 * 60_000;

const isRecent = ({ at }: EgressEvent): boolean => at === null || at > Date.now() - RECENT_MS;

/** Takes in what a mediator's socket says beside its events: hello, policy and dropped. */
function tell(
  store: Store,
  message: SourceMessage,
  { by, isMuted }: { readonly by: string; readonly isMuted: boolean },
): void {
  const policy = message.type === 'hello' && isObject(message['policy']) ? message['policy'] : message;
  const revision =
    message.type === 'hello' || message['status'] === 'applied' ? text(policy, 'revision') : null;
  if (revision !== null) store.dispatch({ type: 'policy-acknowledged', revision, by, at: Date.now() });
  if (message.type === 'dropped' && !isMuted && typeof message['count'] === 'number')
    store.counting.addDropped(message['count']);
}
