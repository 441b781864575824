import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { errorCode, faultOf } from '../../src/core/file-error.ts';

const thrownBy = (fails: () => unknown): unknown => {
  try {
    fails();
  } catch (error) {
    return error;
  }
  return null;
};

it('errorCode knows the failures of system calls and of zlib, and no error of our own', () => {
  expect(errorCode(thrownBy(() => readFileSync('/nonexistent')))).toBe('ENOENT');
  expect(errorCode(thrownBy(() => process.kill(2 ** 30, 0)))).toBe('ESRCH');
  expect(errorCode(thrownBy(() => gunzipSync(Buffer.from('no gzip'))))).toBe('Z_DATA_ERROR');
  expect(errorCode(thrownBy(() => readFileSync('a\0b')))).toBeNull(); // ERR_INVALID_ARG_VALUE
  expect(errorCode(thrownBy(() => JSON.parse('{')))).toBeNull();
  expect(errorCode({ code: 'ENOENT' })).toBeNull();
});

it('a fault gives the remedy for its use, and an unknown code is named', () => {
  expect(faultOf('ENOENT', 'read')).toEqual({ why: 'does not exist', remedy: 'check the path' });
  expect(faultOf('ENOENT', 'write').remedy).toBe('check the path, or create the file first');
  expect(faultOf('ELOOP', 'write')).toEqual(faultOf('ELOOP', 'read'));
  expect(faultOf('EODD', 'read').why).toBe('cannot be read (EODD)');
  expect(faultOf('EODD', 'write').why).toBe('cannot be used (EODD)');
});
