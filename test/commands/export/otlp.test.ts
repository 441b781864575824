import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { endpointServer, json, type EndpointServer } from '../../sources/endpoint/endpoint-server.ts';
import { fixturePath, linesOf, machine } from '../program.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

interface LogRecord {
  readonly timeUnixNano: string;
  readonly severityText: string;
  readonly eventName?: string;
  readonly attributes: readonly Attribute[];
}

interface Request {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[];
  }[];
}

async function bodyOf(request: IncomingMessage): Promise<Request> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Request;
}

/** A receiver of OTLP over HTTP, which first answers with these states. */
async function receiver(
  ...states: readonly number[]
): Promise<{ server: EndpointServer; records: LogRecord[] }> {
  const [left, records]: [number[], LogRecord[]] = [[...states], []];
  const server = await endpointServer((request, response) => {
    void bodyOf(request).then(body => {
      const status = left.shift() ?? 200;
      if (status === 200)
        records.push(
          ...body.resourceLogs.flatMap(of => of.scopeLogs.flatMap(({ logRecords }) => logRecords)),
        );
      json({}, status)(request, response);
    });
  });
  return { server, records };
}

const attribute = ({ attributes }: LogRecord, name: string): unknown => {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
};

const LOG = fixturePath('zeph-audit.jsonl');

it('every record of a log arrives once, in order, with its time, host and verdict, also if the receiver fails at first', async () => {
  const { server, records } = await receiver(503);
  const on = machine();
  const { code, stderr } = await on.run(['export', 'otlp', LOG, '--endpoint', server.origin]);
  const events = linesOf((await on.run(['log', '--json', LOG])).stdout).map(
    line => JSON.parse(line) as Record<'at' | 'host' | 'verdict', string | null>,
  );
  expect(stderr).toContain(`${events.length} records sent`);
  expect(code).toBe(0);
  expect(server.asked[0]?.path).toBe('/v1/logs');
  expect(
    records.map(record => ({
      at: new Date(Number(BigInt(record.timeUnixNano) / 1_000_000n)).toISOString(),
      host: attribute(record, 'server.address') ?? null,
      verdict: attribute(record, 'egress.verdict') ?? null,
    })),
  ).toEqual(events.map(({ at, host, verdict }) => ({ at, host, verdict })));
  expect(
    records.some(({ severityText, eventName }) => severityText === 'WARN' && eventName === 'egress.decision'),
  ).toBe(true);
});

it('the query of a URL is left out, and a filter chooses records', async () => {
  const { server, records } = await receiver();
  const on = machine();
  const line = (host: string): string =>
    JSON.stringify({
      ts: '2026-11-29T10:00:00Z',
      event: 'egress_deny',
      host,
      url: `https://${host}/a?token=secret`,
    });
  const log = on.write('audit.jsonl', `${line('a.example')}\n${line('b.example')}\n`);
  await on.run(['export', 'otlp', log, '--endpoint', server.origin, '--filter', 'host:a.example']);
  expect(records.map(record => attribute(record, 'server.address'))).toEqual(['a.example']);
  expect(JSON.stringify(records)).not.toContain('secret');
});

it('records that the receiver refuses make the command fail, and are counted', async () => {
  const { server } = await receiver(400);
  const { code, stderr } = await machine().run(['export', 'otlp', LOG, '--endpoint', server.origin]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/the receiver answers 400[^]*records? refused by the receiver/);
});

it('an endpoint with a password is wrong usage', async () => {
  const { code, output } = await machine().run([
    'export',
    'otlp',
    LOG,
    '--endpoint',
    'http://user:hunter2@localhost/',
  ]);
  expect(code).toBe(2);
  expect(output.toString()).not.toContain('hunter2');
});
