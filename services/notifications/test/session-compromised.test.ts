import { randomUUID } from 'node:crypto';
import { SessionCompromisedV1 } from '@simplebank/contracts/accounts';
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

test('whose session was in other hands is told by mail that it has ended, once', async () => {
  const customerId = randomUUID();
  const aggregateId = randomUUID();
  const told = JSON.stringify({
    ...{ eventId: randomUUID(), type: SessionCompromisedV1.name, aggregateId, aggregateVersion: 1 },
    ...{ occurredAt: noon, correlationId: 'c', causationId: null, traceparent: null },
    payload: SessionCompromisedV1.payload.parse({
      ...{ customerId, sessionId: aggregateId, channel: 'mobile', reason: 'DEVICE_UNPROVEN' },
    }),
  });
  const known = an.customerRegistered(customerId, { name: 'Ada', email: 'ada@example.com' });
  await service.worker.applyBatch([told, known, told]);
  await service.worker.applyBatch([told]);
  await deliverAll(service.deps);
  expect(catcher.mails().map(({ to, subject }) => [to, subject])).toEqual([
    [['ada@example.com'], 'We have ended a session of yours'],
  ]);
  const rows = await service.admin.notification.findMany({ where: { customerId } });
  expect(rows.map(({ channel, kind, state }) => `${channel} ${kind} ${state}`).toSorted()).toEqual([
    'EMAIL SECURITY SENT',
    'IN_APP SECURITY SENT',
  ]);
});
