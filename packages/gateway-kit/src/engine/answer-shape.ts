import type {
  DocumentNode,
  FieldNode,
  GraphQLCompositeType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';
import {
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { isIncluded, selected, type Variables } from '../operations/selected.ts';
import { type Data, isData, ownIn } from './plan-nodes.ts';
import {
  type Complete,
  type Completing,
  completerOf,
  failed,
  invalid,
  report,
} from './typed-value.ts';

type Shaping = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** Those that switch selections on and off, with their defaults. */
  readonly variables: Variables;
};
type Field = {
  readonly key: string;
  /** Null for `__typename`. */
  readonly complete: Complete | null;
  readonly parent: string;
};

/** Objects without anything inherited, which V8 still keeps as compactly as literals. */
const Bare = function Bare() {} as unknown as new () => Data;
Bare.prototype = Object.create(null);

/**
 * The selections of one place in an answer. An object that subgraphs answered is written with the
 * fields that were asked for, in their order, each held to its type.
 */
export function objectCompleter(
  sets: readonly SelectionSetNode[],
  type: GraphQLCompositeType,
  shaping: Shaping,
): Complete {
  const { schema } = shaping;
  const fieldsByType = new Map<GraphQLCompositeType, readonly Field[]>();
  const fieldsOf = (own: GraphQLCompositeType): readonly Field[] => {
    const found = fieldsByType.get(own) ?? collect(sets, own, shaping);
    fieldsByType.set(own, found);
    return found;
  };
  return (value, at, parent) => {
    if (!isData(value)) throw new Error(`a subgraph answered no object for ${type}`);
    const named = value['__typename'];
    if (named === undefined || named === null || named === type.name) {
      return written(value, { fields: fieldsOf(type), own: type, schema, at });
    }
    const own = schema.getType(String(named));
    if (!isCompositeType(own)) {
      report(at, { what: 'Invalid __typename found for object at', type, parent });
      return failed;
    }
    return written(value, { fields: fieldsOf(own), own, schema, at });
  };
}

type Writing = {
  readonly fields: readonly Field[];
  readonly own: GraphQLCompositeType;
  readonly schema: GraphQLSchema;
  readonly at: Completing;
};

function written(value: Data, { fields, own, schema, at }: Writing): unknown {
  const object = new Bare();
  for (const { key, complete, parent } of fields) {
    if (!complete) {
      const name = typeNameIn(value, key, { own, schema });
      if (name === null) return failed;
      object[key] = name;
      continue;
    }
    at.path.push(key);
    const completed = complete(ownIn(value, key), at, parent);
    at.path.pop();
    if (completed === invalid) return failed;
    object[key] = completed === failed ? null : completed;
  }
  return object;
}

/** Null where nobody said which of several types it is. */
function typeNameIn(value: Data, key: string, { own, schema }: Pick<Writing, 'own' | 'schema'>) {
  const given = ownIn(value, key) ?? value['__typename'];
  if (given === own.name && isObjectType(own)) return own.name;
  const type = typeof given === 'string' ? (schema.getType(given) ?? own) : own;
  return isObjectType(type) ? type.name : null;
}

type Asked = { readonly nodes: FieldNode[]; readonly parent: GraphQLCompositeType };

function collect(
  sets: readonly SelectionSetNode[],
  own: GraphQLCompositeType,
  shaping: Shaping,
): readonly Field[] {
  const { schema, document, variables } = shaping;
  const asked = new Map<string, Asked>();
  // Fragments within fragments, each spread again and again, would multiply without an end.
  const seen = new Set<SelectionSetNode>();
  const gather = (set: SelectionSetNode, parent: GraphQLCompositeType): void => {
    for (const selection of set.selections) {
      const found = isIncluded(selection, variables) ? selected(selection, document) : null;
      if (!found) continue;
      if ('field' in found) {
        const key = (found.field.alias ?? found.field.name).value;
        const known = asked.get(key);
        if (known) known.nodes.push(found.field);
        else asked.set(key, { nodes: [found.field], parent });
        continue;
      }
      const condition = found.condition === null ? parent : schema.getType(found.condition);
      if (isCompositeType(condition) && applies(schema, condition, own)) {
        if (seen.has(found.inner)) continue;
        seen.add(found.inner);
        gather(found.inner, condition);
      }
    }
  };
  for (const set of sets) gather(set, own);
  return [...asked].flatMap(([key, one]) => fieldOf(key, one, shaping) ?? []);
}

function applies(schema: GraphQLSchema, condition: GraphQLCompositeType, own: unknown): boolean {
  if (condition === own) return true;
  const narrower = isObjectType(own) || isInterfaceType(own);
  return narrower && isAbstractType(condition) && schema.isSubType(condition, own);
}

function fieldOf(key: string, { nodes, parent }: Asked, shaping: Shaping): Field | null {
  const name = nodes[0]?.name.value ?? '';
  if (name === '__typename') return { key, complete: null, parent: parent.name };
  const definition = isUnionType(parent) ? undefined : parent.getFields()[name];
  if (!definition) return null;
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const complete = completerOf(definition.type, (type) => objectCompleter(sets, type, shaping));
  return { key, complete, parent: parent.name };
}
