import { runProcess } from '@simplebank/chassis/process';
import { notifications } from './app.ts';

await runProcess(notifications);
