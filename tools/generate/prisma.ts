import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root, type Unit } from './units.ts';

const cli = join(
  dirname(createRequire(import.meta.url).resolve('prisma/package.json')),
  'build/index.js',
);

/** The CLI looks for an engine that it never runs; any file keeps it from downloading one. */
const environment = {
  ...process.env,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
};

/**
 * Writes the Prisma client of one context.
 * @throws Error with Prisma's own words when the schema is wrong
 */
export function generatePrisma({ context }: Unit): Promise<void> {
  const schema = join(root, 'prisma', context, 'schema.prisma');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'generate', '--no-hints', '--schema', schema], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`prisma/${context}/schema.prisma: ${Buffer.concat(said).toString().trim()}`),
        );
    });
  });
}
