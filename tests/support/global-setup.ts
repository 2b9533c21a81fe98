import type { TestProject } from 'vitest/node';
import { makeTemplates } from './templates.ts';
import { newRun, openTestServer } from './test-server.ts';

const rolePassword = 'only-for-tests';
const closers: (() => Promise<void>)[] = [];

/** One PostgreSQL for the whole run, with a migrated template of every context's database. */
export async function setup(project: TestProject): Promise<void> {
  const server = await openTestServer();
  closers.push(server.close);
  const run = newRun();
  const templates = await makeTemplates(server.adminUrl, { run, rolePassword });
  closers.push(templates.drop);
  project.provide('postgresUrl', server.adminUrl);
  project.provide('testServer', { run, rolePassword, broken: templates.broken });
}

/** Last opened, first closed. */
export async function teardown(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}
