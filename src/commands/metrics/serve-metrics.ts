import { once } from 'node:events';
import { createServer } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { errorCode } from '../../core/file-error.ts';
import { Failure, misuse } from '../../core/failure.ts';

/** A running metrics endpoint. */
export interface MetricsServer {
  /** The address to scrape, such as `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Answers `GET /metrics` with the result of `text`, on a loopback address `HOST:PORT`. Any other address is wrong usage. */
export async function serveMetrics(address: string, text: () => string): Promise<MetricsServer> {
  const { host, port } = loopbackAddress(address);
  const server = createServer((request, response) => {
    const isAsked = request.url === '/metrics' && (request.method === 'GET' || request.method === 'HEAD');
    if (!isAsked) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text());
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    throw new Failure(`--metrics ${address} cannot be listened on (${code})`, 1, {
      remedy: 'name another port',
    });
  }
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function loopbackAddress(address: string): { readonly host: string; readonly port: number } {
  const [, inBrackets, plain, digits = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = inBrackets ?? plain ?? '';
  const isLoopback = host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  if (!isLoopback || Number(digits) > 65_535)
    throw misuse(`--metrics wants a loopback address as 127.0.0.1:9464: ${address}`);
  return { host, port: Number(digits) };
}
