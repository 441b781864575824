import type { EgressEvent } from '../../../core/event.ts';
import { inShellQuotes } from '../../../core/text/shell-quoted.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import { explanation } from '../../select/pages/explanation.ts';
import { shownUrl } from '../../select/columns/stream-columns.ts';
import type { State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import type { Context, Step } from '../step.ts';
import { underCursor, type UnderCursor } from './under-cursor.ts';

/** The width to which a copied explanation is wrapped. */
const EXPLAINED = 100;

/** `Y`: opens a menu of texts to copy about the row under the cursor. */
export function takeAsked(state: State, context: Context): Step {
  const under = underCursor(state, context);
  const items = takings(under, state, context).map(([label, text]) => ({
    label: `${label.padEnd(12)}  ${text.split('\n')[0] ?? ''}`,
    act: { type: 'copy' as const, text },
  }));
  if (items.length === 0) return noticed(state, 'nothing to copy here');
  return [{ ...state, dialog: { type: 'menu', title: 'Copy', items, chosen: 0 } }, []];
}

type Taking = readonly [label: string, text: string];

function takings(under: UnderCursor, state: State, { traffic }: Context): readonly Taking[] {
  const { event, host, agent, tool, entry } = under;
  const attempt =
    event ?? (host === null ? null : attemptOf(traffic.hosts.get(host) ?? { name: host, address: null }));
  const rules = event === null || event.verdict !== null;
  const explained = attempt && rules ? explanation(attempt, state, EXPLAINED) : [];
  const one = (label: string, text: string | null): readonly Taking[] =>
    text === null ? [] : [[label, text]];
  return [
    ...one('host', host),
    ...one('URL', event?.url ? shownUrl(event.url, state) : null),
    ...one('curl command', curlCommand(under, state)),
    ...one('record', event && JSON.stringify(event.raw)),
    ...one('entry', entry?.text ?? null),
    ...one('explanation', explained.length === 0 ? null : [host ?? '-', ...explained.map(textOf)].join('\n')),
    ...one('agent', agent),
    ...one('tool', tool),
  ];
}

const textOf = ({ line }: { readonly line: readonly { readonly text: string }[] }): string =>
  line
    .map(({ text }) => text)
    .join('')
    .trimEnd();

/** A request as a shell command with all texts in single quotes. Null without a host. */
function curlCommand({ event, host }: UnderCursor, state: State): string | null {
  if (host === null) return null;
  const url = event?.url ? shownUrl(event.url, state) : `https://${hostPort(host, event)}/`;
  const method = event?.method ?? 'GET';
  const asked =
    /^[A-Z]{1,20}$/.test(method) && method !== 'GET' && method !== 'CONNECT' ? ` -X ${method}` : '';
  return `curl -v${asked} --url ${inShellQuotes(url)}`;
}

function hostPort(host: string, event: EgressEvent | null): string {
  const name = host.includes(':') ? `[${host}]` : host;
  const port = event?.port ?? null;
  return port === null || port === 443 ? name : `${name}:${port}`;
}
