import { runReconcile } from './reconcile/run.ts';

process.exitCode = await runReconcile(
  { args: process.argv.slice(2), env: process.env },
  { say: (line) => console.log(line), complain: (line) => console.error(line) },
);
