import { runProcess } from '@simplebank/chassis/process';
import { market } from './app.ts';

await runProcess(market);
