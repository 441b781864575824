import { renderToString, Text } from 'ink';
import type { Tone } from '../app/select/text/span.ts';
import type { Styles } from './row-painter.ts';
import type { Theme } from './theme.ts';

/** Ink's control sequences around a text of each tone: painted rows look as Ink's own do, with as many colours as the terminal has. */
export const stylesOf = (theme: Theme): Styles =>
  Object.fromEntries(
    Object.entries(theme).map(([tone, props]) => {
      const [open = '', close = ''] = renderToString(<Text {...props}>x</Text>).split('x');
      return [tone, { open, close }];
    }),
  ) as unknown as Record<Tone, Styles[Tone]>;
