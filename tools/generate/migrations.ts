import { join } from 'node:path';
import { migrationNames, root, type Unit } from './units.ts';
import { writeIfChanged } from './write.ts';

/** Writes down what a process expects of its database, for it is shipped without its migrations. */
export function generateMigrations({ context, outputs }: Unit): void {
  const names = migrationNames(context).map((name) => `  '${name}',\n`);
  const text = `export const migrations: readonly string[] = [\n${names.join('')}];\n`;
  for (const output of outputs) writeIfChanged(join(root, output), text);
}
