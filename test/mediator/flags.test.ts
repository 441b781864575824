import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../src/commands/mediator/child-environment.ts';
import { mediatorOptions, type MediatorFlags } from '../../src/commands/mediator/mediator-flags.ts';

describe('the mediator’s flags', () => {
  it('keep it on loopback, guarded, intercepting, unless told otherwise', async () => {
    expect(await mediatorOptions({})).toMatchObject({
      mode: 'guarded',
      interceptsUnlisted: true,
      listen: { host: '127.0.0.1', port: 8877 },
      keepsTunnels: false,
      keepsQueries: false,
      upstreamProxy: null,
    });
  });

  it.each<[MediatorFlags, object]>([
    [{ listen: '[::1]:0' }, { listen: { host: '::1', port: 0 } }],
    [{ listen: '0.0.0.0:8877', listenOnNetwork: true }, { listen: { host: '0.0.0.0' } }],
    [{ intercept: false }, { interceptsUnlisted: false }],
    [
      { maxBytes: '64M', maxConnections: '10', idleTimeout: '30s' },
      { limits: { bytesPerAgent: 67_108_864, connections: 10, idleTimeoutMs: 30_000 } },
    ],
    [
      { upstreamProxy: 'http://me:secret@proxy.example:3128' },
      { upstreamProxy: { host: 'proxy.example', port: 3128, authorization: 'Basic bWU6c2VjcmV0' } },
    ],
    [{ resolve: ['a.example:192.0.2.1'] }, { pins: [{ host: 'a.example', address: '192.0.2.1' }] }],
  ])('%j mean %j', async (flags, options) => {
    expect(await mediatorOptions(flags)).toMatchObject(options);
  });

  it.each<[MediatorFlags, string]>([
    [{ listen: '0.0.0.0:8877' }, '--listen-on-network'],
    [{ listen: '192.0.2.1:8877' }, '--listen-on-network'],
    [{ listen: '8877' }, '--listen'],
    [{ mode: 'off', policy: 'policy.yaml' }, '--mode off'],
    [{ resolve: ['nonsense'] }, '--resolve'],
    [{ upstreamCa: ['/no/such/file'] }, '--upstream-ca'],
    [{ upstreamProxy: 'socks5://x' }, '--upstream-proxy'],
    [{ maxBytes: 'lots' }, '--max-bytes'],
    [{ idleTimeout: '0s' }, '--idle-timeout'],
  ])('%j are wrong usage', async (flags, told) => {
    await expect(mediatorOptions(flags)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(told),
    });
  });
});

it('a program’s name cannot break out of the proxy’s URL', () => {
  const access = {
    address: '127.0.0.1:1',
    agent: 'a@b:c/d',
    tool: '',
    certificate: 'c',
    bundle: 'b',
    wgetrc: 'b',
    socket: 's',
    isSocks: true,
  };
  const environment = childEnvironment(access);
  expect(environment['https_proxy']).toBe('http://a%40b%253Ac%2Fd:-@127.0.0.1:1');
  expect(environment['ALL_PROXY']).toBe('socks5h://a%40b%253Ac%2Fd:-@127.0.0.1:1');
});
