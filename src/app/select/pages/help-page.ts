import { wrap } from '../text/fit.ts';
import { KEY_GROUPS, type Binding } from '../../keys/binding.ts';
import { keyTable } from '../../keys/key-bindings.ts';
import { spellKey } from '../../keys/spell-key.ts';
import type { State } from '../../state/state.ts';
import { line, span } from '../text/span.ts';
import { blank, heading, type PageLine } from './page.ts';

/** The widths of the columns of keys and of actions. */
const KEYS = 18;
const NAMES = 18;
/** The least width of a terminal for the actions' names, which the configuration uses. */
const NAMED_FROM = 110;

/** The page of all keys, from the key table. */
export function helpPage(state: State): readonly PageLine[] {
  const width = state.columns - 2;
  const groups = KEY_GROUPS.flatMap(group => [
    heading(group.toUpperCase()),
    ...keyTable(state)
      .filter(binding => binding.group === group)
      .flatMap(binding => keyLines(binding, width)),
    blank,
  ]);
  const filter = FILTER_HELP.flatMap(text => wrap(text, width));
  return [...groups, ...filter.map(text => ({ line: line(text, 'dim') }))];
}

function keyLines({ keys, name, help }: Binding, width: number): readonly PageLine[] {
  const names = width < NAMED_FROM ? 0 : NAMES;
  const spelt = keys.map(spellKey).join(' ');
  return wrap(help, width - KEYS - names).map((part, index) => ({
    line: [
      span((index === 0 ? `${spelt} ` : '').padEnd(KEYS), 'strong'),
      span((index === 0 && names > 0 ? name : '').padEnd(names), 'dim'),
      span(part),
    ],
  }));
}

const FILTER_HELP = [
  'Filter: words are fuzzy in names. Terms: verdict:deny tool:fetch host:*.github.com agent:x reason:… since:10m until:… status:>=400 status:4xx method:POST port:443 system:zeph kind:… rule:unlisted url:… source:…',
  'ruled:entry, ruled:rule, ruled:default, ruled:nothing or the entry itself: what of the open policy decides. draft:changed, draft:allow, draft:deny: what an open draft would decide otherwise.',
  '!term takes away, a comma is or, - is missing, "double quotes" hold spaces. Tab completes.',
  'Verdicts: allow · deny · would-deny (shadow mode let it through) · pending · error (allowed, then failed).',
  'RULED BY column: the entry or the rule that decides; default: what becomes of hosts that none names; nothing: the policy lists no hosts at all.',
  'POLICY column: what the policy file says now. pass = passthrough, open = no entry names it, and it is let through all the same.',
] as const;
