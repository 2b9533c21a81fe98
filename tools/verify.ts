import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { verify } from './verify/run.ts';

/** npm runs a script in the root of the project; a path is meant from where the caller stands. */
const standing = process.env['INIT_CWD'] ?? process.cwd();

const { exitCode, lines, complaint } = verify(process.argv.slice(2), (path) =>
  readFileSync(resolve(standing, path), 'utf8'),
);
if (complaint === null) process.stdout.write(`${lines.join('\n')}\n`);
else process.stderr.write(`${complaint}\n`);
process.exitCode = exitCode;
