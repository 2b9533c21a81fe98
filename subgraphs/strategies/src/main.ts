import { runProcess } from '@simplebank/chassis/process';
import { strategies } from './app.ts';

await runProcess(strategies);
