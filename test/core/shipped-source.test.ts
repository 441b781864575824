import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isName } from '../../src/core/fleet/names.ts';
import { machineOf, shippedSource } from '../../src/core/event.ts';

it('the source of a shipped record gives its machine back, whatever machine and file are called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }).filter(isName), fc.string(), (name, file) => {
      expect(machineOf(shippedSource('nats://h:4222/t', name, file))).toBe(name);
    }),
  );
});

it.each(['/var/log/a.jsonl', 'nats://h/AUDIT', 'unix:/run/m 1:x', '-', 'nats://h/t %ZZ:x'])(
  'the source %s is of no machine',
  source => expect(machineOf(source)).toBeNull(),
);
