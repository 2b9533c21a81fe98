import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway';
import { boundedMap } from '@simplebank/chassis/bounded-map';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { GraphQLError, getVariableValues, Kind, valueFromASTUntyped, visit } from 'graphql';
import type { Asked, Operation } from '../request/steps.ts';
import { objectCompleter } from './answer-shape.ts';
import type { CachePolicy } from './cache-policy.ts';
import { LeftToLibrary, type PlanNode, type QueryPlan } from './plan-nodes.ts';
import { type PlanRun, stepOf } from './plan-steps.ts';
import type { Reader } from './reader.ts';
import { type Complete, type Completing, failed } from './typed-value.ts';

const plansMax = 2_000;
/** Of one operation, by the values of what switches its selections on and off. */
const shapesMax = 32;

type Result = Awaited<ReturnType<ApolloGateway['executor']>>;
type Running = {
  readonly asked: Asked;
  readonly reader: Reader;
  readonly policy: CachePolicy;
};
type RunCompiled = (running: Running) => Promise<Result>;

type Options = {
  readonly schema: () => GraphQLSchema | undefined;
  readonly sourceOf: (subgraph: string) => GraphQLDataSource;
};

export type CompiledPlans = {
  readonly learn: (definition: OperationDefinitionNode | undefined, plan: QueryPlan) => void;
  /** Null for an operation that the library has to run: the first time, and in rare forms. */
  readonly of: (operation: Operation) => RunCompiled | null;
};

/** Plans that the library has made, compiled when they are needed again. */
export function createCompiledPlans({ schema, sourceOf }: Options): CompiledPlans {
  const plans = boundedMap<OperationDefinitionNode, QueryPlan>(plansMax);
  const compiled = boundedMap<OperationDefinitionNode, { readonly run: RunCompiled | null }>(
    plansMax,
  );
  return {
    learn: (definition, plan) => void (definition && plans.set(definition, plan)),
    of(operation) {
      const { definition } = operation;
      const known = compiled.get(definition);
      if (known) return known.run;
      const plan = plans.get(definition);
      const graph = schema();
      if (!plan || !graph) return null;
      const run = compile(operation, plan, { schema: graph, sourceOf });
      compiled.set(definition, { run });
      return run;
    },
  };
}

type Compiling = Omit<Options, 'schema'> & { readonly schema: GraphQLSchema };

function compile(operation: Operation, plan: QueryPlan, compiling: Compiling): RunCompiled | null {
  const { definition } = operation;
  const { schema, sourceOf } = compiling;
  if (!plan.node || !isCommon(operation)) return null;
  try {
    const step = stepOf(plan.node as PlanNode, { definition, schema, sourceOf });
    const shape = shapes(operation, schema);
    const declared = definition.variableDefinitions ?? [];
    return async ({ asked: { variables }, reader, policy }) => {
      const { errors: refused } = getVariableValues(schema, declared, variables);
      if (refused) return { errors: refused };
      const root = Object.create(null) as PlanRun['root'];
      const run: PlanRun = { reader, variables, policy, root, errors: [] };
      await step(run, { path: [], places: [root] });
      return resultOf(run, shape(variables));
    };
  } catch (error) {
    if (error instanceof LeftToLibrary) return null;
    throw error;
  }
}

/** Questions about the schema, and names that mean something to JavaScript, are no common ones. */
function isCommon({ document, text, definition }: Operation): boolean {
  if (definition.operation === 'subscription' || text.includes('__proto__')) return false;
  let common = true;
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type') common = false;
    },
  });
  return common;
}

/** A value of another kind than its type says makes the whole answer worthless, as for stock. */
function resultOf({ root, errors }: PlanRun, complete: Complete): Result {
  const at: Completing = { path: [], errors: [] };
  try {
    const completed = complete(root, at, '');
    const data = completed === failed ? null : (completed as Result['data'] & object);
    if (errors.length > 0) return { errors: errors as GraphQLError[], data };
    if (at.errors.length > 0) return { extensions: { valueCompletion: at.errors }, data };
    return { data };
  } catch (error) {
    return { errors: [new GraphQLError(String(error), { originalError: error as Error })] };
  }
}

/** The answer's shape for these variables; it differs only by what `@skip` and `@include` say. */
function shapes({ document, definition }: Operation, schema: GraphQLSchema) {
  const type = schema.getRootType(definition.operation);
  if (!type) throw new LeftToLibrary();
  const names = switchesIn(document);
  const defaults = Object.fromEntries(
    (definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  const made = boundedMap<string, Complete>(shapesMax);
  return (given: Asked['variables']): Complete => {
    const values = names.map((name) => given[name] ?? defaults[name]);
    const key = values.join(' ');
    const found = made.get(key);
    if (found) return found;
    const variables = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    const shaping = { schema, document, variables };
    const complete = objectCompleter([definition.selectionSet], type, shaping);
    made.set(key, complete);
    return complete;
  };
}

function switchesIn(document: Operation['document']): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
