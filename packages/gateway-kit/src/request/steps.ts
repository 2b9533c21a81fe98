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
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** An operation as its text says it; made once per text and name. Values of variables are not in it. */
export type Operation = {
  readonly text: string;
  readonly name: string | null;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** The graph that it was checked against; it runs on that one, whatever is loaded meanwhile. */
  readonly schema: GraphQLSchema;
  /** Points that the operation may cost at most, before anything runs. */
  readonly cost: (variables: Asked['variables']) => number;
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
