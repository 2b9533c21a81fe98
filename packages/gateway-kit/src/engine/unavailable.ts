import { GraphQLError } from 'graphql';

/** A subgraph did not answer in time or at all. Safe to show: it names a part, not a place. */
export class SubgraphUnavailable extends GraphQLError {
  constructor(subgraph: string, cause?: unknown) {
    const extensions = { code: 'SUBGRAPH_UNAVAILABLE', subgraph };
    super(`The ${subgraph} part of the bank does not answer right now.`, { extensions });
    this.name = 'SubgraphUnavailable';
    this.cause = cause;
  }
}
