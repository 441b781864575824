import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { secured, tunnelAt, World } from '../mediator/world.ts';
import { until } from '../until.ts';
import { ORIGIN, startMediator } from './proxies.ts';
import { NO_PEER, type Bench } from './row.ts';
import { cpuMsOf } from './timed-run.ts';

const CLIENTS = 10;
const [WARM_UP, REQUESTS] = [500, 2_000];
const REQUEST = `GET /some/path HTTP/1.1\r\nHost: ${ORIGIN}\r\n\r\n`;
/** The end of the origin's answer, so that each answer is known to be whole. */
const LAST = 'fine';

/** One request after another on a connection that stays. */
async function ask(tls: TLSSocket, count: number): Promise<void> {
  for (let asked = 0; asked < count; asked += 1) {
    let answer = '';
    tls.write(REQUEST);
    while (!answer.endsWith(LAST)) answer += String((await once(tls, 'data'))[0]);
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`refused: ${answer}`);
  }
}

/** Requests that the mediator opens, rules on, records and passes on, over TLS on both sides. */
export const intercepted: Bench = {
  name: 'intercepted',
  rows: async () => {
    const world = new World();
    try {
      const roots = join(world.folder, 'roots.pem');
      writeFileSync(roots, (await world.originRoot()).certificate);
      const origin = await world.https(ORIGIN, (_, response) => response.end(LAST));
      const proxy = await startMediator(world, `allow:\n  - ${ORIGIN}\n`, '--upstream-ca', roots);
      const authority = join(world.folder, 'home', '.local', 'share', 'egresstop', 'ca.pem');
      await until(() => existsSync(authority));
      const ca = readFileSync(authority, 'utf8');
      const clients = await Promise.all(
        Array.from({ length: CLIENTS }, async () =>
          secured((await tunnelAt(proxy.port, `${ORIGIN}:${origin}`)).socket, ORIGIN, ca),
        ),
      );
      await Promise.all(clients.map(tls => ask(tls, WARM_UP)));
      const [before, startedAt] = [cpuMsOf(proxy.pid), performance.now()];
      await Promise.all(clients.map(tls => ask(tls, REQUESTS)));
      const [cpuMs, wallMs] = [cpuMsOf(proxy.pid) - before, performance.now() - startedAt];
      for (const tls of clients) tls.destroy();
      const per = (ms: number): string => ((CLIENTS * REQUESTS * 1_000) / ms).toFixed(0);
      return [
        {
          what: 'mediator, requests in opened TLS, client and origin on the same machine',
          subject: `${per(cpuMs)} a CPU second, ${per(wallMs)} a second`,
          ...NO_PEER,
          budget: '-',
          isKept: null,
        },
      ];
    } finally {
      await world.end();
    }
  },
};
