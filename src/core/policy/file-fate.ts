/** The effect of a write on a policy file: its text changes, the file is created, or (where its creation is undone) it is removed. */
export type FileFate = 'changed' | 'made' | 'removed';
