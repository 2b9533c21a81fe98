import { Customer } from './Customer.ts';
import { decideVerification } from './Mutation/decideVerification.ts';
import { requestMoreInformation } from './Mutation/requestMoreInformation.ts';
import { submitAccount } from './Mutation/submitAccount.ts';
import { submitProfile } from './Mutation/submitProfile.ts';
import { customerProfile } from './Query/customerProfile.ts';
import { customersInReview } from './Query/customersInReview.ts';

export const verificationResolvers = {
  Query: { customersInReview, customerProfile },
  Mutation: { submitProfile, decideVerification, requestMoreInformation, submitAccount },
  Customer,
};
