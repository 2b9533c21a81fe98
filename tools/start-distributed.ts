import { hasCode, refuseOldNode } from './embedded/preflight.ts';

refuseOldNode();

/** Loaded late: an old Node or a missing install is told in words before anything else is read. */
try {
  const { runDistributedBank } = await import('./distributed/supervisor/run.ts');
  await runDistributedBank(process.env, process.argv.slice(2));
} catch (error) {
  if (!hasCode(error, 'ERR_MODULE_NOT_FOUND')) throw error;
  const missing = error instanceof Error ? error.message.split('\n')[0] : '';
  console.error(`The bank is not installed here: run npm install first. (${missing})`);
  process.exitCode = 1;
}
