import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import { sameLine, type Line } from '../app/select/text/span.ts';
import type { Theme } from './theme.ts';

interface RowProps {
  readonly line: Line;
  readonly theme: Theme;
}

/** One row of the terminal as one Text with a few runs of style; drawn again only when what it shows has changed. */
export const Row = memo(
  ({ line, theme }: RowProps): ReactElement => (
    <Text wrap="truncate">
      {line.length === 0
        ? ' '
        : line.map(({ text, tone }, index) => (
            <Text key={index} {...theme[tone]}>
              {text}
            </Text>
          ))}
    </Text>
  ),
  (before, after) => before.theme === after.theme && sameLine(before.line, after.line),
);
Row.displayName = 'Row';

interface FrameProps {
  readonly lines: readonly Line[];
  readonly columns: number;
  readonly theme: Theme;
}

/** The whole screen: exactly as many rows as the terminal has, so that Ink never scrolls. */
export const Frame = ({ lines, columns, theme }: FrameProps): ReactElement => (
  <Box flexDirection="column" width={columns} height={lines.length}>
    {lines.map((line, index) => (
      <Row key={index} line={line} theme={theme} />
    ))}
  </Box>
);
