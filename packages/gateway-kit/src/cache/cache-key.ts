import { createHash } from 'node:crypto';
import type { Viewer } from '@simplebank/chassis/auth';
import type { GraphQLSchema } from 'graphql';
import { printSchema } from 'graphql';
import type { Asked, Operation } from '../request/steps.ts';

type Question = {
  /** The gateway, which stands for its contract. */
  readonly contract: string;
  readonly operation: Operation;
  readonly variables: Asked['variables'];
};

/**
 * What is asked, the same for equal questions however their variables are ordered; variables that
 * the operation does not know make no difference. Answers exist in one language.
 */
export function questionKey({ contract, operation, variables }: Question): string {
  const { text, definition, schema } = operation;
  const names = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const given = Object.fromEntries(
    names.filter((name) => variables[name] !== undefined).map((name) => [name, variables[name]]),
  );
  const name = definition.name?.value ?? null;
  const asked = JSON.stringify([contract, graphOf(schema), name, text, canonical(given)]);
  return createHash('sha256').update(asked).digest('base64url');
}

const graphs = new WeakMap<GraphQLSchema, string>();

/** Under another graph the same text may ask for something else, also at another instance. */
function graphOf(schema: GraphQLSchema): string {
  const found = graphs.get(schema);
  if (found !== undefined) return found;
  const graph = createHash('sha256').update(printSchema(schema)).digest('base64url');
  graphs.set(schema, graph);
  return graph;
}

/** Whose an answer is: what one of them sees, another may only see when it is PUBLIC. */
export const identityOf = (viewer: Viewer): string =>
  viewer.kind === 'anonymous'
    ? 'anonymous'
    : JSON.stringify([viewer.customerId, [...viewer.roles].sort()]);

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, canonical(inner)]));
}
