import { type FieldDefinitionNode, Kind, parse } from 'graphql';

/** What shows a copy that has an age of its own: prices, in the contexts that keep some. */
export type Shown = {
  /** Types that tell a copied price or what was made of it: they bear its age. */
  readonly aged: readonly string[];
  /** Types inside of those: the age stands around them. */
  readonly within: Readonly<Record<string, string>>;
  /** Types whose money is a fact and has no age: what was agreed, executed or booked. */
  readonly facts: readonly string[];
};

/** By the context that keeps the copy; see the age bounds in `tools/services/record.ts`. */
export const shownCopies: Readonly<Record<string, Shown>> = {
  holdings: {
    aged: [
      ...['Holding', 'HoldingsTotal', 'Lot'],
      ...['AccountPerformance', 'AccountAllocation', 'AccountDrift'],
    ],
    within: {
      AllocationPart: 'AccountAllocation',
      DriftPart: 'AccountDrift',
      PerformancePoint: 'AccountPerformance',
    },
    facts: ['MissingShares', 'RealizedGain', 'RealizedGainTotal'],
  },
  orders: {
    aged: ['OrderPreview'],
    within: {},
    facts: ['Order', 'OrderRebasing', 'Execution'],
  },
};

/** Names under which a price, or a sum that follows from one, is told. */
const priced = /^(price|.+Price|value|.+Value|.*[gG]ain|share|.+Share|drift|estimatedTotal)$/;
const pricedTypes = ['Decimal', 'Money', 'PerformanceValue', 'PerformanceRate'];

const namedOf = (type: FieldDefinitionNode['type']): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type);

function objectTypes(schema: string): ReadonlyMap<string, readonly FieldDefinitionNode[]> {
  const types = new Map<string, readonly FieldDefinitionNode[]>();
  for (const one of parse(schema).definitions) {
    if (one.kind !== Kind.OBJECT_TYPE_DEFINITION && one.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      continue;
    }
    types.set(one.name.value, [...(types.get(one.name.value) ?? []), ...(one.fields ?? [])]);
  }
  return types;
}

const isPriced = ({ name, type }: FieldDefinitionNode): boolean =>
  priced.test(name.value) && pricedTypes.includes(namedOf(type));

/** Since when it is so, and whether that is too long ago. */
function missingMarks(fields: readonly FieldDefinitionNode[]): readonly string[] {
  const names = fields.map(({ name }) => name.value);
  const tellsStale = names.includes('isStale') || names.includes('degraded');
  return [
    ...(names.includes('asOf') ? [] : ['asOf']),
    ...(tellsStale ? [] : ['isStale or degraded']),
  ];
}

/**
 * Types that show a copied price without its age, and types with prices of which nobody has said
 * whether they are copies or facts. @param schemas of the contexts that keep such copies
 */
export function copiedProblems(
  schemas: Readonly<Record<string, string>>,
  shown: Readonly<Record<string, Shown>> = shownCopies,
): string[] {
  return Object.entries(schemas).flatMap(([context, schema]) => {
    const { aged, within, facts } = shown[context] ?? { aged: [], within: {}, facts: [] };
    const types = objectTypes(schema);
    const said = [...aged, ...Object.keys(within), ...facts];
    const unsaid = [...types].filter(([, fields]) => fields.some(isPriced));
    return [
      ...unsaid
        .filter(([name]) => !said.includes(name))
        .map(([name]) => `${context}: ${name} tells prices: are they copies or facts?`),
      ...said.filter((name) => !types.has(name)).map((name) => `${context}: there is no ${name}`),
      ...Object.entries(within)
        .filter(([, around]) => !aged.includes(around))
        .map(([name, around]) => `${context}: ${name} stands in ${around}, which bears no age`),
      ...aged.flatMap((name) =>
        missingMarks(types.get(name) ?? []).map(
          (mark) => `${context}: ${name} shows a copy without ${mark}`,
        ),
      ),
    ];
  });
}
