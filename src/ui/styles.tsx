import { renderToString, Text } from 'ink';
import type { Tone } from '../app/select/text/span.ts';
import type { Styles } from './row-painter.ts';
import type { Theme } from './theme.ts';

/**
 * Ink's escape sequences for each tone, so that painted rows look like Ink's own and use as many colours. All tones are rendered in one
 * call, because each call costs time before the first frame.
 */
export function stylesOf(theme: Theme): Styles {
  const tones = Object.keys(theme) as Tone[];
  const drawn = renderToString(
    <Text>
      {tones.map(tone => (
        <Text key={tone} {...theme[tone]}>
          {'x\n'}
        </Text>
      ))}
    </Text>,
  ).split('\n');
  return Object.fromEntries(
    tones.map((tone, index) => {
      const [open = '', close = ''] = (drawn[index] ?? '').split('x');
      return [tone, { open, close }];
    }),
  ) as Record<Tone, Styles[Tone]>;
}
