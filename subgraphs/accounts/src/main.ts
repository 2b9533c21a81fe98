import { runProcess } from '@simplebank/chassis/process';
import { accounts } from './app.ts';

await runProcess(accounts);
