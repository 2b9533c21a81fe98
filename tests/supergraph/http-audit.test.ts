import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { federation } from '../../gateways/federation/src/app.ts';
import { mobile } from '../../gateways/mobile/src/app.ts';
import { web } from '../../gateways/web/src/app.ts';
import { startAlone } from './support/lone-gateway.ts';

/** Every audit of the suite, those that say SHOULD and MAY too. */
const all = { ok: 61, warn: 0, notice: 0, error: 0 };

async function audit(name: string, url: string): Promise<typeof all> {
  const results = await Promise.all(
    serverAudits({ url: `${url}/graphql`, fetchFn: fetch }).map(({ fn }) => fn()),
  );
  const failed = results.filter(({ status }) => status !== 'ok');
  for (const { id, name: rule, status } of failed) console.log(`${name} ${status} ${id} ${rule}`);
  const of = (wanted: string) => results.filter(({ status }) => status === wanted).length;
  const tally = { ok: of('ok'), warn: of('warn'), notice: of('notice'), error: of('error') };
  console.log(`GraphQL over HTTP, ${name} gateway: ${tally.ok} of ${results.length}`);
  return tally;
}

test('the web gateway passes all 61 audits of GraphQL over HTTP', async () => {
  expect(await audit('web', await startAlone(web))).toEqual(all);
});

test('the federation gateway passes all 61 audits of GraphQL over HTTP', async () => {
  expect(await audit('federation', await startAlone(federation))).toEqual(all);
});

test('the mobile gateway passes all 61 audits, with texts on as in development only', async () => {
  const url = await startAlone(mobile, { MOBILE_ADHOC_OPERATIONS: 'on' });
  expect(await audit('mobile', url)).toEqual(all);
});
