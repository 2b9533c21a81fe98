import { knownTexts } from '../operations/known-texts.ts';
import { asksForEntities } from './fetched-fields.ts';
import type { SubgraphRequest } from './subgraph-call.ts';

/** Fetches of query plans that are remembered, per subgraph; a text may be long. */
const knownBounds = { countMax: 5_000, charsMax: 8_000_000 };

/** What one call sends, and how its entities stand in for those that were asked for. */
type RequestText = {
  readonly body: string;
  /** For each representation that was asked for, its place among those sent; null: all were. */
  readonly places: readonly number[] | null;
};

/** What never changes of a fetch: its body up to the variables, and what it is about. */
type Fetch = { readonly head: string; readonly ofEntities: boolean };

type TextOptions = { readonly distinctEntities: boolean };

/**
 * Writes requests to a subgraph. The part of a fetch's text that never changes is escaped once;
 * representations that are equal in every field, required ones included, are written once.
 */
export function createRequestTexts({ distinctEntities }: TextOptions) {
  const known = knownTexts<Fetch>(knownBounds);

  function fetchOf({ query = '', operationName }: SubgraphRequest): Fetch {
    const found = known.get(query);
    if (found !== undefined) return found;
    const name = operationName ? `,"operationName":${JSON.stringify(operationName)}` : '';
    const head = `{"query":${JSON.stringify(query)}${name},"variables":{`;
    const fetch = { head, ofEntities: asksForEntities(query) };
    known.set(query, fetch, query.length + head.length);
    return fetch;
  }

  return (request: SubgraphRequest): RequestText => {
    const { head, ofEntities } = fetchOf(request);
    const { representations, ...own } = request.variables ?? {};
    // Elsewhere it is a variable of the caller's, who may well name a thing twice.
    const others = ofEntities ? own : (request.variables ?? {});
    const parts = Object.entries(others).flatMap(([name, value]) =>
      value === undefined ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`],
    );
    let places: readonly number[] | null = null;
    if (ofEntities && Array.isArray(representations)) {
      const written = distinctEntities ? distinct(representations) : all(representations);
      parts.push(`"representations":[${written.texts.join(',')}]`);
      if (written.texts.length < representations.length) places = written.places;
    }
    return { body: `${head}${parts.join(',')}}}`, places };
  };
}

type Written = { readonly texts: readonly string[]; readonly places: readonly number[] };

const all = (representations: readonly unknown[]): Written => ({
  texts: representations.map((one) => JSON.stringify(one)),
  places: [],
});

function distinct(representations: readonly unknown[]): Written {
  const placeOf = new Map<string, number>();
  const texts: string[] = [];
  const places: number[] = [];
  for (const representation of representations) {
    const key = keyOf(representation);
    let place = placeOf.get(key);
    if (place === undefined) {
      place = texts.length;
      placeOf.set(key, place);
      texts.push(JSON.stringify(representation));
    }
    places.push(place);
  }
  return { texts, places };
}

/**
 * The same only for equal representations. Most hold nothing but a few words and numbers, which
 * stand here with their lengths, so that none can be taken for two others; JSON costs thrice that.
 */
function keyOf(representation: unknown): string {
  let key = '';
  for (const [name, value] of Object.entries(representation as object)) {
    if (typeof value === 'string') key += `${name} ${value.length}:${value}`;
    else if (typeof value === 'number') key += `${name}=${value};`;
    else return JSON.stringify(representation);
  }
  return key;
}
