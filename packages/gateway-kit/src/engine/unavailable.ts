import { OutboundError } from '@simplebank/chassis/outbound';
import { GraphQLError } from 'graphql';

/** What a caller is told when no answer of a subgraph can be had; either may be tried again. */
export const downCodes: ReadonlySet<unknown> = new Set([
  'SUBGRAPH_UNAVAILABLE',
  'BULKHEAD_FULL',
  'DEADLINE_EXCEEDED',
]);

/** A subgraph did not answer in time or at all. Safe to show: it names a part, not a place. */
export class SubgraphUnavailable extends GraphQLError {
  constructor(subgraph: string, cause?: unknown) {
    const isFull = cause instanceof OutboundError && cause.code === 'BULKHEAD_FULL';
    const code = isFull ? 'BULKHEAD_FULL' : 'SUBGRAPH_UNAVAILABLE';
    const why = isFull ? 'has too much to do' : 'does not answer';
    const extensions = { code, subgraph };
    super(`The ${subgraph} part of the bank ${why} right now.`, { extensions });
    this.name = 'SubgraphUnavailable';
    this.cause = cause;
  }
}
