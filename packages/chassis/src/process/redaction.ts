const hidden = '[redacted]';
/** Deeper than any line of ours; what lies below is cut off rather than searched. */
const depthMax = 8;
const itemsMax = 100;

/** Keys whose values never reach a log (OPS-81), compared without case, `_` and `-`. */
const secretKey = new RegExp(
  [
    'password|passphrase|secret|token|jwt|authorization|cookie|assertion|credential|apikey',
    'privatekey|signingkey|cardnumber|bankaccount|iban|variables|csrf|otp$',
    '^(email|phone|phonenumber|firstname|lastname|fullname|birthdate|ssn|taxid|street|postalcode)$',
  ].join('|'),
);

/** Three base64url parts; and the password inside a connection string. */
const compactToken = /\beyJ[\w-]{5,}\.[\w-]*\.[\w-]*/g;
const urlPassword = /(:\/\/[^\s:/@]*):[^\s/@]+@/g;
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;

/** Takes tokens and passwords out of a text that was meant to be read. */
export const cleanText = (text: string): string =>
  text
    .replace(compactToken, hidden)
    .replace(urlPassword, `$1:${hidden}@`)
    .replace(bearer, `$1 ${hidden}`);

/**
 * Copies the fields of a line without secrets, at any nesting.
 * An error under `error` or `err` becomes `stack_info`; elsewhere it becomes its message.
 */
export function withoutSecrets(fields: object): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Error && (key === 'error' || key === 'err')) {
      line['stack_info'] = cleanText(stackOf(value));
    } else if (value !== undefined) {
      line[key] = shown(key, value, 1);
    }
  }
  return line;
}

function shown(key: string, value: unknown, depth: number): unknown {
  if (secretKey.test(key.toLowerCase().replaceAll(/[_-]/g, ''))) return hidden;
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return cleanText(`${value.name}: ${value.message}`);
  if (depth >= depthMax) return '[cut off]';
  if (Array.isArray(value)) {
    return value.slice(0, itemsMax).map((item) => shown('', item, depth + 1));
  }
  if (hasJson(value)) return shown('', value.toJSON(), depth + 1);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, shown(name, inner, depth + 1)]),
  );
}

const hasJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';

/** The stack with every cause below it. */
function stackOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  if (error.cause === undefined || depth >= depthMax) return own;
  return `${own}\ncaused by: ${stackOf(error.cause, depth + 1)}`;
}
