import { systemClock } from '@simplebank/kernel/clock';
import { isUuid } from '@simplebank/kernel/ids';
import {
  byWhom,
  exitCodeOf,
  NotUnderstood,
  Refused,
  type Run,
  type Typed,
  typed,
  type Voice,
  withDoors,
} from '../operators/command.ts';
import type { Doors } from '../operators/doors.ts';
import { age, table } from '../operators/table.ts';

const usage = `npm run -s orders -- stuck [--json]
npm run -s orders -- resume <order id> --reason "..." [--by <who>] [--json]

Order processes past the deadline of their step; investments, plans and rebalancings that their own
job should have ended are listed with them.
  resume  has everything that was said about the order said again, requeues its parked events and
          gives it two minutes; whoever had heard it does nothing twice
  --by    who does it; not said: whoever is signed in to this machine
Exit code 0: done. 1: refused, nothing was changed. 2: it could not be run.`;

const flags = { reason: 'string', by: 'string', json: 'boolean' } as const;

/** `clock` is the bank's. */
type Asked = {
  readonly doors: Doors;
  readonly command: Typed;
  readonly voice: Voice;
  readonly now: Date;
};

const head = ['process', 'id', 'step', 'overdue', 'attempts', 'request'];

async function stuck({ doors, command, voice, now }: Asked): Promise<void> {
  const found = [...(await doors.orders.stuck(now)), ...(await doors.strategies.stuck(now))];
  if (command.flags['json']) return voice.say(JSON.stringify(found));
  const rows = found.map(({ process, id, step, deadline, attempts, requestId }) => [
    ...[process, id, step, age(now.getTime() - deadline.getTime())],
    ...[String(attempts), requestId ?? '–'],
  ]);
  if (rows.length > 0) voice.say(table([head, ...rows]));
  voice.say(`${found.length} stuck`);
}

async function resume({ doors, command, voice, now }: Asked): Promise<void> {
  const [id = '', ...others] = command.words;
  if (others.length > 0) throw new NotUnderstood('Name one order id.');
  if (!isUuid(id)) throw new Refused(`${id || 'Nothing'} is no order id.`);
  const by = byWhom(command);
  if (!(await doors.orders.renew(id, by, now))) throw new Refused(`Order ${id} is not stuck.`);
  const again = { events: 0, letters: 0 };
  // Asks and answers alike: it cannot be seen from here which of them got lost.
  for (const { sayAgain, letters } of Object.values(doors)) {
    again.events += await sayAgain(id, by);
    const ids = (await letters.list()).flatMap((one) =>
      one.aggregateId === id ? one.eventId : [],
    );
    if (ids.length > 0) again.letters += (await letters.requeue(ids, by)).length;
  }
  const told = `Order ${id} goes on: ${again.events} events go out again, ${again.letters} parked \
ones are tried again.`;
  voice.say(command.flags['json'] ? JSON.stringify({ id, ...again }) : told);
}

const verbs: Readonly<Record<string, (asked: Asked) => Promise<void>>> = { stuck, resume };

/** `npm run orders`: answers the exit code. */
export const runOrders = ({ args, env }: Run, voice: Voice, clock = systemClock): Promise<number> =>
  exitCodeOf(
    async () => {
      const command = typed(args, flags);
      const verb = verbs[command.verb];
      if (!verb) throw new NotUnderstood(`${command.verb || 'Nothing'} is no command.`);
      if (verb === resume) byWhom(command); // before anything is connected
      await withDoors(env, (doors) => verb({ doors, command, voice, now: clock.now() }));
    },
    { usage, voice },
  );
