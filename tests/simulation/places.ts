import { createTestDatabase, type TestDatabase } from '@simplebank/testkit/database';
import { contexts, type Places } from '../../tools/simulate/grounds.ts';

/** Migrated databases of one simulation, and how to throw them away. */
export async function makePlaces() {
  const opened = await Promise.all(
    contexts.map(async (name): Promise<readonly [string, TestDatabase]> => {
      return [name, await createTestDatabase(name)];
    }),
  );
  return {
    places: Object.fromEntries(opened) as unknown as Places,
    drop: () => Promise.all(opened.map(([, database]) => database.drop())),
  };
}
