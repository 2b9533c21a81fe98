/** Exponents of ISO 4217 (list of 2024-06-25) that are not 2, by exponent. */
const exceptions: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
/** Codes without a minor unit: metals, units of account, tests. */
const notMoney = new Set('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '));

const usualDigits = 2;
const digits = new Map(
  Object.entries(exceptions).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
);
const known = new Set([...Intl.supportedValuesOf('currency'), ...digits.keys()]);

/**
 * Decimals of a currency's cash; null for what is no money. The bank keeps accounts in USD only,
 * but the rules by which it cuts amounts hold for any currency, and cases may ask.
 */
export const digitsOf = (code: string): number | null =>
  known.has(code) && !notMoney.has(code) ? (digits.get(code) ?? usualDigits) : null;
