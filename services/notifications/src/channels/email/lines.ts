import { NotDelivered, NotTried } from '../../channel.ts';

/** One connection to the mail server, or the right to have one. */
export type Line = {
  readonly send: (mail: Mail) => Promise<void>;
  /** Ends the connection, whatever is under way on it. */
  readonly close: () => void;
};
export type Mail = {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly date: Date;
};

export type Lines = {
  readonly send: (mail: Mail) => Promise<void>;
  readonly close: () => void;
};

/**
 * As many lines as are needed, up to `most`, each for one mail at a time. A line on which a mail
 * did not end in time is cut: nothing goes out on it after its sender has given up.
 */
export function createLines(open: () => Line, limits: { most: number; sendMsMax: number }): Lines {
  const { most, sendMsMax } = limits;
  const free: Line[] = [];
  const all = new Set<Line>();

  function take(): Line {
    const line = free.pop();
    if (line) return line;
    if (all.size >= most) throw new NotTried('NO_LINE_FREE');
    const opened = open();
    all.add(opened);
    return opened;
  }
  return {
    async send(mail) {
      const line = take();
      try {
        await within(sendMsMax, line.send(mail));
        free.push(line);
      } catch (error) {
        all.delete(line);
        line.close();
        throw error;
      }
    },
    close() {
      for (const line of all) line.close();
      all.clear();
      free.length = 0;
    },
  };
}

async function within(ms: number, sending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotDelivered('TIMEOUT', { answered: false })), ms);
  });
  await Promise.race([sending, late]).finally(() => clearTimeout(timer));
}
