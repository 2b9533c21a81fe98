import { runProcess } from '@simplebank/chassis/process';
import { mailCatcher } from './app.ts';

await runProcess(mailCatcher);
