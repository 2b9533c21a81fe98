import {
  numberPlace,
  type PageArguments,
  pageAsked,
  toConnection,
} from '@simplebank/chassis/connections';
import type { Context } from '../../context.ts';
import { findNotice, listParked } from '../data/notices.ts';

type Asker = Pick<Context, 'db'>;

/** Notices that wait for a decision of staff, oldest first. Throws BAD_INPUT for a bad page. */
export async function parkedNotices({ db }: Asker, page: PageArguments) {
  const { first, after } = pageAsked(page, numberPlace);
  const notices = await listParked(db, { after, limit: first + 1 });
  return toConnection(notices, { first, placeOf: ({ number }) => [number] });
}

export const noticeBy = ({ db }: Asker, id: string) => findNotice(db, id);
