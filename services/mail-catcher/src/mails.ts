import PostalMime from 'postal-mime';

/** A mail as it arrived, read. */
export type CaughtMail = {
  readonly receivedAt: Date;
  /** Who it was said to come from and go to, outside of the mail itself. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  readonly html: string;
  /** Every header line, its name in lower case. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
};

export type Arrival = Pick<CaughtMail, 'receivedAt' | 'envelope'> & { readonly raw: Buffer };

export async function readMail({ raw, ...arrival }: Arrival): Promise<CaughtMail> {
  const mail = await PostalMime.parse(raw);
  return {
    ...arrival,
    from: mail.from?.address ?? '',
    to: (mail.to ?? []).flatMap(({ address }) => address ?? []),
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: mail.headers.map(({ key, value }) => ({ key, value })),
  };
}

export type Kept = {
  readonly add: (mail: CaughtMail) => void;
  /** Newest first. */
  readonly all: () => readonly CaughtMail[];
};

/** Remembers the newest mails and forgets the others. */
export function keepNewest(most: number): Kept {
  const mails: CaughtMail[] = [];
  return {
    add(mail) {
      mails.unshift(mail);
      mails.length = Math.min(mails.length, most);
    },
    all: () => [...mails],
  };
}
