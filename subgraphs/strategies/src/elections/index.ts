export { currentElections } from './data/elections.ts';
export { type ElectionLoaders, electionLoaders } from './loaders.ts';
