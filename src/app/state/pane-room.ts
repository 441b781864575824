/** The size of the terminal, in cells, from which on the pane beside the list (columns) and the one below it (rows) are shown. */
export const PANES_FROM = { columns: 140, rows: 45 } as const;
