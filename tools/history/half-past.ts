import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';

/** Stands in the data folder once all of the demo bank is there. */
export const demoMarker = 'demo-loaded';
/** Stands in the data folder while a past is written, and tells a later start of a half one. */
export const begunMarker = 'history-begun';

/** True when a start was cut off while it wrote the past: what there is of it is of no use. */
export const wasCutOff = (dataDir: string): boolean =>
  existsSync(join(dataDir, begunMarker)) && !existsSync(join(dataDir, demoMarker));

/**
 * Drops databases with a half past, so that they are made anew. Nobody's work is lost: the bank
 * opens its doors when its past is whole.
 */
export async function dropHalfPast(adminUrl: string, databases: readonly string[]): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const name of databases) {
      await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    }
  } finally {
    await admin.end();
  }
}
