/** The least size of a terminal, in cells, for the pane beside the list (columns) and the pane below it (rows). */
export const PANES_FROM = { columns: 140, rows: 45 } as const;
