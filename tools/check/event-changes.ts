/** The part of JSON Schema that the contracts use. */
export type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
};

const compared = new Set(['properties', 'required', 'items', 'title', '$schema']);

/** Everything but what is looked into one by one. */
function rest(schema: Schema): string {
  const kept = Object.entries(schema).filter(([keyword]) => !compared.has(keyword));
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What of an event breaks whoever reads it, or the events that are kept: within one version only
 * optional fields are added (OPS-33). One line each, with the place.
 */
export function eventChanges(before: Schema, after: Schema, place: string): string[] {
  const found = rest(before) === rest(after) ? [] : [`${place}: its type or bounds changed`];
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  for (const [name, schema] of Object.entries(old)) {
    const kept = now[name];
    const here = `${place}.${name}`;
    if (!kept) {
      found.push(`${here}: was removed or renamed`);
      continue;
    }
    found.push(...eventChanges(schema, kept, here));
    const [was, is] = [before, after].map(({ required = [] }) => required.includes(name));
    if (was && !is) found.push(`${here}: became optional`);
    if (!was && is) found.push(`${here}: became required`);
  }
  for (const name of Object.keys(now)) {
    const isNew = !(name in old) && (after.required ?? []).includes(name);
    if (isNew) found.push(`${place}.${name}: is new and required`);
  }
  if (!before.items || !after.items) return found;
  return [...found, ...eventChanges(before.items, after.items, `${place}[]`)];
}
