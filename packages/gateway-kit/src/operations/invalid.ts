import type { GraphQLError } from 'graphql';

/** What is asked is no operation of this graph, or more than it answers; nothing of it runs. */
export class InvalidOperation extends Error {
  override readonly name = 'InvalidOperation';
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}
