import type { Subscriber } from '@simplebank/contracts/subscriptions';
import {
  byWhom,
  contextNamed,
  exitCodeOf,
  NotUnderstood,
  Refused,
  type Run,
  required,
  type Typed,
  text,
  typed,
  type Voice,
  withDoors,
} from '../operators/command.ts';
import type { Doors } from '../operators/doors.ts';
import { replay } from './replay.ts';
import { seed } from './seed.ts';

const usage = `npm run -s events -- replay --from <context> --to <subscriber> --reason "..."
    [--since <instant>] [--until <instant>] [--type <event>] [--aggregate <id>] [--by <who>]
npm run -s events -- seed <subscriber> --reason "..." [--by <who>]

  replay  sends a range of one context's events to one subscriber: copies are kept again, anything
          else only has its effect if it had none yet
  seed    fills a subscriber's copies from the feeds of their owners; run it again after an
          interruption, and it goes on
  --by    who does it; not said: whoever is signed in to this machine
Exit code 0: done. 1: refused. 2: it could not be run.`;

const flags = {
  from: 'string',
  to: 'string',
  since: 'string',
  until: 'string',
  type: 'string',
  aggregate: 'string',
  reason: 'string',
  by: 'string',
  json: 'boolean',
} as const;

type Asked = { readonly doors: Doors; readonly command: Typed; readonly voice: Voice };

/** @throws NotUnderstood when it is no instant */
function instant(command: Typed, name: string): Date | null {
  const given = text(command, name);
  if (given === null) return null;
  const at = new Date(given);
  if (Number.isNaN(at.getTime())) throw new NotUnderstood(`--${name} ${given} is no instant.`);
  return at;
}

const rangeOf = (command: Typed) => ({
  from: contextNamed(required(command, 'from')),
  since: instant(command, 'since'),
  until: instant(command, 'until'),
  type: text(command, 'type'),
  aggregateId: text(command, 'aggregate'),
});

const busy = (to: Subscriber) => new Refused(`Somebody else fills ${to} now: wait for its end.`);

async function runReplay({ doors, command, voice }: Asked): Promise<void> {
  const to = contextNamed(required(command, 'to'));
  const told = await replay(doors, { range: rangeOf(command), to, by: byWhom(command) });
  if (!told) throw busy(to);
  const { read, copied, parked } = told;
  const line = `${read} events read, ${copied} kept as copies, ${parked} had had no effect and go \
to ${to} now.`;
  voice.say(command.flags['json'] ? JSON.stringify(told) : line);
}

const seededOf = ({ words }: Typed): Subscriber => {
  if (words.length !== 1) throw new NotUnderstood('Name one subscriber.');
  return contextNamed(words[0] ?? '');
};

async function runSeed({ doors, command, voice }: Asked): Promise<void> {
  const to = seededOf(command);
  const kept = await seed(doors, { to, by: byWhom(command) });
  if (kept === null) throw busy(to);
  voice.say(command.flags['json'] ? JSON.stringify({ to, kept }) : `${kept} events kept in ${to}.`);
}

/** Whatever is wrong with the words is told before anything is connected. */
function check(command: Typed): (asked: Asked) => Promise<void> {
  if (command.verb !== 'replay' && command.verb !== 'seed') {
    throw new NotUnderstood(`${command.verb || 'Nothing'} is no command.`);
  }
  byWhom(command);
  if (command.verb === 'seed') {
    seededOf(command);
    return runSeed;
  }
  rangeOf(command);
  contextNamed(required(command, 'to'));
  return runReplay;
}

/** `npm run events`: answers the exit code. */
export const runEvents = ({ args, env }: Run, voice: Voice): Promise<number> =>
  exitCodeOf(
    async () => {
      const command = typed(args, flags);
      const work = check(command);
      await withDoors(env, (doors) => work({ doors, command, voice }));
    },
    { usage, voice },
  );
