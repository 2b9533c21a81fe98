import { Customer } from './Customer.ts';
import { changePassword } from './Mutation/changePassword.ts';
import { refresh } from './Mutation/refresh.ts';
import { registerStaff } from './Mutation/registerStaff.ts';
import { signIn } from './Mutation/signIn.ts';
import { signOut } from './Mutation/signOut.ts';
import { signOutEverywhere } from './Mutation/signOutEverywhere.ts';
import { signUp } from './Mutation/signUp.ts';
import { customers } from './Query/customers.ts';
import { customersNamed } from './Query/customersNamed.ts';
import { me } from './Query/me.ts';

export const identityResolvers = {
  Query: { me, customers, customersNamed },
  Mutation: {
    signUp,
    signIn,
    refresh,
    signOut,
    signOutEverywhere,
    changePassword,
    registerStaff,
  },
  Customer,
};
