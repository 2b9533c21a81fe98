import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { ValidationContext, ValidationRule } from 'graphql';
import { GraphQLError } from 'graphql';
import { noListInItself } from './nested-lists.ts';

/** What one operation may ask for, whoever asks; measured before anything runs. */
const tokensMax = 2_000;
const depthMax = 12;
const aliasesMax = 30;
const directivesMax = 30;
/** Armor's points: a scalar is 1, an object 2, each level weighs 1.5, `first` multiplies. */
const costMax = 20_000;

const armorPrefix = /^Syntax Error: /;

/** Armor calls every excess a syntax error; the caller reads which bound it was. */
const report = (context: ValidationContext | null, error: GraphQLError) =>
  context?.reportError(new GraphQLError(error.message.replace(armorPrefix, '')));

const bounded = () => ({ propagateOnRejection: false, onReject: [report] });

/** Rules that refuse an operation beyond the bounds, beside those of the GraphQL specification. */
export function limitRules(): ValidationRule[] {
  const armor = new ApolloArmor({
    blockFieldSuggestion: { enabled: false }, // the server hides suggestions with the schema
    maxTokens: { enabled: false }, // the parser itself stops at `parseBounds`
    costLimit: { ...bounded(), maxCost: costMax },
    maxAliases: { ...bounded(), n: aliasesMax },
    maxDepth: { ...bounded(), n: depthMax },
    maxDirectives: { ...bounded(), n: directivesMax },
  });
  return [...armor.protect().validationRules, noListInItself];
}

export const parseBounds = { maxTokens: tokensMax };
