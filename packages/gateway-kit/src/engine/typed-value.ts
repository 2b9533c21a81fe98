import type { GraphQLCompositeType, GraphQLLeafType, GraphQLOutputType } from 'graphql';
import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
} from 'graphql';

/** Where no null may stand, nothing can: the object around it is null instead. */
export const invalid = Symbol('invalid');
/** Null, and the reason has been told. */
export const failed = Symbol('failed');

export type Completing = { readonly path: (string | number)[]; readonly errors: GraphQLError[] };
/** A value as its type allows it, or one of the two above. */
export type Complete = (value: unknown, at: Completing, parent: string) => unknown;
type OfObject = (type: GraphQLCompositeType) => Complete;

/** What a value of a subgraph has to be; throws for one of another kind, such as no list. */
export function completerOf(type: GraphQLOutputType, ofObject: OfObject): Complete {
  if (isNonNullType(type)) {
    const inner = completerOf(type.ofType, ofObject);
    return (value, at, parent) => {
      const completed = inner(value, at, parent);
      if (completed !== null) return completed === failed ? invalid : completed;
      report(at, { what: 'Cannot return null for non-nullable', type: type.ofType, parent });
      return invalid;
    };
  }
  const present = isListType(type)
    ? listCompleter(type.ofType, ofObject)
    : isCompositeType(type)
      ? ofObject(type)
      : leafCompleter(type);
  return (value, at, parent) =>
    value === null || value === undefined ? null : present(value, at, parent);
}

function listCompleter(of: GraphQLOutputType, ofObject: OfObject): Complete {
  const item = completerOf(of, ofObject);
  return (value, at, parent) => {
    if (!Array.isArray(value)) throw new Error(`a subgraph answered no list for a list of ${of}`);
    const items: unknown[] = [];
    let broken = false;
    for (let index = 0; index < value.length; index += 1) {
      at.path.push(index);
      const completed = item(value[index], at, parent);
      at.path.pop();
      broken ||= completed === invalid;
      items.push(completed === failed ? null : completed);
    }
    return broken ? failed : items;
  };
}

function leafCompleter(type: GraphQLLeafType): Complete {
  const allows = leafCheck(type);
  return (value, at, parent) => {
    if (allows(value)) return value;
    report(at, { what: 'Invalid value found for', type, parent });
    return failed;
  };
}

/** From here on a number is written with an exponent, which no integer is. */
const exponentFrom = 1e21;

function leafCheck(type: GraphQLLeafType): (value: unknown) => boolean {
  if (isEnumType(type)) {
    return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
  }
  if (!isSpecifiedScalarType(type)) return () => true;
  if (type.name === GraphQLBoolean.name) return (value) => typeof value === 'boolean';
  if (type.name === GraphQLFloat.name) return (value) => Number.isFinite(value);
  if (type.name === GraphQLInt.name) return isInteger;
  if (type.name === GraphQLID.name) return (value) => typeof value === 'string' || isInteger(value);
  return (value) => typeof value === 'string';
}

const isInteger = (value: unknown) =>
  Number.isInteger(value) && Math.abs(value as number) < exponentFrom;

type Finding = {
  readonly what: string;
  readonly type: GraphQLOutputType;
  readonly parent: string;
};

/** In the words of the library, whose answers these are to equal. */
export function report({ path, errors }: Completing, { what, type, parent }: Finding): void {
  const last = path.at(-1);
  const place =
    typeof last === 'number'
      ? `array element of type ${type} at index ${last}`
      : `field ${parent}.${last}`;
  const extensions = { code: 'INVALID_GRAPHQL' };
  errors.push(new GraphQLError(`${what} ${place}.`, { path: [...path], extensions }));
}
