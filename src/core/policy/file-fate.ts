/** The fate of a policy file in a write: its text changes, it is made, or it is removed, as where its creation is undone. */
export type FileFate = 'changed' | 'made' | 'removed';
