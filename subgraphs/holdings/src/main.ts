import { runProcess } from '@simplebank/chassis/process';
import { holdings } from './app.ts';

await runProcess(holdings);
