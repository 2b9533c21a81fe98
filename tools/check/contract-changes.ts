import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** One change that breaks callers of a released contract. */
export type BreakingChange = {
  /** Kind and place, such as `FIELD_REMOVED Query.orders`: by it the change is accepted. */
  readonly change: string;
  readonly message: string;
};

/**
 * What callers of the released contract would lose, or could no longer send, with the present one.
 * Additions are never among it, a new value of an enum neither: applications expect those.
 */
export async function breakingChanges(
  released: string,
  present: string,
): Promise<readonly BreakingChange[]> {
  const schema = (sdl: string) => buildSchema(sdl, { assumeValidSDL: true });
  const changes = await diff(schema(released), schema(present));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ type, path, message }) => ({ change: `${type} ${path ?? ''}`.trim(), message }))
    .sort((one, other) => (one.change < other.change ? -1 : 1));
}
