import { runProcess } from '@simplebank/chassis/process';
import { reconciler } from './watch.ts';

/** The reconciler as a process of its own: it reads every context's database and no queue. */
await runProcess({ ...reconciler, sharesQueues: false });
