import { isConnectionLost } from '@simplebank/chassis/database';

const attemptsMax = 5;

/**
 * On a crowded machine a connection may take longer than the bank waits for one. What is begun
 * again has its effect once: by its key, its event's id or its rows.
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attemptsMax || !isConnectionLost(error)) throw error;
    }
  }
}
