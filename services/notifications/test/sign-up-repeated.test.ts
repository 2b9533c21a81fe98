import { randomUUID } from 'node:crypto';
import { SignUpRepeatedV1 } from '@simplebank/contracts/accounts';
import type { MailCatcher } from '@simplebank/mail-catcher/catcher';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMailCatcher, aService, deliverAll, noon, type Service } from './builders.ts';
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

test('who owns an address is told by mail that somebody signed up with it, once', async () => {
  const customerId = randomUUID();
  const aggregateId = randomUUID();
  const repeated = JSON.stringify({
    ...{ eventId: randomUUID(), type: SignUpRepeatedV1.name, aggregateId, aggregateVersion: 1 },
    ...{ occurredAt: noon, correlationId: 'c', causationId: null, traceparent: null },
    payload: SignUpRepeatedV1.payload.parse({ customerId }),
  });
  const known = an.customerRegistered(customerId, { name: 'Ada', email: 'ada@example.com' });
  await service.worker.applyBatch([repeated, known, repeated]);
  await service.worker.applyBatch([repeated]);
  await deliverAll(service.deps);
  expect(catcher.mails().map(({ to, subject }) => [to, subject])).toEqual([
    [['ada@example.com'], 'Somebody tried to sign up with your address'],
  ]);
  const rows = await service.admin.notification.findMany({ where: { customerId } });
  expect(rows.map(({ channel, kind, state }) => `${channel} ${kind} ${state}`).toSorted()).toEqual([
    'EMAIL SECURITY SENT',
    'IN_APP SECURITY SENT',
  ]);
});
