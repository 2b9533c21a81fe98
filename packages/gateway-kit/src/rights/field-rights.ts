import type { GraphQLCompositeType, GraphQLSchema } from 'graphql';
import { getNamedType, isAbstractType, isUnionType } from 'graphql';
import type { Rules } from './directives.ts';
import type { Requirement } from './requirement.ts';

export type FieldRights = (parent: GraphQLCompositeType, field: string) => Requirement;

/**
 * What a field takes: what its type asks for, it itself, and the type that it answers. A field of
 * an interface takes what any type behind it takes, because its answer may be any of them.
 */
export function createFieldRights(schema: GraphQLSchema, rules: Rules): FieldRights {
  const known = new Map<string, Requirement>();
  const ruleOf = (coordinate: string): Requirement => rules.get(coordinate) ?? [];

  function answerOf(parent: GraphQLCompositeType, name: string): Requirement {
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    return field ? ruleOf(getNamedType(field.type).name) : [];
  }

  function read(parent: GraphQLCompositeType, name: string): Requirement {
    const own = [
      ...ruleOf(parent.name),
      ...ruleOf(`${parent.name}.${name}`),
      ...answerOf(parent, name),
    ];
    if (!isAbstractType(parent)) return own;
    return [...own, ...schema.getPossibleTypes(parent).flatMap((type) => read(type, name))];
  }

  return (parent, name) => {
    if (name.startsWith('__')) return [];
    const coordinate = `${parent.name}.${name}`;
    const found = known.get(coordinate);
    if (found) return found;
    const requirement = read(parent, name);
    known.set(coordinate, requirement);
    return requirement;
  };
}
