import { runProcess } from '@simplebank/chassis/process';
import { federation } from './app.ts';

await runProcess(federation);
