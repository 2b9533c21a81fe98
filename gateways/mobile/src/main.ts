import { runProcess } from '@simplebank/chassis/process';
import { mobile } from './app.ts';

await runProcess(mobile);
