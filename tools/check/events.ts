import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventChanges, type Schema } from './event-changes.ts';

export type EventPlaces = {
  /** One JSON Schema per event, as `npm run documents` writes them. */
  readonly present: string;
  /** As they were released last. */
  readonly released: string;
};

const suffix = '.schema.json';

const schemasIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith(suffix));

const read = (folder: string, name: string): Schema =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Changes since the last release that need a new version of an event. */
export function problemsOfEvents({ present, released }: EventPlaces): readonly string[] {
  const now = new Set(schemasIn(present));
  return schemasIn(released).flatMap((name) => {
    const event = name.slice(0, -suffix.length);
    if (!now.has(name)) return [`${event}: was removed; old ones are kept and may be replayed`];
    return eventChanges(read(released, name), read(present, name), event);
  });
}

/** The present events are what is released from now on. */
export function releaseEvents({ present, released }: EventPlaces): void {
  mkdirSync(released, { recursive: true });
  for (const name of schemasIn(released)) rmSync(join(released, name));
  for (const name of schemasIn(present)) {
    writeFileSync(join(released, name), readFileSync(join(present, name)));
  }
}
