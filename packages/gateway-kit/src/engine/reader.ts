import type { Degraded } from '@simplebank/chassis/fallbacks';
import { identityOf } from '../cache/cache-key.ts';
import type { Asked, Operation } from '../request/steps.ts';
import type { Story } from '../request/story.ts';

/** A request as the data sources of the plan see it. */
export type Reader = Story & {
  /** Whose reads may run as one with this one's; null: nobody's. */
  readonly shareAs: string | null;
  /** What it asks for may change something. */
  readonly isChange: boolean;
  /** What subgraphs say of fallbacks that their answers rest on. */
  readonly degraded: Degraded[];
};

type Reading = { readonly operation: Operation; readonly asked: Asked; readonly shares: boolean };

/**
 * Two readers share what they read at the same moment only when they see the same, and when
 * neither could miss a write of its own that the other's earlier read has not seen.
 */
export function readerOf(story: Story, { operation, asked, shares }: Reading): Reader {
  const { viewer } = story;
  const isChange = operation.definition.operation !== 'query';
  const mayShare = shares && !isChange && !asked.fresh;
  const mark = asked.writtenMark ?? (viewer.kind === 'anonymous' ? '' : undefined);
  const shareAs =
    mayShare && mark !== undefined ? `${viewer.channel} ${identityOf(viewer)} ${mark}` : null;
  return { ...story, shareAs, isChange, degraded: [] };
}
