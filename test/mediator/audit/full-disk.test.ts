import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { exchangeRaw, readAll, secured, tunnel, World } from '../world.ts';

let world: World;
let reached = 0;
beforeEach(() => {
  world = new World();
  reached = 0;
});
afterEach(() => world.end());

/** The log rotates at every record, which fails while a folder stands where the old log goes: a full disk that can be emptied. */
const old = (): string => join(world.folder, 'audit.jsonl.1');
const emptyDisk = (): void => rmSync(old(), { recursive: true, force: true });
const fillDisk = (): void => {
  emptyDisk();
  mkdirSync(old());
};

async function strict(port: number): Promise<Mediator> {
  return world.mediator({
    mode: 'strict',
    policy: 'allow:\n  - api.example\n',
    limits: { auditBytes: 1, auditBackups: 1 },
    pins: [`api.example:127.0.0.1:${port}`],
  });
}

const secure = (): Promise<number> =>
  world.https('api.example', (_, response) => {
    reached += 1;
    response.end('fine');
  });
const clear = (): Promise<number> =>
  world.http((_, response) => {
    reached += 1;
    response.end('fine');
  });
const REQUEST = 'GET http://api.example/ HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n';

describe('a disk that fills up under a strict mediator', () => {
  it('denies the very tunnel whose record could not be written', async () => {
    fillDisk();
    const mediator = await strict(await secure());
    const { head } = await tunnel(mediator, 'api.example:443');
    expect(head).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('denies the very request whose permit could not be recorded, before it is sent', async () => {
    fillDisk();
    const mediator = await strict(await clear());
    expect(await exchangeRaw(mediator, REQUEST)).toMatch(/^HTTP\/1\.1 50[23] [\s\S]*cannot be written/);
    expect(reached).toBe(0);
  });

  it('closes a tunnel whose permit could not be recorded, before its request is sent', async () => {
    const mediator = await strict(await secure());
    const { socket } = await tunnel(mediator, 'api.example:443');
    const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'));
    fillDisk();
    tls.write('GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
    expect(await readAll(tls)).not.toContain('fine');
    expect(reached).toBe(0);
  });

  it('a full disk is told on the socket, and no permit that did not happen is told', async () => {
    fillDisk();
    const mediator = await strict(await clear());
    const socket = connect(mediator.socketPath);
    world.atEnd(() => void socket.destroy());
    let heard = '';
    socket.on('data', chunk => (heard += chunk.toString()));
    socket.write('{"type":"subscribe","replay":100}\n');
    await until(() => heard.includes('hello'));
    await exchangeRaw(mediator, REQUEST);
    await until(() => heard.includes('egress_request'));
    expect(heard).toContain('cannot be written');
    expect(heard).not.toContain('egress_allow');
  });

  it('lets the first attempt through again once there is space', async () => {
    fillDisk();
    const mediator = await strict(await clear());
    await exchangeRaw(mediator, REQUEST);
    await exchangeRaw(mediator, REQUEST);
    emptyDisk();
    expect(await exchangeRaw(mediator, REQUEST)).toMatch(/^HTTP\/1\.1 200 [\s\S]*fine/);
    expect(reached).toBe(1);
  });
});
