import { runEvents } from './events/run.ts';

process.exitCode = await runEvents(
  { args: process.argv.slice(2), env: process.env },
  { say: (line) => console.log(line), complain: (line) => console.error(line) },
);
