import { once } from 'node:events';
import axios from 'axios';
import createHttpsProxyAgent from 'https-proxy-agent';
import { EnvHttpProxyAgent, fetch, ProxyAgent } from 'undici';
import { WebSocket } from 'ws';
import { askGrpc } from './grpc-client.ts';

const proxy = process.env['https_proxy'] ?? '';

/** Clients of Node, by name: each asks a host through the variables of `run` and gives what it answered. */
const CLIENTS: Readonly<Record<string, (host: string) => Promise<string>>> = {
  'undici-proxy-agent': async host =>
    (await fetch(`https://${host}/plain`, { dispatcher: new ProxyAgent(proxy) })).text(),
  'undici-env-agent': async host =>
    (await fetch(`https://${host}/plain`, { dispatcher: new EnvHttpProxyAgent() })).text(),
  axios: async host => String((await axios.get(`https://${host}/plain`)).data),
  ws: async host => {
    const agent: unknown = createHttpsProxyAgent(proxy); // its types are of an older Node
    const socket = new WebSocket(`wss://${host}/`, { agent: agent as never });
    await once(socket, 'open');
    socket.send('plain answer');
    const [message] = await once(socket, 'message');
    socket.close(1000);
    await once(socket, 'close');
    return String(message);
  },
  grpc: async host => {
    await askGrpc(`${host}:443`);
    return 'plain answer';
  },
};

const [name = '', host = ''] = process.argv.slice(2);
process.stdout.write((await CLIENTS[name]?.(host)) ?? `no client ${name}`);
process.exit(0); // connections that are kept would hold the process
