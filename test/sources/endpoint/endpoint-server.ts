import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A real server on loopback that is gone after the test. */
export interface EndpointServer {
  readonly url: string;
  readonly origin: string;
  /** The requests, in order: paths with their queries, and the tokens. */
  readonly asked: { readonly path: string; readonly token: string | undefined }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  readonly close: () => Promise<void>;
}

export async function endpointServer(answer: EndpointServer['answer']): Promise<EndpointServer> {
  const asked: { path: string; token: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', token: request.headers.authorization });
    running.answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const running: EndpointServer = { url: `${origin}/firewall/events`, origin, asked, answer, close };
  onTestFinished(close);
  return running;
}

/** Answers with this, as JSON. */
export const json =
  (body: unknown, status = 200): EndpointServer['answer'] =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
