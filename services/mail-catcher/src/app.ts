import { servePages } from '@simplebank/chassis/page-door';
import type { ProcessDefinition, Runtime } from '@simplebank/chassis/process';
import type { Door } from '@simplebank/chassis/subgraph';
import { createMailCatcher, type MailCatcher } from './catcher.ts';
import { type Config, loadConfig } from './config.ts';
import { mailPage } from './page.ts';

export type MailCatcherApp = { readonly catcher: MailCatcher; readonly door: Door };

/** Takes mail over SMTP and shows it at `/mail`, to a browser on this machine. */
export function openMailCatcher(config: Config, { log }: Pick<Runtime, 'log'>): MailCatcherApp {
  const catcher = createMailCatcher({
    host: config.MAIL_CATCHER_HOST,
    port: config.MAIL_CATCHER_SMTP_PORT,
    keep: config.MAIL_CATCHER_KEEP,
  });
  const door = servePages({
    name: 'mail-catcher',
    host: config.MAIL_CATCHER_HOST,
    port: config.MAIL_CATCHER_PORT,
    log,
    pages: {
      '/mail': () => ({ type: 'text/html; charset=utf-8', body: mailPage(catcher.mails()) }),
      '/mail.json': () => ({ type: 'application/json', body: JSON.stringify(catcher.mails()) }),
    },
  });
  return { catcher, door };
}

/** Plays the mail server of development and tests: an outside party that nobody imports. */
export const mailCatcher: ProcessDefinition<Config> = {
  name: 'mail-catcher',
  loadConfig,
  build: async (config, runtime) => {
    const { catcher, door } = openMailCatcher(config, runtime);
    return [catcher, door];
  },
  sharesQueues: false,
};
