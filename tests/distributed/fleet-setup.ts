import type { TestProject } from 'vitest/node';
import { openFleetOfRun } from '../support/fleet-run.ts';

/** One of each process; what it answers is called when the run has ended. */
export const setup = (project: TestProject) => openFleetOfRun(project);
