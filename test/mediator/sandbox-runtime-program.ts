import { createHttpProxyServer } from '@anthropic-ai/sandbox-runtime/dist/sandbox/http-proxy.js';

/** `node sandbox-runtime-program.ts PORT`: the sandbox runtime's proxy as a process of its own, letting everything through to loopback. */
createHttpProxyServer({
  filter: () => true,
  lookupFor: () => (_, __, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
}).listen(Number(process.argv[2]), '127.0.0.1');
