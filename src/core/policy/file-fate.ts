/** What becomes of a policy file by a write: its text changes, it is made, or it is removed, as where its creation is undone. */
export type FileFate = 'changed' | 'made' | 'removed';
