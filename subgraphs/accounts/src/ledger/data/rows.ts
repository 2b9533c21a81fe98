/** Decimals and big integers travel as text, so that no digit is lost on the way. */
export const toJson = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
