/** Why the database cannot start: one line with the cause and the remedy, for a person to read. */
export class StartProblem extends Error {
  constructor(cause: string, remedy: string) {
    super(`${cause}: ${remedy}`);
    this.name = 'StartProblem';
  }
}

/** The `code` of a system error (`EACCES`, `ENOENT`), or an empty text. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

export const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
