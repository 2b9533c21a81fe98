import type { By, Letter, OpenedLetter } from '@simplebank/chassis/operator';
import { isUuid } from '@simplebank/kernel/ids';
import {
  byWhom,
  contextNamed,
  exitCodeOf,
  NotUnderstood,
  Refused,
  type Run,
  type Typed,
  text,
  typed,
  type Voice,
  withDoors,
} from '../operators/command.ts';
import type { Doors } from '../operators/doors.ts';
import { tellLetter, tellLetters } from './tell.ts';

const usage = `npm run -s queues -- list [--subscriber <name>] [--json]
npm run -s queues -- show <event id> [--json]
npm run -s queues -- requeue <event id>... --reason "..." [--by <who>]
npm run -s queues -- requeue --subscriber <name> --reason "..." [--by <who>]
npm run -s queues -- discard <event id> --reason "..." [--by <who>]

Events that could not be handled: WAITING are tried again, DEAD wait for you. Later events of the
same aggregate wait behind the first one.
  requeue   from the first attempt on, in order; with --subscriber all that are dead there
  discard   gives one up for good and lets the next one go
  --by      who does it; not said: whoever is signed in to this machine
  --json    one JSON text instead of a table
Exit code 0: done. 1: refused, nothing was changed. 2: it could not be run.`;

const flags = { subscriber: 'string', reason: 'string', by: 'string', json: 'boolean' } as const;

type Asked = { readonly doors: Doors; readonly command: Typed; readonly voice: Voice };

/** The contexts that a command is about: the one named, else all. */
const doorsOf = ({ doors, command }: Asked) => {
  const name = text(command, 'subscriber');
  return name === null ? Object.values(doors) : [doors[contextNamed(name)]];
};

const inOrder = (letters: readonly Letter[]) =>
  letters.toSorted((a, b) => a.state.localeCompare(b.state) || b.ageMs - a.ageMs);

async function list(asked: Asked): Promise<void> {
  const found = await Promise.all(doorsOf(asked).map(({ letters }) => letters.list()));
  const letters = inOrder(found.flat());
  asked.voice.say(asked.command.flags['json'] ? JSON.stringify(letters) : tellLetters(letters));
}

type Found = { readonly letters: Doors[keyof Doors]['letters']; readonly letter: OpenedLetter };

/** Wherever the event is parked: each subscriber has its own copy. Throws Refused when nowhere. */
async function find(asked: Asked, eventId: string): Promise<readonly Found[]> {
  if (!isUuid(eventId)) throw new Refused(`${eventId} is no event id.`);
  const found = await Promise.all(
    doorsOf(asked).map(async ({ letters }) => ({ letters, letter: await letters.show(eventId) })),
  );
  const here = found.flatMap(({ letters, letter }) => (letter ? [{ letters, letter }] : []));
  if (here.length === 0) throw new Refused(`No event ${eventId} is parked.`);
  return here;
}

const idOf = ({ words }: Typed): string => {
  const [eventId, ...others] = words;
  if (eventId === undefined || others.length > 0) throw new NotUnderstood('Name one event id.');
  return eventId;
};

async function show(asked: Asked): Promise<void> {
  const { command, voice } = asked;
  for (const { letter } of await find(asked, idOf(command))) {
    voice.say(command.flags['json'] ? JSON.stringify(letter) : tellLetter(letter));
  }
}

/** All ids are looked up before the first is touched, so that a wrong one changes nothing. */
async function requeueNamed(asked: Asked, by: By): Promise<readonly Letter[]> {
  const found: Found[] = [];
  for (const eventId of asked.command.words) found.push(...(await find(asked, eventId)));
  const done: Letter[] = [];
  for (const { letters, letter } of found) {
    done.push(...(await letters.requeue([letter.eventId], by)));
  }
  return done;
}

async function requeueDead(asked: Asked, by: By): Promise<readonly Letter[]> {
  const done: Letter[] = [];
  for (const { letters } of doorsOf(asked)) {
    const dead = (await letters.list()).filter(({ state }) => state === 'DEAD');
    const ids = dead.map(({ eventId }) => eventId);
    if (ids.length > 0) done.push(...(await letters.requeue(ids, by)));
  }
  return done;
}

async function requeue(asked: Asked): Promise<void> {
  const { command, voice } = asked;
  const by = byWhom(command);
  const isNamed = command.words.length > 0;
  if (!isNamed && text(command, 'subscriber') === null) {
    throw new NotUnderstood('Name event ids, or a subscriber.');
  }
  const done = isNamed ? await requeueNamed(asked, by) : await requeueDead(asked, by);
  voice.say(command.flags['json'] ? JSON.stringify(done) : `${done.length} go again.`);
}

async function discard(asked: Asked): Promise<void> {
  const { command, voice } = asked;
  const by = byWhom(command);
  const eventId = idOf(command);
  const found = await find(asked, eventId);
  if (found.length > 1) {
    const names = found.map(({ letter }) => letter.subscriber).join(', ');
    throw new Refused(`It is parked in ${names}: say --subscriber.`);
  }
  for (const { letters } of found) {
    const gone = await letters.discard(eventId, by);
    if (!gone) throw new Refused(`Event ${eventId} was handled meanwhile.`);
    const next = gone.behind > 0 ? `; the next of ${gone.behind} behind it has its turn` : '';
    voice.say(
      command.flags['json'] ? JSON.stringify(gone) : `Event ${eventId} is given up${next}.`,
    );
  }
}

const verbs: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  ...{ list, show, requeue, discard },
};

/** `npm run queues`: answers the exit code. */
export const runQueues = ({ args, env }: Run, voice: Voice): Promise<number> =>
  exitCodeOf(
    async () => {
      const command = typed(args, flags);
      const verb = verbs[command.verb];
      if (!verb) throw new NotUnderstood(`${command.verb || 'Nothing'} is no command.`);
      const changes = command.verb === 'requeue' || command.verb === 'discard';
      if (changes) byWhom(command); // before anything is connected
      await withDoors(env, (doors) => verb({ doors, command, voice }));
    },
    { usage, voice },
  );
