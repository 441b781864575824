import { Box } from 'ink';
import type { ReactElement } from 'react';
import type { Line } from '../../app/select/text/span.ts';
import type { Theme } from '../theme.ts';
import { Row } from './row.tsx';

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
