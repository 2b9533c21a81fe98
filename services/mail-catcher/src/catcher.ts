import { setTimeout as pause } from 'node:timers/promises';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import { type CaughtMail, keepNewest, readMail } from './mails.ts';
import { type Mood, moodFor } from './moods.ts';

const loopback = '127.0.0.1';
const mailBytesMax = 1_048_576;
const clientsMax = 200;
const idleMsMax = 60_000;
const closeMsMax = 100;
const keptUsual = 200;
const slowMsUsual = 1_500;

export type CatcherOptions = {
  /** 0 takes a free port. */
  readonly port?: number;
  /** How many mails it remembers. */
  readonly keep?: number;
  /** How long SLOW takes. */
  readonly slowMs?: number;
  /** Where it listens; 127.0.0.1 unless told. */
  readonly host?: string;
  /** With STARTTLS, under a certificate that nobody trusts. */
  readonly startTls?: boolean;
};

export type MailCatcher = {
  readonly name: string;
  /** Such as `smtp://127.0.0.1:2525`, once it has started. */
  readonly url: string;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly ready: () => Promise<boolean>;
  /** Newest first. */
  readonly mails: () => readonly CaughtMail[];
  /** From the next recipient on; an address that names a mood has its own. */
  readonly behave: (mood: Mood) => void;
  /** How many recipients it was asked to take mail for, whatever it said. */
  readonly asked: () => number;
};

/** Answers of RFC 5321 that a client must take for refused or put off. */
const answers = {
  REFUSE: { responseCode: 550, text: 'no such mailbox here' },
  DEFER: { responseCode: 451, text: 'not now, try later' },
} as const;

type Answer = (error?: Error | null) => void;

/** Anybody may send here, and nobody may send much. */
const limitsOf = ({ startTls = false }: CatcherOptions): SMTPServerOptions => ({
  ...{ logger: false, authOptional: true, disableReverseLookup: true, size: mailBytesMax },
  ...{ maxClients: clientsMax, socketTimeout: idleMsMax, closeTimeout: closeMsMax },
  disabledCommands: startTls ? [] : ['STARTTLS'],
  onAuth: (_auth, _session, answer) => answer(null, { user: 'anybody' }),
});

/** A mail server, on this machine alone unless told; it delivers nothing and shows what it got. */
export function createMailCatcher(options: CatcherOptions = {}): MailCatcher {
  const { port = 0, host = loopback, keep = keptUsual, slowMs = slowMsUsual } = options;
  const kept = keepNewest(keep);
  let usual: Mood = 'WELL';
  let asked = 0;
  let url = '';
  const server = new SMTPServer({
    ...limitsOf(options),
    onRcptTo({ address }, session, answer) {
      asked += 1;
      receive(moodFor(address, usual), { slowMs, answer, drop: () => drop(server, session) });
    },
    onData(stream, session, answer) {
      const given = take(stream, session).then((mail) => {
        kept.add(mail);
        const [to = ''] = mail.envelope.to;
        if (moodFor(to, usual) === 'LOSE_ANSWER') drop(server, session);
        else answer();
      });
      given.catch(answer);
    },
  });
  server.on('error', () => undefined); // a client that breaks off is an everyday matter here
  return {
    name: 'mail-catcher',
    get url() {
      return url;
    },
    async start() {
      url = `smtp://${host}:${await listening(server, { host, port })}`;
    },
    close: () => new Promise((closed) => server.close(closed)),
    ready: async () => url !== '',
    mails: kept.all,
    behave: (mood) => {
      usual = mood;
    },
    asked: () => asked,
  };
}

type Receiving = {
  readonly slowMs: number;
  readonly answer: Answer;
  readonly drop: () => void;
};

function receive(mood: Mood, { slowMs, answer, drop }: Receiving): void {
  switch (mood) {
    case 'WELL':
    case 'LOSE_ANSWER':
      answer();
      break;
    case 'REFUSE':
    case 'DEFER': {
      const { responseCode, text } = answers[mood];
      answer(Object.assign(new Error(text), { responseCode }));
      break;
    }
    case 'SLOW':
      void pause(slowMs, undefined, { ref: false }).then(() => answer());
      break;
    case 'HANG':
      break;
    case 'DROP':
      drop();
      break;
    default:
      throw new Error(`no such mood: ${mood satisfies never}`);
  }
}

/** Ends the session's connection without a word, as a broken network does. */
function drop(server: SMTPServer, { id }: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.id === id) connection._socket.destroy();
  }
}

async function take(
  stream: SMTPServerDataStream,
  { envelope }: SMTPServerSession,
): Promise<CaughtMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error('too large'), { responseCode: 552 });
  const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const to = envelope.rcptTo.map(({ address }) => address);
  return readMail({
    receivedAt: new Date(),
    envelope: { from, to },
    raw: Buffer.concat(chunks),
  });
}

type Place = { readonly host: string; readonly port: number };

function listening(server: SMTPServer, { host, port }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', (cause) => {
      const message = `Port ${port} cannot be had: set MAIL_CATCHER_SMTP_PORT to a free one.`;
      reject(new Error(message, { cause }));
    });
    server.listen(port, host, () => {
      const address = server.server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
