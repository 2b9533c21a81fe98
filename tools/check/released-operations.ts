import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { z } from 'zod';

/** Texts by id, as `PERSISTED_MANIFESTS` wants them. */
const manifest = z.record(z.string(), z.string());
const operationsIn = (file: string) =>
  existsSync(file) ? manifest.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};

/** Words for every operation of a released application that the present contract cannot answer. */
export function problemsOfOperations(file: string, contract: string): string[] {
  const schema = buildSchema(contract, { assumeValidSDL: true });
  return Object.entries(operationsIn(file)).flatMap(([id, text]) =>
    validate(schema, parse(text)).map(({ message }) => `released operation ${id}: ${message}`),
  );
}

/** Those of this release stand beside the older ones, whose applications are still on phones. */
export function releaseOperations(file: string, present: string): void {
  const all = { ...operationsIn(file), ...operationsIn(present) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}
