import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import { sameLine, type Line } from '../app/select/text/span.ts';
import type { Theme } from './theme.ts';

interface RowProps {
  readonly line: Line;
  readonly theme: Theme;
}

/** One row of the terminal as a Text with styled runs. It is drawn again only if its content changes. */
export const Row = memo(
  ({ line, theme }: RowProps): ReactElement => (
    <Text wrap="truncate">
      {line.every(({ text }) => text === '')
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

/** The part of a view that Ink draws: the rows of a dialog. Ink leaves the other rows alone. */
export interface DialogPart {
  /** The number of rows of the terminal. */
  readonly rows: number;
  /** The first row of the dialog, from 0. */
  readonly row: number;
  readonly lines: readonly Line[];
}

interface FrameProps {
  readonly dialog: DialogPart;
  readonly columns: number;
  readonly theme: Theme;
}

/** The whole screen. It has exactly as many rows as the terminal, so that Ink never scrolls. */
export const Frame = ({ dialog, columns, theme }: FrameProps): ReactElement => (
  <Box flexDirection="column" width={columns} height={dialog.rows}>
    <Box height={dialog.row} flexShrink={0} />
    {dialog.lines.map((line, index) => (
      <Row key={index} line={line} theme={theme} />
    ))}
  </Box>
);
