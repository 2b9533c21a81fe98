/** The longest that an answer is kept, whatever its subgraphs allow. */
export const keptMaxMs = 3_600_000;
/** Marks outlive every answer that they rule out, a slow run included. */
export const markLifetimeMs = 2 * keptMaxMs;

/** Numbers every run and every change in their order, for all instances. */
export const clockKey = 'answers:clock';
/** Moved when something may have changed of which nobody was told. */
export const epochKey = 'answers:epoch';
/** The number of the last change of what a tag names. */
export const tagKey = (tag: string): string => `answers:tag:${tag}`;
/** Counts the writes of a principal. */
export const generationKey = (customerId: string): string => `answers:generation:${customerId}`;
/** Which generation it was, and the number of the change, when the principal last wrote. */
export const writtenKey = (customerId: string): string => `answers:written:${customerId}`;
