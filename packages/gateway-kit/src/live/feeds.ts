import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { getNamedType } from 'graphql';

/** A declaration: a field of `Subscription`, the query that answers for it, and what wakes it. */
export type Feed = {
  /** The field of `Subscription`. */
  readonly field: string;
  /** The field of `Query` that is asked again and again; it takes the same arguments. */
  readonly query: string;
  /**
   * `all`: the query takes `after` and `first` too and answers
   * `{ cursor hasMore nodes { cursor … } }`, of which nothing is left out.
   * `latest`: the query answers what the field answers, and states in between are skipped.
   */
  readonly tells: 'all' | 'latest';
  /**
   * The type of the entities whose events wake it. Their ids are the page's `accountId` for `all`,
   * and the `id` of what is answered for `latest`.
   */
  readonly entity: string;
};

/** Throws Error for a declaration that does not fit the graph of this gateway. */
export function assertFeedsFit(feeds: readonly Feed[], schema: GraphQLSchema): void {
  for (const { field, query, tells, entity } of feeds) {
    const told = schema.getSubscriptionType()?.getFields()[field];
    const asked = schema.getQueryType()?.getFields()[query];
    if (!told) throw new Error(`the graph has no subscription ${field}`);
    if (!asked) throw new Error(`the graph has no query ${query}, which feeds ${field}`);
    const page = getNamedType(asked.type) as GraphQLObjectType;
    const wanted = tells === 'all' ? ['cursor', 'hasMore', 'nodes', 'accountId'] : ['id'];
    const missing = wanted.filter((name) => !page.getFields()[name]);
    if (missing.length > 0) throw new Error(`${query} answers no ${missing.join(', ')}`);
    if (!schema.getType(entity)) throw new Error(`${field} waits for ${entity}, which is no type`);
  }
}
