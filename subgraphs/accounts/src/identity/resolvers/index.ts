import { Customer } from './Customer.ts';
import { refresh } from './Mutation/refresh.ts';
import { registerStaff } from './Mutation/registerStaff.ts';
import { signIn } from './Mutation/signIn.ts';
import { signOut } from './Mutation/signOut.ts';
import { signUp } from './Mutation/signUp.ts';
import { me } from './Query/me.ts';

export const identityResolvers = {
  Query: { me },
  Mutation: { signUp, signIn, refresh, signOut, registerStaff },
  Customer,
};
