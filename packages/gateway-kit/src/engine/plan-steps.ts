import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { GraphQLError, Kind } from 'graphql';
import type { Asked } from '../request/steps.ts';
import type { CachePolicy } from './cache-policy.ts';
import { mergeInto } from './merge.ts';
import { pathsTo, placesAt } from './places.ts';
import { type Data, type FetchNode, isData, LeftToLibrary, type PlanNode } from './plan-nodes.ts';
import type { Reader } from './reader.ts';
import { representing } from './representation.ts';

export type PlanRun = {
  readonly reader: Reader;
  readonly variables: Asked['variables'];
  readonly policy: CachePolicy;
  readonly root: Data;
  /** In the order in which they came; whatever a fetch threw is among them. */
  readonly errors: unknown[];
};
/** Where in the answer a step works: the path to it, and the objects that stand there. */
type Cursor = { readonly path: readonly string[]; readonly places: readonly Data[] };
type Step = (run: PlanRun, cursor: Cursor) => Promise<void>;

type Planning = {
  readonly definition: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
  readonly sourceOf: (subgraph: string) => GraphQLDataSource;
};

/** A node of a query plan as a function. Throws LeftToLibrary for what only the library runs. */
export function stepOf(node: PlanNode, planning: Planning): Step {
  switch (node.kind) {
    case 'Sequence': {
      const steps = node.nodes.map((one) => stepOf(one as PlanNode, planning));
      return async (run, cursor) => {
        for (const step of steps) await step(run, cursor);
      };
    }
    case 'Parallel': {
      const steps = node.nodes.map((one) => stepOf(one as PlanNode, planning));
      return async (run, cursor) => {
        await Promise.all(steps.map((step) => step(run, cursor)));
      };
    }
    case 'Flatten':
      return flattenStep(node, planning);
    case 'Fetch':
      return fetchStep(node, planning);
    case 'Condition':
      return conditionStep(node, planning);
    default:
      throw new LeftToLibrary();
  }
}

type FlattenNode = Extract<PlanNode, { readonly kind: 'Flatten' }>;

function flattenStep({ path, node }: FlattenNode, planning: Planning): Step {
  if (node.kind !== 'Fetch') throw new LeftToLibrary();
  const names = path.map(String);
  const step = fetchStep(node, planning);
  return (run) => step(run, { path: names, places: placesAt(run.root, names) });
}

type ConditionNode = Extract<PlanNode, { readonly kind: 'Condition' }>;

function conditionStep(node: ConditionNode, planning: Planning): Step {
  const { condition, ifClause, elseClause } = node;
  const whenTrue = ifClause && stepOf(ifClause as PlanNode, planning);
  const whenFalse = elseClause && stepOf(elseClause as PlanNode, planning);
  const declared = planning.definition.variableDefinitions?.find(
    ({ variable }) => variable.name.value === condition,
  )?.defaultValue;
  const otherwise = declared?.kind === Kind.BOOLEAN ? declared.value : undefined;
  return async (run, cursor) => {
    const value = run.variables[condition] ?? otherwise;
    if (typeof value !== 'boolean') throw new Error(`the condition ${condition} has no value`);
    await (value ? whenTrue : whenFalse)?.(run, cursor);
  };
}

type Processing = Parameters<GraphQLDataSource['process']>[0];

function fetchStep(node: FetchNode, planning: Planning): Step {
  const { inputRewrites, outputRewrites, contextRewrites } = node;
  if ([inputRewrites, outputRewrites, contextRewrites].some((given) => given?.length)) {
    throw new LeftToLibrary();
  }
  const fetching = node.requires ? entitiesFetch(node, planning) : rootFetch(node, planning);
  return async (run, cursor) => {
    if (cursor.places.length === 0) return;
    try {
      await fetching(run, cursor);
    } catch (error) {
      run.errors.push(error);
    }
  };
}

function rootFetch(node: FetchNode, planning: Planning): Step {
  const send = sending(node, planning);
  return async (run, { places }) => {
    const data = await send(run, variablesOf(node, run), (path) => path);
    const [first] = places;
    if (data && first) mergeInto(first, data);
  };
}

function entitiesFetch(node: FetchNode, planning: Planning): Step {
  const represent = representing(node.requires ?? [], planning.schema);
  const send = sending(node, planning);
  return async (run, { path, places }) => {
    const representations: Data[] = [];
    const indexes: number[] = [];
    for (const [index, place] of places.entries()) {
      const representation = represent(place);
      if (!representation?.['__typename']) continue;
      representations.push(representation);
      indexes.push(index);
    }
    if (representations.length === 0) return;
    let paths: ReturnType<typeof pathsTo> | null = null;
    const data = await send(run, { ...variablesOf(node, run), representations }, (inside) => {
      const [, position, ...rest] = inside;
      if (typeof position !== 'number') return [...path, ...inside];
      paths ??= pathsTo(run.root, path);
      return [...(paths[indexes[position] ?? -1] ?? []), ...rest];
    });
    if (!data) return;
    const entities = data['_entities'];
    if (!Array.isArray(entities) || entities.length !== representations.length) {
      throw new Error(`expected ${representations.length} entities in an answer`);
    }
    for (const [position, entity] of entities.entries()) {
      const place = places[indexes[position] ?? -1];
      if (place && isData(entity)) mergeInto(place, entity);
    }
  };
}

type Path = readonly (string | number)[];

/** Asks the subgraph; what it says of errors is told at the places in the whole answer. */
function sending({ operation: query, operationName, serviceName }: FetchNode, planning: Planning) {
  const source = planning.sourceOf(serviceName);
  return async (run: PlanRun, variables: Data, placeOf: (path: Path) => Path) => {
    const processing = {
      kind: 'incoming operation',
      request: { query, variables, operationName },
      incomingRequestContext: { overallCachePolicy: run.policy },
      context: run.reader,
    };
    // The source reads no more than this of what the library would give it.
    const { data, errors = [] } = await source.process(processing as unknown as Processing);
    for (const { message, path, extensions } of errors) {
      const place = path ? { path: placeOf(path) } : {};
      run.errors.push(new GraphQLError(message, { ...place, ...(extensions && { extensions }) }));
    }
    return data as Data | null | undefined;
  };
}

function variablesOf({ variableUsages = [] }: FetchNode, { variables }: PlanRun): Data {
  const used: Data = {};
  for (const name of variableUsages) {
    if (Object.hasOwn(variables, name)) used[name] = variables[name];
  }
  return used;
}
