import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Minter } from '../../mediator/certificates/authority.ts';

/** TLS servers on one loopback port, with a certificate for each name. */
export interface Origins {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const BIG_CHUNKS = 64;
const CHUNK = Buffer.alloc(16 * 1024, 'egresstop ');

/** Serves every requested name with its own certificate. */
export async function startOrigins(mint: Minter): Promise<Origins> {
  const server = createServer({
    SNICallback: (name, done) => {
      mint(name, Date.now()).then(
        ({ certificate, key }) => done(null, createSecureContext({ cert: certificate, key })),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on('request', answer);
  server.on('tlsClientError', () => undefined); // a client ended during the handshake
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => stop(server) };
}

/** Answers a request. Some pages are missing, some downloads are large, and a model responds slowly. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/';
  request.resume();
  if (path.startsWith('/missing')) response.writeHead(404).end('no such page\n');
  else if (path.startsWith('/big')) pour(response, BIG_CHUNKS);
  else if (path.startsWith('/v1'))
    setTimeout(() => response.end('{"type":"message"}\n'), 200 + Math.random() * 600);
  else response.end('hello\n');
}

function pour(response: ServerResponse, chunks: number): void {
  if (chunks === 0) response.end();
  else response.write(CHUNK, () => pour(response, chunks - 1));
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
