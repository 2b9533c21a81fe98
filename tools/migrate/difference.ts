import { everything, migrationList, openEngine } from './engine.ts';
import type { Source } from './history.ts';
import { withShadow } from './shadow.ts';

/**
 * The SQL that leads from the end of a context's migrations to its schema; empty when they agree.
 * Checks, triggers, functions, views, partial and expression indexes are invisible to it.
 * @throws Error when a migration does not run on an empty database
 */
export function difference(source: Source, adminUrl: string): Promise<string> {
  return withShadow(adminUrl, async (shadowUrl) => {
    const { engine, lastError, close } = await openEngine(source, { url: adminUrl, shadowUrl });
    try {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'migrations', ...migrationList(source) },
        to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: source.schema }] },
        script: true,
        exitCode: true,
        filters: everything,
      });
      return exitCode === 0 ? '' : (stdout ?? '').trim();
    } catch (error) {
      const cause = lastError() ?? error;
      throw new Error(`the migrations of ${source.context} do not run`, { cause });
    } finally {
      await close();
    }
  });
}
