import { identityOf } from '../cache/cache-key.ts';
import type { Asked, Operation } from '../request/steps.ts';
import type { Story } from '../request/story.ts';

/** A request as the data sources of the plan see it. */
export type Reader = Story & {
  /** Whose reads may run as one with this one's; null: nobody's. */
  readonly shareAs: string | null;
};

type Reading = { readonly operation: Operation; readonly asked: Asked; readonly shares: boolean };

/**
 * Two readers share what they read at the same moment only when they see the same, and when
 * neither could miss a write of its own that the other's earlier read has not seen.
 */
export function readerOf(story: Story, { operation, asked, shares }: Reading): Reader {
  const { viewer } = story;
  const mayShare = shares && operation.definition.operation === 'query' && !asked.fresh;
  const mark = asked.writtenMark ?? (viewer.kind === 'anonymous' ? '' : undefined);
  const shareAs =
    mayShare && mark !== undefined ? `${viewer.channel} ${identityOf(viewer)} ${mark}` : null;
  return { ...story, shareAs };
}
