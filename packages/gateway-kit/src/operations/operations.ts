import { boundedMap } from '@simplebank/chassis/bounded-map';
import { PublicError } from '@simplebank/chassis/errors';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import {
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Asked, Operation } from '../request/steps.ts';
import { limitRules, parseBounds } from './bounds.ts';

const knownMax = 5_000;
const operationNameCharsMax = 100;

export type Operations = {
  /** Throws InvalidOperation, or PublicError BAD_INPUT when no operation can be chosen. */
  readonly resolve: (asked: Asked) => Operation;
};

/** A text that is no operation of this graph; nothing of it runs. */
export class InvalidOperation extends Error {
  override readonly name = 'InvalidOperation';
  readonly errors: readonly GraphQLError[];
  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}

type OperationsOptions = { readonly schema: () => GraphQLSchema; readonly introspection: boolean };

/** Reads and checks each text once; texts used longest ago are forgotten. */
export function createOperations({ schema, introspection }: OperationsOptions): Operations {
  const known = boundedMap<string, Checked>(knownMax);
  const rules = [
    ...specifiedRules,
    ...limitRules(),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];

  function checked(text: string): Checked {
    const found = known.get(text);
    const graph = schema();
    if (found?.schema === graph) return found;
    const document = parsed(text);
    const errors = validate(graph, document, rules);
    if (errors.length > 0) {
      const coding = { code: 'GRAPHQL_VALIDATION_FAILED', hide: !introspection };
      throw new InvalidOperation(errors.map((error) => coded(error, coding)));
    }
    const fresh = { document, schema: graph };
    known.set(text, fresh);
    return fresh;
  }

  return {
    resolve({ query, operationName }) {
      const { document, schema: graph } = checked(query);
      const definition = chosen(document, operationName);
      const name = definition.name?.value.slice(0, operationNameCharsMax) ?? null;
      return { text: query, name, document, definition, schema: graph, cost: () => 1 };
    },
  };
}

/** A text as it was checked, and against which graph: a reload checks it anew. */
type Checked = { readonly document: DocumentNode; readonly schema: GraphQLSchema };

function parsed(text: string): DocumentNode {
  try {
    return parse(text, parseBounds);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new InvalidOperation([coded(error, { code: 'GRAPHQL_PARSE_FAILED', hide: false })]);
  }
}

const suggestion = / ?Did you mean [^?]*\?$/;

/** With the schema hidden, an error may not tell what else there is either. */
function coded(error: GraphQLError, { code, hide }: Coding): GraphQLError {
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(hide ? message.replace(suggestion, '') : message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { ...extensions, code },
  });
}
type Coding = { readonly code: string; readonly hide: boolean };

function chosen(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [first] = operations;
  const found = name
    ? operations.find((operation) => operation.name?.value === name)
    : operations.length === 1
      ? first
      : undefined;
  if (found) return found;
  const message = name
    ? 'The document has no operation of this name.'
    : 'The document has several operations: name one.';
  throw new PublicError('BAD_INPUT', message, { field: 'operationName' });
}
