import { runProcess } from '@simplebank/chassis/process';
import { venue } from './app.ts';

await runProcess(venue);
