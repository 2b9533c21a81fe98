const passwordCharsMin = 12;
/** Longer ones only cost time. */
const passwordCharsMax = 256;

/** Words that most leaked passwords are made of. */
const commonWords: ReadonlySet<string> = new Set(
  `abc abcd abcdef abcdefg abcdefgh abcdefghij abcdefghijkl admin administrator angel asdf asdfgh
  asdfghjkl asdfghjklqwertyuiop bank baseball batman changeme charlie computer daniel default dragon
  flower football freedom hello hunter iloveyou internet jennifer jessica jordan letmein liverpool
  login love lovely master michael michelle monkey mustang mypassword mysecret newpassword nicole
  ninja pass passphrase passw password passwort pokemon princess qazwsx qazwsxedc qwer qwert
  qwertz qwerty qwertyui qwertyuiop root samsung secret shadow simple simplebank starwars summer
  sunshine superman test tester testing thomas trustno welcome whatever winter zxcvbn
  zxcvbnm`.split(/\s+/),
);
const substitutes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const distinctCharsMin = 5;

/** At least 12 characters, not the email, not a common password however decorated (domain §2.1). */
export function isStrongPassword(given: string, email: string): boolean {
  // What is hashed is judged: in wide letters a common password is as common as in narrow ones.
  const password = given.normalize('NFKC');
  const chars = [...password];
  if (chars.length < passwordCharsMin || chars.length > passwordCharsMax) return false;
  if (new Set(chars).size < distinctCharsMin) return false;
  return !resemblesEmail(password, email) && !isCommon(password);
}

function resemblesEmail(password: string, email: string): boolean {
  const given = password.trim().toLowerCase();
  const [local = ''] = email.split('@');
  const letters = lettersOf(local);
  return given === email || (letters !== '' && lettersOf(given) === letters);
}

/** True for a common word, also repeated, behind digits and signs or with letters in disguise. */
function isCommon(password: string): boolean {
  const lower = password.toLowerCase();
  const withoutTail = lower.replace(/[^a-z]+$/, '');
  const forms = [lower, withoutTail, lower.replace(/^[^a-z]+/, '')];
  const undisguised = forms.map((form) => [...form].map((c) => substitutes[c] ?? c).join(''));
  return [...forms, ...undisguised].map(lettersOf).some(isCommonWord) || isRun(lower);
}

const lettersOf = (text: string): string => text.replace(/[^a-z]/g, '');

function isCommonWord(letters: string): boolean {
  if (commonWords.has(letters)) return true;
  const parts = /^([a-z]+?)\1+$/.exec(letters)?.[1];
  return parts !== undefined && commonWords.has(parts);
}

/** Digits or letters one after another, such as 123456789012. */
function isRun(text: string): boolean {
  const steps = [...text]
    .slice(1)
    .map((char, index) => char.charCodeAt(0) - text.charCodeAt(index));
  const even = steps.filter((step) => step === 1 || step === -9).length;
  return even >= steps.length - 1;
}
