import { createGuard } from '@simplebank/chassis/guard';
import type { Logger } from '@simplebank/chassis/logging';
import type { Clock } from '@simplebank/kernel/clock';
import DataLoader from 'dataloader';
import { type Channel, NotDelivered, Unreachable } from '../../channel.ts';
import type { Database } from '../../data/client.ts';
import { type Contact, findContacts } from '../../data/copies.ts';
import { isAddress } from '../../domain/address.ts';
import { layOut } from '../../templates/email.ts';
import { isAnswer, named } from './failure.ts';
import { createLines } from './lines.ts';
import { type SmtpSettings, smtpLine } from './smtp.ts';

const lanes = 5;
/** Far less than a lease, so that nobody else sends the mail meanwhile. */
const sendMsMaxUsual = 8_000;
const loaderBatchMax = 100;

export type EmailOptions = SmtpSettings & {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sendMsMax?: number;
};

/**
 * E-mail over SMTP. The address is read when the mail goes out. The id of the notification is the
 * mail's Message-ID: after a crash the mail may go out again under the same one, by which receivers
 * drop it. A server that does not answer is left alone for a while, which costs no attempt.
 */
export function emailChannel(options: EmailOptions): Channel {
  const { db, clock, log, from, sendMsMax = sendMsMaxUsual } = options;
  const lines = createLines(() => smtpLine(options), { most: lanes, sendMsMax });
  const guard = createGuard({
    ...{ service: 'notifications', dependency: 'smtp', clock, log, isAnswer },
    // The lines end each mail in time themselves; this is the wall behind them.
    timeoutMs: 2 * sendMsMax,
  });
  const contacts = new DataLoader((ids: readonly string[]) => findContacts(db, ids), {
    ...{ cache: false, maxBatchSize: loaderBatchMax },
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);

  return {
    ...{ name: 'EMAIL', lanes, batchMax: 1, onePerCustomer: true },
    isPassable: () => guard.isPassable(),
    async deliver(message) {
      const { email: to, name } = reachable(await contacts.load(message.customerId));
      const mail = {
        ...layOut(message, name),
        ...{ to, messageId: `<${message.id}@${domain}>`, date: message.at },
      };
      await guard
        .call(() => lines.send(mail), { name: 'send_mail' })
        .catch((error: unknown) => {
          throw named(error);
        });
    },
    close: async () => lines.close(),
  };
}

/** The news that a customer exists may still be on its way; an address that is none never heals. */
function reachable(contact: Contact | null): Contact {
  if (!contact) throw new NotDelivered('NO_CONTACT', { answered: true });
  if (!isAddress(contact.email)) throw new Unreachable('ADDRESS_NOT_VALID');
  return contact;
}
