import { expect, it, vi } from 'vitest';
import { themeOf } from '../../src/ui/theme.ts';
import { warmUp } from '../../src/ui/warm-up.tsx';

it('a screen that warms up writes nothing to the terminal', () => {
  const written = vi.spyOn(process.stdout, 'write');
  try {
    for (const name of ['dark', 'light', 'plain'] as const) warmUp(themeOf(name));
    expect(written).not.toHaveBeenCalled();
  } finally {
    written.mockRestore();
  }
});
