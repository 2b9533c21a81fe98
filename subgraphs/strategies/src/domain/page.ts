/** Which page of a list that is ordered by number; null is the first. */
export type PageQuestion = { readonly first: number; readonly after: bigint | null };
