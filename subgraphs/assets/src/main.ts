import { runProcess } from '@simplebank/chassis/process';
import { assets } from './app.ts';

await runProcess(assets);
