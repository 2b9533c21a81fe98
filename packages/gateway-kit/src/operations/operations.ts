import { PublicError } from '@simplebank/chassis/errors';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, ValidationRule } from 'graphql';
import {
  GraphQLError,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Asked, Operation } from '../request/steps.ts';
import { limitRules, parseBounds, textCharsMax } from './bounds.ts';
import { costOf } from './cost.ts';
import type { CostWeights } from './cost-weights.ts';
import { InvalidOperation } from './invalid.ts';
import type { KnownTexts } from './known-texts.ts';
import { knownTexts } from './known-texts.ts';
import { idOf } from './persisted.ts';

/** A parsed text takes some thirty times its length: 120 MB in all, if every text were new. */
const knownBounds = { countMax: 5_000, charsMax: 4_000_000 };
const operationNameCharsMax = 100;

export type Operations = {
  /** Throws InvalidOperation for a text, a name or a cost that is not answered; nothing runs. */
  readonly resolve: (asked: Asked) => Operation;
};

type OperationsOptions = {
  readonly schema: () => GraphQLSchema;
  /** What the supergraph behind a schema says of cost. */
  readonly weightsOf: (schema: GraphQLSchema) => CostWeights;
  readonly introspection: boolean;
  readonly costMax: number;
  /** Lists may be asked for inside themselves; see `limitRules`. */
  readonly nestsLists?: boolean;
};

/** A text that passed every rule, and its operations as they are asked for by name. */
type Known = { readonly document: DocumentNode; readonly operations: Map<string, Operation> };

/** Reads and checks each text once per graph; texts used longest ago are forgotten. */
export function createOperations(options: OperationsOptions): Operations {
  const { schema, weightsOf, introspection, costMax, nestsLists = false } = options;
  const rules = [
    ...specifiedRules,
    ...limitRules({ nestsLists }),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const knownBy = new WeakMap<GraphQLSchema, KnownTexts<Known>>();

  function knownOf(text: string, graph: GraphQLSchema): { known: Known; id: string } {
    if (text.length > textCharsMax) throw tooLong();
    const texts = knownBy.get(graph) ?? knownTexts<Known>(knownBounds);
    knownBy.set(graph, texts);
    const id = idOf(text);
    const found = texts.get(id);
    if (found) return { known: found, id };
    const document = checked(text, { graph, rules, introspection });
    const known: Known = { document, operations: new Map() };
    texts.set(id, known, text.length);
    return { known, id };
  }

  return {
    resolve({ query, operationName, variables }) {
      const graph = schema();
      const { known, id } = knownOf(query, graph);
      const { document, operations } = known;
      const definition = chosen(document, operationName);
      const called = definition.name?.value ?? '';
      const operation =
        operations.get(called) ??
        operationOf({ id, text: query, document, definition, schema: graph }, weightsOf(graph));
      operations.set(called, operation);
      refuseCostly(operation.cost(variables), costMax);
      return operation;
    },
  };
}

type Parts = Pick<Operation, 'id' | 'text' | 'document' | 'definition' | 'schema'>;

function operationOf(parts: Parts, weights: CostWeights): Operation {
  const cost = costOf({ ...parts, weights });
  const name = parts.definition.name?.value.slice(0, operationNameCharsMax) ?? null;
  return { ...parts, name, cost: cost.estimated, actualCost: cost.actual };
}

function refuseCostly(cost: number, costMax: number): void {
  if (cost <= costMax) return;
  const message = `This operation may cost ${cost} points; at most ${costMax} are answered.`;
  throw new InvalidOperation([
    new GraphQLError(message, { extensions: { code: 'COST_EXCEEDED', cost, costMax } }),
  ]);
}

type Checking = {
  readonly graph: GraphQLSchema;
  readonly rules: readonly ValidationRule[];
  readonly introspection: boolean;
};

/** What is kept has no locations, which would hold on to the text and to every token of it. */
function checked(text: string, { graph, rules, introspection }: Checking): DocumentNode {
  const errors = validate(graph, parsed(text, { noLocation: false }), rules);
  if (errors.length > 0) {
    const coding = { code: 'GRAPHQL_VALIDATION_FAILED', hide: !introspection };
    throw new InvalidOperation(errors.map((error) => coded(error, coding)));
  }
  return parsed(text, { noLocation: true });
}

function parsed(text: string, { noLocation }: { readonly noLocation: boolean }): DocumentNode {
  try {
    return parse(text, { ...parseBounds, noLocation });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new InvalidOperation([coded(error, { code: 'GRAPHQL_PARSE_FAILED', hide: false })]);
  }
}

const tooLong = () => {
  const message = `The text is longer than ${textCharsMax} characters.`;
  return new InvalidOperation([
    new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } }),
  ]);
};

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
  throw new InvalidOperation([new PublicError('BAD_INPUT', message, { field: 'operationName' })]);
}
