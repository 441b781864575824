import { describe, expect, it } from 'vitest';
import { NOBODY, readCaller } from '../../../src/mediator/caller.ts';
import { readAbsoluteTarget, readTunnelledTarget } from '../../../src/mediator/request/request-target.ts';
import { vetHead } from '../../../src/mediator/request/vet-head.ts';

const head = (...rawHeaders: string[]) => ({
  method: 'POST',
  target: 'http://a.example/',
  httpVersion: '1.1',
  rawHeaders,
});
const flood = Array.from({ length: 129 }, (_, index) => [`x-${index}`, 'y']).flat();

describe('a request head', () => {
  it.each([
    ['two Hosts', head('Host', 'a.example', 'host', 'b.example')],
    ['no Host', head('Content-Length', '3')],
    ['two Content-Lengths', head('Content-Length', '3', 'Content-Length', '3')],
    ['Content-Length beside Transfer-Encoding', head('Content-Length', '3', 'Transfer-Encoding', 'chunked')],
    ['a coding nobody knows', head('Transfer-Encoding', 'xchunked')],
    ['two codings', head('Transfer-Encoding', 'gzip, chunked')],
    ['a coding in HTTP/1.0', { ...head('Transfer-Encoding', 'chunked'), httpVersion: '1.0' }],
    ['a flood of fields', head(...flood)],
    ['an over-long target', { ...head(), target: `http://a.example/${'a'.repeat(9000)}` }],
    ['a target that is not ASCII', { ...head(), target: 'http://a.example/\u00e4' }],
    ['no method', { ...head(), method: 'GE T' }],
  ])('a request head with %s is refused', (_, request) => {
    expect(vetHead(request)).not.toBeNull();
  });

  it('a plain request head is sound', () => {
    expect(vetHead(head('Host', 'a.example', 'Content-Length', '3'))).toBeNull();
    expect(vetHead(head('Host', 'a.example', 'Transfer-Encoding', 'Chunked'))).toBeNull();
  });
});

describe('a request target', () => {
  const tunnel = { host: 'a.example', port: 8443, isAddress: false };

  it('in absolute form gives host, port and path', () => {
    expect(readAbsoluteTarget('http://A.example:8080/x?y#z', 'a.example:8080')).toMatchObject({
      destination: { host: 'a.example', port: 8080 },
      path: '/x?y',
    });
    expect(readAbsoluteTarget('http://a.example?q', null)).toMatchObject({ path: '/?q' });
  });

  it.each([
    ['/origin-form', 'a.example'],
    ['https://a.example/', 'a.example'],
    ['http://user:secret@a.example/', 'a.example'],
    ['http://a.example/', 'evil.example'],
    ['http://a.example\\@evil.example/', null],
    ['http:///x', null],
  ])('%s with Host %s is refused', (target, host) => {
    expect(readAbsoluteTarget(target, host)).toMatchObject({ type: 'refused' });
  });

  it('in a tunnel follows Host, which may name another host', () => {
    expect(readTunnelledTarget('/x', 'b.example', tunnel)).toMatchObject({
      destination: { host: 'b.example', port: 8443 },
    });
    expect(readTunnelledTarget('https://c.example/x', 'a.example', tunnel)).toMatchObject({
      destination: { host: 'c.example' },
      path: '/x',
    });
    expect(readTunnelledTarget('/x', 'a.example:9', tunnel)).toMatchObject({ destination: { port: 9 } });
    expect(readTunnelledTarget('/x', null, tunnel)).toMatchObject({ type: 'refused' });
    expect(readTunnelledTarget('//evil.example', 'a.example', tunnel)).toMatchObject({
      path: '//evil.example',
    });
  });
});

describe('proxy credentials', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    [basic('research:fetch'), { agent: 'research', tool: 'fetch' }],
    [basic('research'), { agent: 'research', tool: null }],
    [basic('research:'), { agent: 'research', tool: null }],
    [basic('research:-'), { agent: 'research', tool: null }],
    [basic('team%3Aone:fetch%253A'), { agent: 'team:one', tool: 'fetch%3A' }],
    [basic('50%:bash'), { agent: '50%', tool: 'bash' }],
    [basic(':bash'), { agent: null, tool: 'bash' }],
    ['Bearer x', NOBODY],
    [null, NOBODY],
  ])('%s name who asks and with what', (field, caller) => {
    const { agent, tool } = readCaller(field);
    expect({ agent, tool }).toEqual({ agent: caller.agent, tool: caller.tool });
  });
});
