import type {
  DocumentNode,
  GraphQLFormattedError,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { Story } from './story.ts';

/** What a caller sends to the graph, however it arrived: HTTP, REST shim or live update. */
export type Asked = {
  readonly query: string;
  /** The persisted operation that was asked for by its id; absent for a text. */
  readonly id?: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /**
   * Moves with each write of the principal, on every instance; absent where it is not known. Reads
   * that are equal in this too may run as one without missing a write of their own.
   */
  readonly writtenMark?: string;
  /** Never from a cache: what changed a moment ago must be in the answer. */
  readonly fresh?: true;
};

/** An operation as its text says it, without values of variables; made once per text and name. */
export type Operation = {
  /** SHA-256 of the text in hexadecimal digits: the id under which it may be persisted. */
  readonly id: string;
  readonly text: string;
  readonly name: string | null;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** The graph that it was checked against; it runs on that one, whatever is loaded meanwhile. */
  readonly schema: GraphQLSchema;
  /** Points that the operation may cost at most, before anything runs. */
  readonly cost: (variables: Asked['variables']) => number;
  /** Points of what was answered, for whoever charges after. */
  readonly actualCost: (data: Outcome['data']) => number;
};

export type CacheHint = { readonly maxAgeSeconds: number; readonly scope: 'PUBLIC' | 'PRIVATE' };

/** What came of an operation. */
export type Outcome = {
  readonly status: number;
  /** Absent when nothing was run. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** What the subgraphs allow; `maxAgeSeconds` 0 for what must not be kept. */
  readonly cacheHint: CacheHint;
};

/** The final bytes of an answer, with the headers that belong to it. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly outcome: Outcome;
};

export type Run = (operation: Operation, asked: Asked, story: Story) => Promise<Outcome>;
