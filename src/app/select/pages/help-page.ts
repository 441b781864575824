import { wrap } from '../text/fit.ts';
import { KEY_GROUPS, KEY_TABLE, type Binding } from '../../keys/key-table.ts';
import { line, span } from '../text/span.ts';
import { blank, heading, type PageLine } from './page.ts';

/** How the help and the palette spell a key. */
export const spellKey = (key: string): string =>
  ({
    up: '↑',
    down: '↓',
    left: '←',
    right: '→',
    enter: 'Enter',
    esc: 'Esc',
    space: 'Space',
    tab: 'Tab',
    'shift-tab': 'Shift-Tab',
    pagedown: 'PgDn',
    pageup: 'PgUp',
    home: 'Home',
    end: 'End',
    f1: 'F1',
  })[key] ?? key.replace(/^ctrl-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);

/** How wide the column of keys is. */
const KEYS = 18;

/** Every key, from the same table that runs them. */
export function helpPage(width: number): readonly PageLine[] {
  const groups = KEY_GROUPS.flatMap(group => [
    heading(group.toUpperCase()),
    ...KEY_TABLE.filter(binding => binding.group === group).flatMap(binding => keyLines(binding, width)),
    blank,
  ]);
  const filter = FILTER_HELP.flatMap(text => wrap(text, width));
  return [...groups, ...filter.map(text => ({ line: line(text, 'dim') }))];
}

const keyLines = ({ keys, help }: Binding, width: number): readonly PageLine[] =>
  wrap(help, width - KEYS).map((part, index) => ({
    line: [span((index === 0 ? keys.map(spellKey).join(' ') : '').padEnd(KEYS), 'strong'), span(part)],
  }));

const FILTER_HELP = [
  'Filter: words are fuzzy in names. Terms: verdict:deny tool:fetch host:*.github.com agent:x reason:… since:10m until:… status:>=400 status:4xx method:POST port:443 system:zeph kind:… rule:unlisted url:… source:…',
  'ruled:entry, ruled:rule, ruled:default, ruled:nothing or the entry itself: what of the open policy decides. draft:changed, draft:allow, draft:deny: what an open draft would decide otherwise.',
  '!term takes away, a comma is or, - is missing, "double quotes" hold spaces. Tab completes.',
  'Verdicts: allow · deny · would-deny (shadow mode let it through) · pending · error (allowed, then failed).',
  'RULED BY column: the entry or the rule that decides; default: what becomes of hosts that none names; nothing: the policy lists no hosts at all.',
  'POLICY column: what the policy file says now. pass = passthrough, open = no entry names it, and it is let through all the same.',
] as const;
