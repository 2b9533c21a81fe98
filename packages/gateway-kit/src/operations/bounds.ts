import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { SelectionSetNode, ValidationContext, ValidationRule } from 'graphql';
import { GraphQLError, Kind } from 'graphql';
import { noListInItself } from './nested-lists.ts';

/** What one operation may ask for, whoever asks; measured before anything runs. */
const tokensMax = 2_000;
const depthMax = 12;
const aliasesMax = 30;
const directivesMax = 30;
const rootFieldsMax = 20;
/** Points of the cost specification; the phone's dearest screen costs 101. */
export const defaultCostMax = 20_000;
/** Comments and strings are few tokens, so that length is a bound of its own. */
export const textCharsMax = 32_768;

const armorPrefix = /^Syntax Error: /;

/** Armor calls every excess a syntax error; the caller reads which bound it was. */
const report = (context: ValidationContext | null, error: GraphQLError) =>
  context?.reportError(new GraphQLError(error.message.replace(armorPrefix, '')));

const bounded = () => ({ propagateOnRejection: false, onReject: [report] });

/** Rules that refuse an operation beyond the bounds, beside those of the GraphQL specification. */
export function limitRules({ nestsLists = false }: Nesting = {}): ValidationRule[] {
  const armor = new ApolloArmor({
    blockFieldSuggestion: { enabled: false }, // the server hides suggestions with the schema
    maxTokens: { enabled: false }, // the parser itself stops at `parseBounds`
    costLimit: { enabled: false }, // `cost.ts` counts by the specification, and by variables
    maxAliases: { ...bounded(), n: aliasesMax },
    maxDepth: { ...bounded(), n: depthMax },
    maxDirectives: { ...bounded(), n: directivesMax },
  });
  const nesting = nestsLists ? [] : [noListInItself];
  return [...armor.protect().validationRules, ...nesting, fewRootFields];
}
/** Only graphs whose lists are known to be short let them stand inside themselves. */
type Nesting = { readonly nestsLists?: boolean };

/** Each root field is a call to a subgraph of its own; fragments are looked into once. */
const fewRootFields: ValidationRule = (context) => ({
  OperationDefinition(node) {
    const { fields, seen } = { fields: new Set<string>(), seen: new Set<string>() };
    const look = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          fields.add((selection.alias ?? selection.name).value);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          look(selection.selectionSet);
        } else if (!seen.has(selection.name.value)) {
          seen.add(selection.name.value);
          const fragment = context.getFragment(selection.name.value);
          if (fragment) look(fragment.selectionSet);
        }
      }
    };
    look(node.selectionSet);
    if (fields.size <= rootFieldsMax) return;
    const message = `Root fields limit of ${rootFieldsMax} exceeded, found ${fields.size}.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

export const parseBounds = { maxTokens: tokensMax };
