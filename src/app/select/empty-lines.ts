import { keyFor } from '../keys/key-bindings.ts';
import { grouped, plural } from '../../core/grouped.ts';
import type { SourceStatus } from '../../core/source-status.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { ViewInput } from '../lists/derived.ts';
import { askRows } from '../state/asks.ts';
import type { State } from '../state/state.ts';
import type { ShownWindow } from '../state/time-span.ts';
import { toIso } from '../../core/time.ts';
import { chopped, wrap } from './text/fit.ts';
import { BLANK, line, type Line } from './text/span.ts';

/** The text of a list without rows: why it is empty, and which key or command fills it. */
export function emptyLines({ state, traffic, progress }: ViewInput): readonly Line[] {
  if (progress !== null) return [BLANK, line('  searching the traffic so far …', 'dim')];
  const { filter, options, screen } = state;
  if (filter.text !== '')
    return [
      BLANK,
      line(`  nothing matches /${filter.text}   (${keyFor(state, 'back')} clears the filter)`, 'dim'),
    ];
  const needsRecords = screen !== 'policy' && screen !== 'suggest';
  if (needsRecords && screen !== 'stream' && traffic.totals.total === 0 && askRows(state.asks).length > 0)
    return [BLANK, line('  No decision has been read yet: the questions above wait for your answer.', 'dim')];
  const why = needsRecords && isReading(state) ? ['Reading …'] : whyEmpty(state, traffic);
  const help = needsRecords && traffic.totals.total === 0 ? options.emptyHelp : [];
  return [
    BLANK,
    ...[
      ...why.flatMap(text => wrap(text, state.columns - 4)),
      ...(help.length === 0 ? [] : ['', ...help.flatMap(text => fitted(text, state.columns - 4))]),
    ].map(text => line(`  ${text}`, 'dim')),
  ];
}

/** A sentence is wrapped at its blanks. A command or a path, which is indented, is broken where the line is full: no blank is added to it. */
const fitted = (text: string, width: number): readonly string[] =>
  text.startsWith(' ') ? chopped(text, width) : wrap(text, width);

const isReading = ({ sources }: State): boolean => sources.some(({ state }) => state === 'reading');

/** Why the list is empty. Without a valid policy, the lines above Policy and Suggest already say why. */
function whyEmpty(state: State, traffic: Traffic): readonly string[] {
  const { screen, policy, fleet } = state;
  const isOfWindow = screen !== 'policy' && screen !== 'suggest' && screen !== 'machines';
  if (state.window && isOfWindow) return whyWindowEmpty(state, state.window, traffic);
  switch (screen) {
    case 'hosts':
    case 'agents':
    case 'tools':
      return ['No decision has been read yet.', ...whySources(state, traffic)];
    case 'machines':
      return ['No machine was heard: `egresstop nats://HOST/TENANT` watches a fleet.'];
    case 'stream':
      if (fleet)
        return [
          'No machine has shipped a record yet: `egresstop ship` sends denials, and --records all sends all.',
        ];
      return ['No record has been read yet.', ...whySources(state, traffic)];
    case 'denied':
      return traffic.totals.total === 0
        ? ['No decision has been read yet, so nothing was denied.', ...whySources(state, traffic)]
        : whyNoneDenied(state, traffic);
    case 'policy':
      if (!policy?.policy) return beingRead(state);
      return [whyNoEntry(state)];
    case 'suggest':
      if (!policy?.policy) return beingRead(state);
      return traffic.totals.total === 0
        ? [
            `Nothing to suggest: no decision has been read yet. Key ${keyFor(state, 'sources')} lists the sources.`,
          ]
        : ['Nothing to suggest: every host that was let through is listed.'];
  }
}

