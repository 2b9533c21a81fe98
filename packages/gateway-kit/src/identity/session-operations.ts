import { GraphQLError } from 'graphql';
import type { Outcome } from '../request/steps.ts';

const tokens = 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt';

export const signInText = `mutation SessionSignIn($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on SignInSuccess { tokens { ${tokens} } customer { id number name email roles } }
    ... on SignInRefusal { code message }
  }
}`;

export const refreshText = `mutation SessionRefresh($input: RefreshInput!) {
  refresh(input: $input) {
    __typename
    ... on RefreshSuccess { tokens { ${tokens} } }
    ... on RefreshRefusal { code message }
  }
}`;

export const signOutText = `mutation SessionSignOut($input: SignOutInput!) {
  signOut(input: $input) { signedOut }
}`;

/** The one root field of the operation. Throws the first error of an answer without it. */
export function resultIn<T>({ data, errors = [] }: Outcome): T {
  const [result] = Object.values(data ?? {});
  if (result) return result as T;
  const [first] = errors;
  if (!first) throw new Error('an operation on the session answered nothing');
  throw new GraphQLError(first.message, { extensions: first.extensions ?? {} });
}
