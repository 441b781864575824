import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How many times its first size the young generation becomes: 8 MB of the 64 it would take. */
const GROWTH = 4;
/** What outlives a collection makes it grow. A lump is 1 MiB; three are enough. */
const LUMPS = 16;

/**
 * Keeps V8's young generation small for as long as the process lives. Most of what a log makes outlives it whatever its size, so that a
 * large one saves no work. Its limits are read only when V8 starts, but its growth factor whenever it grows: it is let grow once, in
 * 2 ms. Measured with 200,000 hosts on the dashboard: 239 MB resident instead of 300.
 */
export function boundYoungGeneration(): void {
  const wanted = GROWTH * youngBytes();
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
  const kept: (readonly number[][])[] = [];
  while (youngBytes() < wanted && kept.length < LUMPS) kept.push(lump());
  setFlagsFromString('--semi-space-growth-factor=1');
}

const lump = (): number[][] => Array.from({ length: 16 }, () => Array<number>(8_192).fill(0));

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
