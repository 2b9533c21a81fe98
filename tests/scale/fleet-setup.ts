import type { TestProject } from 'vitest/node';
import { openFleetOfRun } from '../support/fleet-run.ts';

/** Two of each process behind a round robin. */
export const setup = (project: TestProject) => openFleetOfRun(project, { copies: 2 });
