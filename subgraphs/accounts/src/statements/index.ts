export { askForMonths } from './commands/ask-for-months.ts';
export { writeStatements } from './commands/write-statements.ts';
export { type StatementLoaders, statementLoaders } from './loaders.ts';
