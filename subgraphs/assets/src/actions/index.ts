export { advanceActions } from './commands/advance-actions.ts';
export { actionLoaders } from './loaders.ts';
export { adjustingActions } from './queries/actions.ts';
