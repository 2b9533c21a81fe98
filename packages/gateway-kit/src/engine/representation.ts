import type { GraphQLSchema } from 'graphql';
import { isObjectType } from 'graphql';
import { mergeInto } from './merge.ts';
import { type Data, isData, LeftToLibrary, ownIn, type Required } from './plan-nodes.ts';

/** Null for an object that lacks a field by which the subgraph would know it. */
type Represent = (source: Data) => Data | null;
type Write = (source: Data, into: Data) => boolean;

/** How an object is named to a subgraph: its key, and what the asked fields require. */
export function representing(required: Required, schema: GraphQLSchema): Represent {
  const writes = required.map((selection) => writeOf(selection, schema));
  return (source) => {
    const representation: Data = {};
    for (const write of writes) if (!write(source, representation)) return null;
    return representation;
  };
}

function writeOf(selection: Required[number], schema: GraphQLSchema): Write {
  if (selection.kind === 'InlineFragment') {
    const { typeCondition, selections } = selection;
    if (typeCondition === undefined) return () => true;
    // Wider conditions need the whole supergraph, of which callers see a part.
    if (!isObjectType(schema.getType(typeCondition))) throw new LeftToLibrary();
    const inner = representing(selections, schema);
    return (source, into) => {
      const part = source['__typename'] === typeCondition ? inner(source) : null;
      if (part) mergeInto(into, part);
      return true;
    };
  }
  const { alias, name, selections } = selection;
  const key = alias ?? name;
  const inner = selections && representing(selections, schema);
  return (source, into) => {
    const value = ownIn(source, key);
    if (value === undefined) return false;
    into[key] = inner ? ofEach(value, inner) : value;
    return true;
  };
}

function ofEach(value: unknown, represent: Represent): unknown {
  if (Array.isArray(value)) return value.map((item) => ofEach(item, represent));
  return isData(value) ? represent(value) : null;
}
