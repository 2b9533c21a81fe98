import { UnexpectedAnswer } from './bank/client.ts';
import { demoPassword, people } from './seed/people.ts';
import { smoke } from './smoke/smoke.ts';

/** OPS-140: a bank that takes longer than this is not well. */
const withinMs = 60_000;
const usage =
  'npm run -s smoke -- <url of the web gateway>\n' +
  'SMOKE_EMAIL, SMOKE_PASSWORD: a customer with 10.00 available (of the demo bank unless set)\n' +
  'SMOKE_ASSET: what to order (AAPL unless set)';

const reasonOf = (error: unknown): string => {
  if (error instanceof UnexpectedAnswer) return error.message;
  if (error instanceof TypeError) return 'nobody answers there';
  return error instanceof Error ? error.message : String(error);
};

/** Exit code 0 when all is well, 1 when something is not, 2 when the command is not understood. */
async function main([url]: readonly string[]): Promise<number> {
  if (!url || !URL.canParse(url)) {
    console.error(usage);
    return 2;
  }
  const email = process.env['SMOKE_EMAIL'] || people[0]?.email || '';
  const password = process.env['SMOKE_PASSWORD'] || demoPassword;
  const assetId = process.env['SMOKE_ASSET'] || 'AAPL';
  const late = setTimeout(() => {
    console.error(`FAILED: not done after ${withinMs / 1_000} s`);
    process.exit(1);
  }, withinMs);
  try {
    const say = (line: string) => console.log(line);
    await smoke({ url, credentials: { email, password }, assetId, say });
    console.log(`The bank at ${url} is well.`);
    return 0;
  } catch (error) {
    console.error(`FAILED: ${reasonOf(error)}`);
    return 1;
  } finally {
    clearTimeout(late);
  }
}

process.exitCode = await main(process.argv.slice(2));
