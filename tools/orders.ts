import { runOrders } from './orders/run.ts';

process.exitCode = await runOrders(
  { args: process.argv.slice(2), env: process.env },
  { say: (line) => console.log(line), complain: (line) => console.error(line) },
);
