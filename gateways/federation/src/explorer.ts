import type { Explorer } from '@simplebank/gateway-kit/gateway';

/** The page opens with a sign-in and a first look around, which needs its access token. */
export const explorer: Explorer = {
  title: 'SimpleBank explorer',
  defaultQuery: `# 1. Write email and password of a member of staff into the variables; run SignIn.
# 2. Put its accessToken into the headers tab: "authorization": "Bearer <accessToken>".
# 3. Run LookAround.

mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    ... on SignInSuccess { tokens { accessToken accessTokenExpiresAt } }
    ... on SignInRefusal { code message }
  }
}

query LookAround {
  me { name roles }
  marketClock { isOpen calendar }
  assets(first: 5) {
    edges { node { symbol name type price } }
  }
}
`,
  defaultVariables: '{\n  "input": { "email": "", "password": "" }\n}\n',
};
