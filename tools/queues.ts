import { runQueues } from './queues/run.ts';

process.exitCode = await runQueues(
  { args: process.argv.slice(2), env: process.env },
  { say: (line) => console.log(line), complain: (line) => console.error(line) },
);
