import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FILES_A_DOCUMENT } from '../../../src/core/fleet/counters/counter-document.ts';
import { MachineCounters } from '../../../src/core/fleet/counters/machine-counters.ts';
import { readDocument } from '../../../src/core/fleet/counters/read-document.ts';
import { writeDocument } from '../../../src/core/fleet/counters/write-document.ts';
import { CountedFiles } from '../../../src/reading/resumed/counted-files.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';

const LINE = '{"ts":"2026-07-01T10:00:00.000Z","event":"egress_deny","host":"a.example"}\n';

it('where there are more logs than a document tells of, the first count once and the others are said to lack', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'counted-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const logs = Array.from({ length: FILES_A_DOCUMENT + 2 }, (_, number) => join(folder, `${number}.jsonl`));
  for (const [number, log] of logs.entries()) writeFileSync(log, LINE.replace('a.', `${number}.`));
  const told: string[] = [];
  const files = new CountedFiles([{ type: 'path', path: folder }], SYSTEMS, {
    known: [],
    problem: ({ why }) => told.push(why),
  });
  const counters = new MachineCounters({ tenant: 't', machine: 'm', epoch: 'e' });
  for (let round = 0; round < 3; round += 1) {
    await files.round(counters);
    const counted = files.ledger()[0]?.name ?? '';
    appendFileSync(counted, LINE);
  }
  counters.commit(files.ledger());
  const ledger = counters.ledger({ run: 'r', everyMs: 1000, policy: null }, 1);
  expect(ledger).toMatchObject({ lines: FILES_A_DOCUMENT + 2, lostFiles: 2 });
  expect(told).toHaveLength(2);
  for (const document of [ledger, ...counters.shardsSince(0, 1)])
    expect(readDocument(writeDocument(document)).type).toBe(document.type);
});
