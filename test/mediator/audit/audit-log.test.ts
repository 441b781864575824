import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditLog } from '../../../src/mediator/audit/audit-log.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'egresstop-audit-'));
  path = join(folder, 'deep', 'audit.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (bytes = 1000, backups = 2): AuditLog => new AuditLog(path, { bytes, backups });
const read = (suffix = ''): string => readFileSync(`${path}${suffix}`, 'utf8');

describe('the audit log', () => {
  it('only the owner can read the audit log, and it has each line when append returns', () => {
    const log = open();
    expect(log.append(['{"a":1}']).trouble).toBeNull();
    expect(read()).toBe('{"a":1}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'deep')).mode & 0o777).toBe(0o700);
    log.close();
  });

  it('goes on where it was, and takes away the rights of others', () => {
    open().append(['one']);
    writeFileSync(path, 'one\n', { mode: 0o644 });
    open().append(['two']);
    expect(read()).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('begins a new line after one that was cut off by a kill', () => {
    open().append(['one']);
    appendFileSync(path, '{"half":');
    open().append(['two']);
    expect(read()).toBe('one\n{"half":\ntwo\n');
  });

  it('rotates by size and keeps so many old ones', () => {
    const log = open(20, 2);
    for (const line of ['first-line', 'second-line', 'third-line', 'fourth-line'])
      expect(log.append([line]).trouble).toBeNull();
    expect([read(), read('.1'), read('.2')]).toEqual(['fourth-line\n', 'third-line\n', 'second-line\n']);
    expect(() => read('.3')).toThrow();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    log.close();
  });

  it('an audit log that keeps no old file begins empty after rotation', () => {
    const log = open(20, 0);
    log.append(['first-line']);
    log.append(['second-line']);
    expect(read()).toBe('second-line\n');
    log.close();
  });

  it('tells a full disk by its code, and tries again with the next line', () => {
    const log = new AuditLog('/dev/full', { bytes: 1000, backups: 0 });
    expect(log.append(['one'])).toEqual({ trouble: 'ENOSPC', standing: 0 });
    expect(log.append(['two'])).toEqual({ trouble: 'ENOSPC', standing: 0 });
    log.close();
  });
});
