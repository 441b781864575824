import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { metricsText } from '../../../src/commands/metrics/metrics-text.ts';
import { shipMetricsText } from '../../../src/commands/metrics/ship-metrics.ts';
import { serveMetrics } from '../../../src/commands/metrics/serve-metrics.ts';
import { until } from '../../until.ts';
import { machine } from '../program.ts';
import { CLI } from '../start-program.ts';

/** The samples of a text of Prometheus by name and labels. Each family has its help and its type before its samples. */
function samplesOf(text: string): Readonly<Record<string, number>> {
  const lines = text.split('\n').slice(0, -1);
  const samples: Record<string, number> = {};
  let family = '';
  for (const line of lines) {
    const [, type] = /^# TYPE (\w+) (?:counter|gauge)$/.exec(line) ?? [];
    if (type !== undefined) family = type;
    else if (!line.startsWith(`# HELP `)) {
      const [, name = '', labels = '', value] =
        /^(\w+)(\{verdict="\w+"\})? (\d+(?:\.\d+)?)$/.exec(line) ?? [];
      expect(name).toBe(family);
      samples[`${name}${labels}`] = Number(value);
    }
  }
  return samples;
}

it('every figure is a sample in the text format of Prometheus', () => {
  const decisions = { allow: 3, deny: 2, error: 1, pending: 4 };
  const text = metricsText({
    decisions,
    connections: 5,
    isAuditWritten: false,
    isPolicyRejected: true,
    uptimeMs: 1500,
  });
  expect(samplesOf(text)).toEqual({
    'egresstop_decisions_total{verdict="allow"}': 3,
    'egresstop_decisions_total{verdict="deny"}': 2,
    'egresstop_decisions_total{verdict="error"}': 1,
    egresstop_pending_attempts: 4,
    egresstop_connections: 5,
    egresstop_audit_log_ok: 0,
    egresstop_policy_ok: 0,
    egresstop_uptime_seconds: 1.5,
  });
});

it('a shipper that counted nothing yet has figures all the same', () => {
  const text = shipMetricsText({ ledger: null, isServerUp: false, deliveredMs: 2500 });
  expect(samplesOf(text)).toMatchObject({
    egresstop_ship_lines_total: 0,
    egresstop_ship_behind_bytes: 0,
    egresstop_ship_server_up: 0,
    egresstop_ship_delivery_age_seconds: 2.5,
  });
});

it.each(['0.0.0.0:9464', '192.0.2.1:9464', 'localhost:9464', '[::]:9464', '9464', '127.0.0.1:99999'])(
  'metrics are not served on %s, which is no loopback address',
  async address => {
    await expect(serveMetrics(address, () => '')).rejects.toMatchObject({ exitCode: 2 });
  },
);

it('only GET /metrics is answered', async () => {
  const server = await serveMetrics('127.0.0.1:0', () => 'a 1\n');
  onTestFinished(() => server.close());
  expect(await (await fetch(server.url)).text()).toBe('a 1\n');
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(404);
  expect((await fetch(new URL('/other', server.url))).status).toBe(404);
});

it('a mediator counts for Prometheus what it denies', async () => {
  const { env, path } = machine();
  const args = ['mediator', '--listen', '127.0.0.1:0', '--mode', 'strict', '--metrics', '127.0.0.1:0'];
  const child = spawn(process.execPath, [CLI, ...args], { cwd: path('work'), env });
  const exit = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', chunk => (printed += String(chunk)));
  await until(() => printed.includes('metrics http'));
  const [, port] = /listening on 127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
  const [, url = ''] = /metrics (\S+)/.exec(printed) ?? [];
  const proxied = request({ host: '127.0.0.1', port: Number(port), path: 'http://blocked.example/' }).end();
  const [response] = await once(proxied, 'response');
  response.resume();
  await until(
    async () => samplesOf(await (await fetch(url)).text())['egresstop_decisions_total{verdict="deny"}'] === 1,
  );
  child.kill('SIGTERM');
  await exit;
  expect(child.exitCode).toBe(0);
});

it('a port in use is a failure', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  await expect(serveMetrics(`127.0.0.1:${port}`, () => '')).rejects.toMatchObject({ exitCode: 1 });
});
