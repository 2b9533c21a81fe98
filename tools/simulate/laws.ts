/** Broken at a step or at the end: which law, and by what. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
  readonly law: string;

  constructor(law: string, by: string) {
    super(`${law}: ${by}`);
    this.law = law;
  }
}

/** One statement that tells, row by row, which law is broken by whom; no row is the law kept. */
export type Check = { readonly name: string; readonly text: string };

/** Joins the laws of one context, so that all are looked at with one statement. */
export const joined = (name: string, laws: Readonly<Record<string, string>>): Check => ({
  name,
  text: Object.entries(laws)
    .map(([law, text]) => `SELECT '${law}' AS law, x.by::text AS by FROM (${text}) AS x (by)`)
    .join('\nUNION ALL\n'),
});

export function keep(rows: readonly Readonly<Record<string, unknown>>[]): void {
  const [first] = rows;
  if (first) throw new LawBroken(String(first['law']), rows.map(({ by }) => by).join(', '));
}
