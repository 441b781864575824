import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { addKnown, changeKnown, readKnown } from '../../../src/commands/known/known-file.ts';
import { keepKnown } from '../../../src/commands/known/keep-known.ts';
import { KnownHosts, lessPairs } from '../../../src/core/known/known-hosts.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession } from '../../app/session.ts';
import { trafficOf } from '../../app/traffic-of.ts';
import { until } from '../../until.ts';

it('a host that is forgotten in the file is new in an open dashboard, and is not written back', async () => {
  const home = mkdtempSync(join(tmpdir(), 'known-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  vi.stubEnv('XDG_STATE_HOME', home);
  onTestFinished(() => void vi.unstubAllEnvs());
  await addKnown(new Map([['agent', new Set(['old.example', 'kept.example'])]]));
  const known = new KnownHosts();
  const events = ['old.example', 'kept.example'].map(host => decision('allow', { agent: 'agent', host }));
  const session = openSession({ traffic: trafficOf(events), options: { known } });
  const stop = await keepKnown(session.store, known);
  try {
    expect(known.isNew('agent', 'old.example')).toBe(false);
    await changeKnown(past => lessPairs(past, new Map([['agent', new Set(['old.example'])]])));
    await until(() => known.isNew('agent', 'old.example'));
    expect(known.isNew('agent', 'kept.example')).toBe(false);
    expect(session.rows().at(-1)).toContain('1 known host was forgotten');
  } finally {
    await stop();
  }
  expect(await readKnown()).toMatchObject({ known: new Map([['agent', new Set(['kept.example'])]]) });
});
