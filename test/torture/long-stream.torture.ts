import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { machine } from '../commands/program.ts';
import { CLI } from '../commands/start-program.ts';
import { peakWhileRunning } from './resident.ts';
import { scaled } from './scale.ts';

const LINES_A_BATCH = 10_000;

const batch = (start: number): string => {
  let text = '';
  for (let i = start; i < start + LINES_A_BATCH; i++)
    text += `{"timestamp":"${1_795_078_800 + Math.floor(i / 100)}","kind":"egress","correlation_id":"c-${i}","tool":"fetch","url":"https://h${i % 5_000}.example/a/${i}","host":"h${i % 5_000}.example","method":"GET","status":200,"duration_ms":${i % 300},"response_bytes":${i % 9_999}}\n`;
  return text;
};

/** Pipes so many records through `report --json`; its count of decisions, and the most memory it held. */
async function reported(records: number): Promise<{ readonly events: number; readonly peak: number }> {
  const { env, path } = machine();
  const child = spawn(process.execPath, [CLI, 'report', '--json', '-'], {
    env,
    cwd: path('work'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let [out, peak] = ['', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  // The end of a run takes memory too, so that the last look has to come as late as possible.
  const looking = setInterval(() => {
    peak = Math.max(peak, peakWhileRunning(child.pid ?? 0) ?? 0);
  }, 5);
  for (let i = 0; i < records; i += LINES_A_BATCH)
    if (!child.stdin.write(batch(i))) await once(child.stdin, 'drain');
  child.stdin.end();
  await once(child, 'close');
  clearInterval(looking);
  return { events: (JSON.parse(out) as { readonly events: number }).events, peak };
}

it('ten million events are counted to the last, in the memory of one million', async () => {
  // Below a million records the memory has not reached what it takes whatever the length.
  const [few, many] = [1_000_000, scaled(10_000_000, 3_000_000)];
  const small = await reported(few);
  const large = await reported(many);
  expect([small.events, large.events]).toEqual([few, many]);
  expect(large.peak).toBeLessThan(small.peak * 1.2);
});
