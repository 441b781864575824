import type { Store } from '../../app/store.ts';
import type { PartialLog } from '../../core/completeness.ts';
import type { EgressEvent } from '../../core/event.ts';
import { isObject, text } from '../../core/record.ts';
import type {
  LineBatch,
  OlderPart,
  SourceListener,
  SourceMessage,
  SourceSpec,
} from '../../sources/source.ts';
import type { Selection } from '../../reading/selection.ts';
import { isRead } from '../../reading/is-read.ts';
import { LineDecoder, type Decoded } from '../../reading/line-decoder.ts';
import { proofWatch, type ProofSources } from './proof-watch.ts';
import { spareMemory, spareMemoryFor } from '../../reading/spare-memory.ts';

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
  /** Hears every message of a socket beside its events. */
  readonly onMessage?: (source: string, message: SourceMessage) => void;
}

/** So many lines that a source gave at once. */
interface ReadLines extends Pick<LineBatch, 'source' | 'behind'> {
  readonly lines: number;
}

/** Brings lines into the store: counted, and (while an edit waits to be proven) looked at for its proof. */
export function dashboardFeed(
  store: Store,
  { systems, specs, selection, edited, older, onMediatorNews, onMessage, onPartial }: FeedOptions,
): SourceListener {
  spareMemory();
  const isSelected = selection?.isSelected ?? (() => true);
  const isTimed = selection?.isTimed ?? false;
  const decoder = new LineDecoder(systems);
  const observe = proofWatch(store, { systems, edited });
  /** Sockets of mediators whose audit log is read as a file: the log has every event, so theirs are not counted. */
  const muted = new Set<string>();
  /** The name that each socket's mediator gives itself. */
  const names = new Map<string, string>();
  /** Sources whose old lines are through. */
  const live = new Set<string>();
  const take = (event: EgressEvent, isLive: boolean): void => {
    if (isSelected(event)) store.add(event, { isLive: isLive && isRecent(event) });
    observe(event);
  };
  /** Counts what `decode` tells of a source. */
  const count = ({ source, lines, behind }: ReadLines, decode: (decoded: Decoded) => void): void => {
    const isLive = live.has(source);
    let [records, decisions, untimed] = [0, 0, 0];
    const meet = ({ at, verdict }: EgressEvent): void => {
      records += 1;
      if (verdict !== null) decisions += 1;
      if (isTimed && at === null) untimed += 1;
    };
    decode({
      event: event => {
        meet(event);
        take(event, isLive);
      },
      unrecognised: (event, record) => {
        meet(event);
        if (isSelected(event)) store.addUnrecognised(event, record);
      },
      notice: problem => store.addProblem(problem),
      malformed: problem => store.addMalformed(behind ? { ...problem, behind } : problem),
    });
    store.addRead(source, { lines, records, decisions, untimed });
  };
  return {
    lines: batch => {
      if (muted.has(batch.source)) return;
      spareMemoryFor(store.traffic.hosts.size);
      count({ ...batch, lines: batch.lines.length }, decoded => decoder.decode(batch, decoded));
    },
    older,
    partial: log => onPartial?.(log),
    status: source => {
      if (source.state === 'live') live.add(source.source);
      else live.delete(source.source);
      if (source.state === 'ended')
        count({ source: source.source, lines: 0 }, decoded => decoder.end(source.source, decoded));
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
    store.addDropped(message['count']);
}
