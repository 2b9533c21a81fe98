import { runProcess } from '@simplebank/chassis/process';
import { web } from './app.ts';

await runProcess(web);
