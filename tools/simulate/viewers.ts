import type { Role, Viewer } from '@simplebank/chassis/auth';

/** Who asks: customers, and one member of staff who may do all that staff does. */

const staffId = '00000000-0000-4000-8000-00000000000a';

export const principal = (customerId: string, ...roles: readonly Role[]): Viewer => ({
  ...{ kind: 'principal', customerId, roles: roles.length > 0 ? roles : ['customer'] },
  ...{ channel: 'web', sessionId: null },
});

export const staff: Viewer = principal(staffId, 'operations');
export const stranger: Viewer = { kind: 'anonymous', channel: 'web' };
