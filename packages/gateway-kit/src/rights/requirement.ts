/** What must be met all together: of a type and its field, of each subgraph that asks for more. */
export type Requirement = readonly Clause[];

/** `anyOf`: one of the lists is enough, and each name in it is needed. */
export type Clause =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes' | 'policies'; readonly anyOf: readonly (readonly string[])[] };

export type HeldRights = {
  readonly authenticated: boolean;
  readonly scopes: ReadonlySet<string>;
  readonly policies: ReadonlySet<string>;
};

/** A clause without any list is met by nobody: what nobody spelled out stays shut. */
export const meets = (held: HeldRights, requirement: Requirement): boolean =>
  requirement.every((clause) =>
    clause.kind === 'authenticated'
      ? held.authenticated
      : clause.anyOf.some((names) => names.every((name) => held[clause.kind].has(name))),
  );
