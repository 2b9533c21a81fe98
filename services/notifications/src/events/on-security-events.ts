import type {
  CustomerSignedInV1,
  PasswordChangedV1,
  SessionCompromisedV1,
  SignUpRepeatedV1,
  TokensRevokedV1,
} from '@simplebank/contracts/accounts';
import type { Deps } from '../deps.ts';
import { tellsCustomer } from './occasion.ts';

export const onPasswordChanged = (deps: Deps) =>
  tellsCustomer<PasswordChangedV1>(deps, ({ customerId }) => ({
    template: 'PASSWORD_CHANGED',
    customerId,
    facts: {},
  }));

/** Whoever tried was told nothing: this tells the owner of the address. */
export const onSignUpRepeated = (deps: Deps) =>
  tellsCustomer<SignUpRepeatedV1>(deps, ({ customerId }) => ({
    template: 'SIGN_UP_REPEATED',
    customerId,
    facts: {},
  }));

export const onSessionCompromised = (deps: Deps) =>
  tellsCustomer<SessionCompromisedV1>(deps, ({ customerId, channel }) => ({
    template: 'SESSION_COMPROMISED',
    customerId,
    facts: { channel },
  }));

/** Signing out is no news; of a new password the customer is told as such. */
export const onTokensRevoked = (deps: Deps) =>
  tellsCustomer<TokensRevokedV1>(deps, ({ customerId, reason }) =>
    reason === 'SIGNED_OUT_EVERYWHERE'
      ? { template: 'SESSIONS_ENDED', customerId, facts: {} }
      : null,
  );

/**
 * A mail at each sign-in would teach people not to read mails, and nothing tells a device that was
 * never seen from their own.
 */
export const onCustomerSignedIn = (deps: Deps) =>
  tellsCustomer<CustomerSignedInV1>(deps, ({ customerId, channel }) => ({
    template: 'SIGNED_IN',
    customerId,
    facts: { channel },
    inAppOnly: 'IN_APP_ONLY',
  }));
