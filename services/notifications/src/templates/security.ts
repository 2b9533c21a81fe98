import type { Words } from './words.ts';

const ifNotYou = 'If that was not you, tell us at once.';

export const PASSWORD_CHANGED: Words = () => ({
  title: 'Your password was changed',
  text: `Whoever was signed in elsewhere is signed out. ${ifNotYou}`,
});
export const SESSIONS_ENDED: Words = () => ({
  title: 'You were signed out everywhere',
  text: `Every session of yours has ended. ${ifNotYou}`,
});
export const SESSION_COMPROMISED: Words = (fact) => ({
  title: 'We have ended a session of yours',
  text:
    `Somebody else may have got hold of a session that was opened over ${fact('channel')}, so it ` +
    'has ended. Sign in again, and change your password if a device of yours is lost.',
});
export const SIGN_UP_REPEATED: Words = () => ({
  title: 'Somebody tried to sign up with your address',
  text:
    'You are a customer already, so nothing has changed. If it was you, sign in as usual. ' +
    'If it was not, there is nothing that you need to do.',
});
export const SIGNED_IN: Words = (fact) => ({
  title: 'You signed in',
  text: `A session was opened over ${fact('channel')}. ${ifNotYou}`,
});
