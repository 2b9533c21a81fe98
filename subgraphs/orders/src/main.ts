import { runProcess } from '@simplebank/chassis/process';
import { orders } from './app.ts';

await runProcess(orders);
