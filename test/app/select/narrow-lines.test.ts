import { expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { NOW, trafficOf } from '../traffic-of.ts';
import { openSession } from '../session.ts';

const LACKS = ['2 unrecognised', '6 malformed', '3 dropped'];

/** A session whose log lacks something of each kind, and whose counts are long. */
function lacking(columns: number) {
  const traffic = trafficOf(
    (['allow', 'deny', 'error', 'would-deny'] as const).flatMap(verdict =>
      Array.from({ length: 90 }, (_, index) => decision(verdict, { host: `h${index}.test`, at: NOW })),
    ),
  );
  for (let count = 0; count < 2; count += 1)
    traffic.unrecognised.add({ name: 'x', source: 'a.jsonl', line: 1, example: '{}' });
  traffic.malformed += 6;
  traffic.dropped += 3;
  const session = openSession({ columns, rows: 24, traffic });
  return session.rows()[1] ?? '';
}

it.each([100, 140])('a header of %i columns cuts off nothing that the counts lack', columns => {
  const shown = lacking(columns);
  for (const lack of LACKS) expect(shown).toContain(lack);
  expect(shown).not.toContain('…');
});

it('a header without room for all lacks says that the counts are incomplete, and the key that says why', () => {
  expect(lacking(80)).toMatch(/90 allow {2}90 deny .* {2}incomplete \(!\)$/);
});

it('a wide header has the number of hosts, and the keys that tell more', () => {
  expect(lacking(140)).toMatch(/90 hosts.*2 unrecognised \(!\).*6 malformed \(!\)/);
});

it('the palette shows the key of each command, however long the command is, at 80 columns', () => {
  const session = openSession({ columns: 80, rows: 24 });
  session.press(':');
  session.type('mute');
  expect(session.rows().find(row => row.includes('mute the host'))).toMatch(/▌ mute the host.*…  \(M\)$/);
});
