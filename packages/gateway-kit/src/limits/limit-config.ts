import { count } from '@simplebank/chassis/config';
import { z } from 'zod';
import type { LimitSettings } from './settings.ts';

const points = count({ min: 1, max: 1_000_000_000 });
const requests = count({ min: 1, max: 1_000_000 });
const places = count({ min: 1, max: 100_000 });

/** Wide enough that no person and no app of ours meets them, and narrow enough to hold. */
export const limitShape = {
  TRUSTED_PROXIES: count({ min: 0, max: 10 }).default(0),
  LIMIT_PRINCIPAL_POINTS: points.default(1_000_000),
  LIMIT_ADDRESS_POINTS: points.default(1_000_000),
  LIMIT_CRITICAL_POINTS: points.default(1_000_000),
  LIMIT_PER_SECOND: requests.default(20_000),
  LIMIT_CRITICAL_PER_SECOND: requests.default(5_000),
  LIMIT_CONCURRENT: places.default(256),
  LIMIT_IN_FLIGHT: places.default(256),
  LIMIT_RESERVED: places.default(64),
  LIMIT_WAITING: places.default(512),
  LIMIT_WAIT_MS: count({ min: 1, max: 10_000 }).default(2_000),
  LIMIT_LAG_MS: count({ min: 10, max: 60_000 }).default(1_000),
  /** Percent of a shared limit that one instance grants while Redis is away. */
  LIMIT_LOCAL_SHARE: count({ min: 1, max: 100 }).default(50),
};
const shape = z.object(limitShape);

export const limitsIn = (config: Readonly<z.infer<typeof shape>>): LimitSettings => ({
  trustedProxies: config.TRUSTED_PROXIES,
  budget: {
    principalPoints: config.LIMIT_PRINCIPAL_POINTS,
    addressPoints: config.LIMIT_ADDRESS_POINTS,
    criticalPoints: config.LIMIT_CRITICAL_POINTS,
  },
  volume: {
    perSecond: config.LIMIT_PER_SECOND,
    criticalPerSecond: config.LIMIT_CRITICAL_PER_SECOND,
  },
  concurrentMax: config.LIMIT_CONCURRENT,
  gate: {
    inFlightMax: config.LIMIT_IN_FLIGHT,
    reserved: config.LIMIT_RESERVED,
    waitingMax: config.LIMIT_WAITING,
    waitMsMax: config.LIMIT_WAIT_MS,
    lagMsMax: config.LIMIT_LAG_MS,
  },
  localShare: config.LIMIT_LOCAL_SHARE / 100,
});
