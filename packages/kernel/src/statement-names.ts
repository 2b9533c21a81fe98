/** `/* orders.insert *\/` at the head of a statement. */
const title = /^\s*\/\* ([\w.-]{1,50}) \*\//;
/** Every connection keeps a plan for each: a text that varies without end must not fill it. */
const namesMax = 500;

/**
 * Names for statements that begin with a comment naming them: PostgreSQL then parses and plans each
 * once per connection instead of at every call. Equal texts get equal names; a statement without
 * such a comment gets the empty name, under which nothing is kept.
 */
export function statementNames(): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    const [, words] = title.exec(sql) ?? [];
    if (words === undefined || names.size >= namesMax) return '';
    const name = `${words}:${names.size}`;
    names.set(sql, name);
    return name;
  };
}
