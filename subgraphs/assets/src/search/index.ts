export { indexAssets, rebuildSearch } from './commands/index-assets.ts';
