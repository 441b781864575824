import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rollUp } from '../../../src/core/suggest/roll-up.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { finished } from '../../../src/core/work.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { domainNames } from '../../../src/systems/policy-text/domain-names.ts';
import { decision } from '../sample-events.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOST = fc.stringMatching(/^([ab]\.){0,4}shop\.(com|github\.io)$/);
const HOSTS = fc.uniqueArray(HOST, { maxLength: 30 });

it.each(SYSTEMS.map(system => [system.name, system] as const))(
  'an entry of %s that several hosts share covers no barred host',
  async (_, system) => {
    const dialect = await system.dialect();
    fc.assert(
      fc.property(HOSTS, HOSTS, (wanted, refused) => {
        const traffic = new Traffic();
        for (const host of [...wanted, ...refused]) traffic.add(decision('allow', { host, at: NOW }), NOW);
        const rows = [...traffic.hosts.values()];
        const barred = rows.filter(({ name }) => refused.includes(name));
        const needed = rows.filter(({ name }) => !refused.includes(name));
        const found = finished(rollUp({ rows: needed, barred, dialect, names: domainNames, minHosts: 3 }));
        const covered = found
          .filter(({ rows: hosts }) => hosts.length > 1)
          .flatMap(({ entry }) =>
            barred.filter(({ name }) => dialect.covers(entry, name)).map(({ name }) => [entry, name]),
          );
        expect(covered).toEqual([]);
      }),
    );
  },
);
