import { quoted } from '../../keys/complete.ts';
import { entryKey } from '../../state/entry-key.ts';
import type { MenuAct } from '../../state/dialog.ts';
import { NO_FILTER } from '../../state/prompt.ts';
import type { ScreenName } from '../../state/screen.ts';
import type { State } from '../../state/state.ts';
import { noticed } from '../edit.ts';
import { filterOf } from '../open.ts';
import type { Context, Step } from '../step.ts';
import { underCursor } from './under-cursor.ts';

type Jump = Extract<MenuAct, { readonly type: 'jump' }>;

/** `f`: opens a menu of the places that relate to the row under the cursor. Esc comes back from there. */
export function jumpAsked(state: State, context: Context): Step {
  const { event, host, agent, tool, entry } = underCursor(state, context);
  const isListed =
    entry !== null && state.policy?.policy?.entries.some(found => entryKey(found) === entryKey(entry));
  const page = state.pages.at(-1);
  const items: readonly { readonly label: string; readonly act: MenuAct }[] = [
    ...(host !== null && !(page?.type === 'host' && page.host === host)
      ? [
          {
            label: `host ${host}`,
            act: { type: 'page' as const, page: { type: 'host' as const, host, cursor: 0, top: 0 } },
          },
        ]
      : []),
    ...(host === null ? [] : [to(`records of ${host}`, 'stream', `host:${quoted(host)}`)]),
    ...(agent === null ? [] : [to(`agent ${agent}: its hosts`, 'hosts', `agent:${quoted(agent)}`)]),
    ...(tool === null ? [] : [to(`tool ${tool}: its hosts`, 'hosts', `tool:${quoted(tool)}`)]),
    ...(entry === null || !isListed || state.screen === 'policy'
      ? []
      : [
          {
            label: `entry ${entry.text} of ${entry.list} in the policy`,
            act: { type: 'jump' as const, screen: 'policy' as const, filter: '', key: entryKey(entry) },
          },
        ]),
    ...(event === null
      ? []
      : context.traffic.joins.of(event).map(other => ({
          label: `same attempt: ${other.hop === null ? '' : `hop ${other.hop} `}${other.verdict ?? 'info'} ${other.kind} ${other.host ?? other.tool ?? '-'}`,
          act: { type: 'page' as const, page: { type: 'event' as const, event: other, cursor: 0, top: 0 } },
        }))),
  ];
  if (items.length === 0) return noticed(state, 'there is nothing to go to from here');
  return [{ ...state, dialog: { type: 'menu', title: 'Go to', items, chosen: 0 } }, []];
}

const to = (
  label: string,
  screen: ScreenName,
  filter: string,
): { readonly label: string; readonly act: Jump } => ({
  label,
  act: { type: 'jump', screen, filter, key: null },
});

/** Goes to a place. Esc leads back to the present list and pages. */
export function jumped(state: State, { screen, filter: text, key }: Jump): State {
  const narrowed = text === '' ? NO_FILTER : filterOf(text);
  const from = { screen: state.screen, filter: state.filter, narrowed, pages: state.pages };
  const list = { ...state.lists[screen], ...(key === null ? {} : { key }) };
  return {
    ...state,
    screen,
    filter: narrowed,
    pages: [],
    trail: [...state.trail, from],
    lists: { ...state.lists, [screen]: list },
  };
}