/** Why a list is empty in a time window: nothing happened, it is being counted, or its records are no longer stored. */
function whyWindowEmpty(state: State, window: ShownWindow, traffic: Traffic): readonly string[] {
  const { totals } = traffic;
  const leave = `Key ${keyFor(state, 'leave-window')} leaves the window.`;
  if (window.progress !== null) return ['The window is being counted …'];
  if (totals.total === 0) return [`Nothing was decided in the window. ${leave}`];
  if (state.screen === 'denied') return [...whyNoneDenied(state, traffic), leave];
  if (state.screen !== 'stream') return [`No row of the window is left to show. ${leave}`];
  const times = [window.from, ...(window.until === null ? [] : [window.until])].map(toIso);
  const [since = '', until] = times;
  return [
    `The window has ${plural(totals.total, 'decision')}, but Stream holds only the newest records of a log, and none of them is in it.`,
    `egresstop log SOURCE --since ${since}${until === undefined ? '' : ` --until ${until}`} prints them. ${leave}`,
  ];
}

const beingRead = ({ policy }: State): readonly string[] =>
  policy && !policy.trouble ? ['The policy file is being read …'] : [];

function whyNoEntry(state: State): string {
  const { policy, options } = state;
  if (policy?.readOnly !== undefined) return `No entries. ${policy.readOnly}`;
  if (options.isReadonly)
    return `No entries. --readonly was given: start without it, and ${keyFor(state, 'allow')} adds one.`;
  return `No entries: ${keyFor(state, 'allow')} adds one, in the file that --policy names.`;
}

function whyNoneDenied(state: State, { totals }: Traffic): readonly string[] {
  const { dismissed, showsDismissed } = state;
  if (totals.deny === 0)
    return [
      `Nothing was denied: key ${keyFor(state, 'hosts-screen')} lists the hosts of ${totals.total === 1 ? 'the 1 decision' : `all ${plural(totals.total, 'decision')}`}.`,
    ];
  const aside = showsDismissed ? 0 : dismissed.size;
  return [
    aside === 0
      ? 'No host that was denied is kept any more.'
      : `Nothing is left to handle: ${plural(aside, 'host')} muted or dismissed. Key ${keyFor(state, 'show-dismissed')} shows ${aside === 1 ? 'it' : 'them'}.`,
  ];
}

/** The most sources that are named; the key o lists all. */
const MOST_TOLD = 3;

/** The state of each source without decisions. */
function whySources(state: State, traffic: Traffic): readonly string[] {
  const told = state.sources.flatMap(source => {
    const why = whySilent(state, source, traffic);
    return why === null ? [] : [`${shortName(source.source, state)}: ${why}`];
  });
  const more = told.length > MOST_TOLD ? [`Key ${keyFor(state, 'sources')} lists the other sources.`] : [];
  return [...told.slice(0, MOST_TOLD), ...more];
}

/** The last part of a path, because the help below shows all of it. Addresses, and paths that would look the same, are not shortened. */
function shortName(source: string, { sources }: State): string {
  const last = lastPart(source);
  return sources.filter(other => lastPart(other.source) === last).length > 1 ? source : last;
}

const lastPart = (source: string): string =>
  source.includes('://') ? source : source.replace(/^.*\/(?=.)/s, '');

function whySilent(
  state: State,
  { source, state: standing, why, isPlace }: SourceStatus,
  traffic: Traffic,
): string | null {
  const { lines, records } = traffic.sources.get(source);
  switch (standing) {
    case 'waiting':
      return isPlace
        ? 'no log is there yet; each is read as soon as it is.'
        : 'it is not there yet; it is read as soon as it is.';
    case 'failed':
      return `it cannot be read: ${why ?? 'unknown'}. Key ${keyFor(state, 'sources')} says what helps.`;
    case 'gone':
      return 'it is gone; it is read again as soon as it is back.';
    case 'reading':
      return null;
    case 'live':
    case 'ended':
      if (isPlace) return lines === 0 ? 'a folder or pattern; no log in it had a decision yet.' : null;
      if (lines === 0) return 'it is empty so far.';
      return records === 0
        ? `${plural(lines, 'line')}, none of them a record that is known. Key ${keyFor(state, 'problems')} lists them.`
        : `${grouped(records)} ${records === 1 ? 'record' : 'records'}, and no decision among them. Key ${keyFor(state, 'stream-screen')} lists them.`;
  }
}
