import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAbandoned } from '../../../src/mediator/process/socket-owner.ts';
import { until } from '../../until.ts';
import { dialMediator, readAll, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:C350 0100007F:22AD 05 00000000:00000000 00:00000000 00000000  1000        0 13 1 0 20 4 30 10 -1
   1: 0100007F:C351 0100007F:22AD 05 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1
   2: 0100007F:22AD 0100007F:C352 08 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1
`;

it.each([
  ['one direction', 50_000, false],
  ['both directions', 50_001, true],
  ['nothing that the table knows of', 50_002, false],
])('a client that closed %s is told so by the table of sockets', (_, clientPort, isGone) => {
  expect(isAbandoned(['', TABLE], { clientPort, serverPort: 8877 })).toBe(isGone);
});

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  it('a client that closes is noticed long before its time, and one that ends its side is still served', async () => {
    const answers: ServerResponse[] = [];
    const port = await world.http((_, response) => void answers.push(response));
    const mediator = await world.mediator({
      namesProcesses: true,
      policy: 'allow:\n  - api.test\n',
      pins: [`api.test:127.0.0.1:${port}`],
      limits: { halfClosedMs: 600_000 },
    });
    const ask = async (path: string) => {
      const client = await dialMediator(mediator);
      client.write(`GET http://api.test${path} HTTP/1.1\r\nHost: api.test\r\n\r\n`);
      const count = answers.length;
      await until(() => answers.length > count);
      return client;
    };
    const patient = await ask('/patient');
    patient.end();
    await once(patient, 'finish');
    // The thread that tells the two apart answers in turn: by now it was asked about the patient one.
    const departed = await ask('/departed');
    departed.destroy();
    await world.record('egress_request', { url: 'http://api.test/departed', error: 'the client left' });
    answers[0]?.end('fine');
    expect(await readAll(patient)).toContain('fine');
  });
});
