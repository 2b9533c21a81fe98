import type { TestProject } from 'vitest/node';
import { openFleetOfRun } from '../support/fleet-run.ts';

/**
 * Two of each process behind a round robin, or as many of those named as SCALE_COPIES says in JSON,
 * such as `{"web":4}`, for a small machine or a large one.
 */
export const setup = (project: TestProject) =>
  openFleetOfRun(project, { copies: JSON.parse(process.env['SCALE_COPIES'] ?? '2') });
