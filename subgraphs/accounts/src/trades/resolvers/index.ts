import { resolveBookingException } from './Mutation/resolveBookingException.ts';
import { reverseTransaction } from './Mutation/reverseTransaction.ts';
import { bookingExceptions } from './Query/bookingExceptions.ts';

export const tradeResolvers = {
  Query: { bookingExceptions },
  Mutation: { resolveBookingException, reverseTransaction },
};
