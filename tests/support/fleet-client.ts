import { inject } from 'vitest';
import type { InstanceState } from './fleet-control.ts';

/** A command to the fleet of this run; throws with its words when it fails. */
export async function fleetCommand<Answer>(path: string, body: object = {}): Promise<Answer> {
  const { controlUrl } = inject('fleet');
  const answer = await fetch(`${controlUrl}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the fleet answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** The instances of one process, in the order in which they were started. */
export const instancesOf = (name: string): Promise<readonly InstanceState[]> =>
  fleetCommand(`/instances?name=${name}`);

/** Starts one more; resolves when it is ready. */
export const startOne = (
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<InstanceState> => fleetCommand(`/start?name=${name}`, env);

type Which = Pick<InstanceState, 'name' | 'index'>;

/** SIGKILL. */
export const killOne = ({ name, index }: Which): Promise<object> =>
  fleetCommand(`/kill?name=${name}&index=${index}`);

/** Starts one that ended; resolves when it is ready. */
export const restartOne = ({ name, index }: Which): Promise<object> =>
  fleetCommand(`/restart?name=${name}&index=${index}`);

/** SIGTERM; resolves when it has ended. */
export const stopOne = ({ name, index }: Which): Promise<object> =>
  fleetCommand(`/stop?name=${name}&index=${index}`);
