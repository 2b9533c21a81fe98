import type { OperationDefinitionNode } from 'graphql';
import { Kind, valueFromASTUntyped, visit } from 'graphql';
import { actualCounter } from './actual-cost.ts';
import type { Costed } from './cost-weights.ts';
import { estimatedCost } from './estimated-cost.ts';
import type { Variables } from './selected.ts';

/** Points of a root field that changes something, beside what it answers. */
const mutationWeight = 10;
export type Cost = {
  /** Before: what the operation may cost at most with these variables, 1 at least. */
  readonly estimated: (variables: Variables) => number;
  /** After: what was answered, 1 at least. */
  readonly actual: (data: Readonly<Record<string, unknown>> | null | undefined) => number;
};

/**
 * The cost of an operation by the IBM cost specification with one kind of points: an object is 1, a
 * scalar is free, `@cost` says otherwise, and a list counts its items as `@listSize` bounds them.
 */
export function costOf(costed: Costed): Cost {
  const { definition } = costed;
  const changes =
    definition.operation === 'mutation' ? definition.selectionSet.selections.length : 0;
  const base = changes * mutationWeight;
  const counted = actualCounter(costed);
  const names = variablesThatCount(costed);
  const defaults = defaultsOf(definition);
  let last: { readonly key: string; readonly points: number } | null = null;

  return {
    estimated(given) {
      const key = names.map((name) => asSent(given[name])).join(' ');
      if (last?.key !== key) {
        const points = base + estimatedCost(costed, { ...defaults, ...given });
        last = { key, points: Math.max(1, points) };
      }
      return last.points;
    },
    actual: (data) => Math.max(1, base + (data ? counted(data) : 0)),
  };
}

/** A number and the same digits as text differ: of one the cost is known, the other is no value. */
const asSent = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

/** Only numbers and switches change a cost; most operations have none, and are counted once. */
function variablesThatCount({ document, definition }: Costed): readonly string[] {
  const declared = new Set(
    (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value),
  );
  const names = new Set<string>();
  visit(document, {
    Argument({ value }) {
      if (value.kind === Kind.VARIABLE && declared.has(value.name.value)) {
        names.add(value.name.value);
      }
    },
  });
  return [...names].filter((name) => isNumberOrSwitch(definition, name));
}

const counting: ReadonlySet<string> = new Set(['Int', 'Boolean']);

function isNumberOrSwitch({ variableDefinitions }: OperationDefinitionNode, name: string): boolean {
  const type = variableDefinitions?.find(({ variable }) => variable.name.value === name)?.type;
  const named = type?.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return named?.kind === Kind.NAMED_TYPE && counting.has(named.name.value);
}

const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Variables =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
