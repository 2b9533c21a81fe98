const addressCharsMax = 254;
/** As identities are registered: nothing that has a meaning in a header or in SMTP, no spaces. */
const address = /^[^\s@"(),:;<>[\\\]\p{C}]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]{2,}$/iu;

/** Whether mail can be sent there: not to what could break out of a header or a command. */
export const isAddress = (text: string): boolean =>
  text.length <= addressCharsMax && address.test(text);

/** Letters with single spaces, dots at the end of a word: no mail reader makes a link of it. */
const plainName = /^\p{L}[\p{L}\p{M}'’-]*\.?( \p{L}[\p{L}\p{M}'’-]*\.?)*$/u;
const nameCharsMax = 60;

/**
 * The name to greet by; null for one that could pass for words of the bank, which whoever signs up
 * with another's address would have us send.
 */
export const greetingName = (name: string): string | null =>
  [...name].length <= nameCharsMax && plainName.test(name) ? name : null;
