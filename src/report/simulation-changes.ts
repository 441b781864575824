import type { RulingChange, RulingChanges } from '../core/what-if/ruling-changes.ts';
import { alignColumns } from './columns.ts';

/** The changed rulings by host as a table under a title; only the title without changes. */
export function changesText(title: string, changes: RulingChanges): string {
  const head = `${title}: ${changes.changed} of ${changes.compared}\n`;
  if (changes.changed === 0) return head;
  const rows = changes
    .ranked()
    .map(({ name, was, now, events, wasReason, nowReason }) => [
      name,
      was,
      now,
      events,
      wasReason ?? '-',
      nowReason ?? '-',
    ]);
  return `${head}\n${alignColumns(['HOST', 'WAS', 'NOW', 'EVENTS', 'REASON THEN', 'REASON NOW'], rows)}\n`;
}

/** The changed rulings as a JSON value. */
export const changesJson = (changes: RulingChanges): object => ({
  compared: changes.compared,
  changed: changes.changed,
  hosts: changes.ranked().map(asRow),
});

const asRow = ({ name, was, now, events, wasReason, nowReason }: RulingChange): object => ({
  host: name,
  was,
  now,
  events,
  was_reason: wasReason,
  now_reason: nowReason,
});
