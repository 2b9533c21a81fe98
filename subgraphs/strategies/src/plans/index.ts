export { refuseFunding } from './commands/refuse-funding.ts';
export { runPlans } from './commands/run-plans.ts';
export { type PlanLoaders, planLoaders } from './loaders.ts';
