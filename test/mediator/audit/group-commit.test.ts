import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AuditLog } from '../../../src/mediator/audit/audit-log.ts';
import { AuditSocket } from '../../../src/mediator/audit/audit-socket.ts';
import { Recorder } from '../../../src/mediator/audit/recorder.ts';

let folder = '';
let log: AuditLog;
let recorder: Recorder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'egresstop-group-'));
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

const path = (): string => join(folder, 'audit.jsonl');
const events = (): readonly string[] =>
  readFileSync(path(), 'utf8')
    .split('\n')
    .flatMap(line => (line === '' ? [] : [(JSON.parse(line) as { readonly event: string }).event]));

/** Counts how often the log is asked to append. */
class CountedLog extends AuditLog {
  appends = 0;
  override append(lines: readonly string[]): ReturnType<AuditLog['append']> {
    this.appends += 1;
    return super.append(lines);
  }
}

function start<Log extends AuditLog>(opened: Log, isStrict = true): Log {
  const port = {
    hello: () => ({}),
    trust: () => ({}),
    reload: async () => ({}),
    questions: () => null,
    stop: () => {},
  };
  const socket = new AuditSocket(port, { replay: 10, readerBacklog: 1000 });
  log = opened;
  recorder = new Recorder(log, socket, { policy: () => null, now: () => 0, isStrict });
  return opened;
}
const limits = { bytes: 1_000_000, backups: 1 };

it('the records of one turn are written by one write, in their order, before anybody goes on', async () => {
  const counted = start(new CountedLog(path(), limits));
  const seen: (readonly string[])[] = [];
  await new Promise<void>(resolve => {
    for (const event of ['one', 'two', 'three'])
      recorder.recordThen({ event }, () => {
        seen.push(events());
        if (event === 'three') resolve();
      });
    expect(events()).toEqual([]);
  });
  expect(seen.map(String)).toEqual(['one,two,three', 'one,two,three', 'one,two,three']);
  expect(counted.appends).toBe(1);
});

it('a record that is written at once takes those before it along, in their order', () => {
  const counted = start(new CountedLog(path(), limits));
  recorder.recordThen({ event: 'waits' }, () => {});
  expect(recorder.record({ event: 'at once' })).toBeNull();
  expect(events()).toEqual(['waits', 'at once']);
  expect(counted.appends).toBe(1);
});

it('nobody goes on within the write of another record', async () => {
  start(new AuditLog(path(), limits));
  let isTold = false;
  const told = new Promise<void>(resolve => {
    recorder.recordThen({ event: 'waits' }, () => {
      isTold = true;
      resolve();
    });
  });
  recorder.record({ event: 'at once' });
  expect(isTold).toBe(false);
  await told;
});

it('where the write fails, all records of the turn are told so', async () => {
  start(new AuditLog('/dev/full', { bytes: 1_000_000, backups: 0 }));
  const why = await Promise.all(
    ['one', 'two', 'three'].map(event => new Promise(resolve => recorder.recordThen({ event }, resolve))),
  );
  expect(why).toEqual(['ENOSPC', 'ENOSPC', 'ENOSPC']);
});

it('what waits at the end is written before the log is closed', () => {
  start(new AuditLog(path(), limits));
  recorder.recordThen({ event: 'last' }, () => {});
  recorder.flush();
  log.close();
  expect(events()).toEqual(['last']);
});
