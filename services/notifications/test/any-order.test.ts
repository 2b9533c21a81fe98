import { randomUUID } from 'node:crypto';
import type { MailCatcher } from '@simplebank/mail-catcher/catcher';
import { createChance, shuffled } from '@simplebank/testkit/chance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMailCatcher, aService, deliverAll, type Service } from './builders.ts';
import * as an from './events.ts';

let catcher: MailCatcher;
let service: Service;
beforeAll(async () => {
  catcher = await aMailCatcher();
  service = await aService({ catcher });
});
afterAll(async () => {
  await service.close();
  await catcher.close();
});

const ordersTried = 6;

/** News of a joint account, whose owners and addresses come in the same heap. */
function aHeap() {
  const [alice, bob] = [randomUUID(), randomUUID()];
  const accountId = randomUUID();
  const named = (id: string, email: string, version: number) =>
    an.customerRegistered(id, { name: 'Ada', email, version });
  const bodies = [
    an.accountOpened({ accountId, ownerIds: [alice, bob] }),
    an.accountStatusChanged({ accountId, ownerIds: [alice, bob] }),
    named(alice, `old-${alice}@example.com`, 1),
    named(alice, `${alice}@example.com`, 2),
    named(bob, `${bob}@example.com`, 1),
    an.paymentCompleted(accountId),
    an.orderCompleted(accountId),
    an.dividendPaid(accountId, '2.50'),
    an.passwordChanged(bob),
  ];
  return { alice, bob, bodies };
}

test('every order and number of deliveries ends in the same messages, each once', async () => {
  for (let seed = 1; seed <= ordersTried; seed += 1) {
    const { alice, bob, bodies } = aHeap();
    const chance = createChance(seed);
    const heap = shuffled([...bodies, ...bodies, ...bodies], chance);
    while (heap.length > 0) {
      await service.worker.applyBatch(heap.splice(0, 1 + Math.floor(chance() * 6)));
      if (chance() < 0.3) await deliverAll(service.deps);
    }
    // What came before its account waits for it, and is tried again.
    await service.worker.applyBatch(await parked());
    for (let round = 0; round < 3; round += 1) {
      await deliverAll(service.deps);
      service.clock.advance(60_000);
    }
    const told = await Promise.all([alice, bob].map((customer) => subjectsOf(customer)));
    const common = [
      'Your account has a new status',
      'Your account is open',
      'Your deposit has arrived',
      'Your purchase of ABC has ended',
      'ABC has paid you a dividend',
    ];
    expect(told, `seed ${seed}`).toEqual([
      { mail: common.toSorted(), inApp: common.toSorted() },
      ...[[...common, 'Your password was changed'].toSorted()].map((all) => ({
        mail: all,
        inApp: all,
      })),
    ]);
  }
}, 60_000);

async function parked(): Promise<string[]> {
  const rows = await service.admin.parkedEvent.findMany({ orderBy: { position: 'asc' } });
  await service.admin.parkedEvent.deleteMany();
  return rows.map(({ body }) => body);
}

/** What reached a customer, at whatever address was theirs then. */
async function subjectsOf(customerId: string) {
  const messages = await service.admin.inAppMessage.findMany({ where: { customerId } });
  const mails = catcher.mails().filter(({ to }) => to.some((one) => one.includes(customerId)));
  return {
    mail: mails.map(({ subject }) => subject).toSorted(),
    inApp: messages.map(({ title }) => title).toSorted(),
  };
}
