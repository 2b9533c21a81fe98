/** The mutations that the past is made of; each answers a success or a refusal with its code. */
const mutation = (name: string, success: string, refusal = 'code message') => {
  const field = `${name[0]?.toLowerCase()}${name.slice(1)}`;
  const refused = refusal ? `... on ${name}Refusal { ${refusal} }` : '';
  return `mutation ${name}($input: ${name}Input!) { ${field}(input: $input) {
    __typename ... on ${name}Success { ${success} } ${refused} } }`;
};

export const texts = {
  registerStaff: mutation('RegisterStaff', 'staff { id }'),
  signUp: mutation('SignUp', 'email'),
  submitProfile: mutation('SubmitProfile', '__typename'),
  openAccount: mutation('OpenAccount', 'account { id number }'),
  submitAccount: mutation('SubmitAccount', '__typename'),
  createDeposit: mutation('CreateDeposit', 'payment { id }'),
  createWithdrawal: mutation('CreateWithdrawal', 'payment { id }'),
  registerAssets: mutation('RegisterAssets', 'assets { id symbol }'),
  createStrategy: mutation('CreateStrategy', 'strategy { id name }'),
  investInStrategy: mutation('InvestInStrategy', 'strategyOrder { id }'),
  electStrategy: mutation('ElectStrategy', '__typename'),
  createPlan: mutation('CreatePlan', 'plan { id }'),
  announceDividend: mutation('AnnounceDividend', '__typename'),
  placeOrder: mutation('PlaceOrder', 'order { id }'),
} as const;
