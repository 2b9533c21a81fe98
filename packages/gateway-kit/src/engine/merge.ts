import { type Data, isData, ownIn } from './plan-nodes.ts';

/** Writes what a subgraph answered into the object that it was asked for, at every depth. */
export function mergeInto(target: Data, source: Data): void {
  for (const name of Object.keys(source)) {
    const value = source[name];
    // Nobody asks under this name here; a subgraph that answers it is not heard.
    if (value === undefined || name === '__proto__') continue;
    const before = ownIn(target, name);
    if (isData(before) && isData(value)) mergeInto(before, value);
    else if (areAlike(before, value)) mergeItems(before, value);
    else target[name] = value;
  }
}

const areAlike = (before: unknown, value: unknown): before is unknown[] =>
  Array.isArray(before) && Array.isArray(value) && before.length === value.length;

function mergeItems(before: unknown[], value: unknown): void {
  for (const [index, item] of (value as unknown[]).entries()) {
    const known = before[index];
    if (isData(known) && isData(item)) mergeInto(known, item);
    else before[index] = item;
  }
}
