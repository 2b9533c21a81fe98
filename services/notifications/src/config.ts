import { type Env, readConfig, url } from '@simplebank/chassis/config';

const shape = { NOTIFICATIONS_DATABASE_URL: url };

export type Config = ReturnType<typeof loadConfig>;

/** Throws ConfigError with every problem at once. */
export const loadConfig = (env: Env) => readConfig(shape, env);
