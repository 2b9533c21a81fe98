import { accounts } from '@simplebank/accounts/app';
import { assets } from '@simplebank/assets/app';
import { createOperations } from '@simplebank/chassis/operations';
import type { Part, ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import { federation } from '@simplebank/federation-gateway/app';
import { holdings } from '@simplebank/holdings/app';
import { openMailCatcher } from '@simplebank/mail-catcher/app';
import { loadConfig as mailConfig } from '@simplebank/mail-catcher/config';
import { market } from '@simplebank/market/app';
import { mobile } from '@simplebank/mobile-gateway/app';
import { notifications } from '@simplebank/notifications/app';
import { orders } from '@simplebank/orders/app';
import { strategies } from '@simplebank/strategies/app';
import { web } from '@simplebank/web-gateway/app';
import { reconciler } from '../reconcile/watch.ts';
import { urlVariable } from './environment.ts';
import { type Environment, operationsVariable } from './settings.ts';

export type RunningBank = {
  /** Where each door answers, by process name. */
  readonly urls: Readonly<Record<string, string>>;
  readonly parts: readonly Part[];
  readonly close: () => Promise<void>;
};

const hasUrl = (part: Part): part is Part & { readonly url: string } =>
  'url' in part && typeof part.url === 'string';

const loopback = '127.0.0.1';

/** A part that does not close keeps none of the others open. */
async function closeAll(parts: readonly Part[]): Promise<void> {
  const troubles: unknown[] = [];
  for (const part of parts.toReversed()) {
    await part.close().catch((error: unknown) => troubles.push(error));
  }
  if (troubles.length > 0) throw troubles[0];
}

/** All have ended before a failure is told, so that whatever started can be closed again. */
async function together(starts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** Starts definitions one by one, and tells each what the ones before it answer at. */
function starter(env: Environment, runtime: Runtime) {
  const parts: Part[] = [];
  const urls: Record<string, string> = {};
  const told: Record<string, string | undefined> = { ...env };

  async function startPart(name: string, part: Part): Promise<void> {
    await part.start();
    parts.push(part);
    if (!hasUrl(part)) return;
    urls[name] = part.url;
    told[urlVariable(name)] = part.url;
  }

  async function start<Config>(definition: ProcessDefinition<Config>): Promise<void> {
    const log = runtime.log.child({ service: definition.name });
    const config = definition.loadConfig(told);
    const built = await definition.build(config, { ...runtime, log });
    for (const part of built) await startPart(definition.name, part);
  }

  return { parts, urls, start, startPart };
}

/** Without a mail server of its own the bank mails to this machine alone, for a person to see. */
const mailCatcherOf = (env: Environment, runtime: Runtime) =>
  env['NOTIFICATIONS_SMTP_URL'] ? null : openMailCatcher(mailConfig(env), runtime);

/**
 * Every subgraph, service and gateway in this process. The subgraphs listen first, so that the
 * gateways can be told where; whatever was started is closed again when a later part fails.
 */
export async function startBank(env: Environment, runtime: Runtime): Promise<RunningBank> {
  const { parts, urls, start, startPart } = starter(env, runtime);
  const operations = createOperations({
    host: loopback,
    port: Number(env[operationsVariable] ?? 0),
    variable: operationsVariable,
    parts: () => parts,
  });
  try {
    const mail = mailCatcherOf(env, runtime);
    if (mail) await startPart('notifications_smtp', mail.catcher);
    if (mail) await startPart('mail', mail.door);
    await together([
      start(accounts),
      start(orders),
      start(holdings),
      start(assets),
      start(strategies),
      start(market),
      start(notifications),
      start(reconciler),
    ]);
    await together([start(federation), start(web), start(mobile)]);
    await startPart('operations', operations);
  } catch (error) {
    await closeAll(parts);
    throw error;
  }
  return { urls, parts, close: () => closeAll(parts) };
}
