const test = '\\.test\\.ts$|/test/|^tests/';
const process = '^(subgraphs|services|gateways)/[^/]+/';
const rooms =
  '(identity|accounts|ledger|payments|statements|trades|verification|dividends' +
  '|strategies|elections|investing|plans|rebalancing|search|candles|actions|calendar)';

/** Who may import what: the table of CONTRIBUTING.md as rules. Each has a planted violation in tools/house/. */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '/domain/', pathNot: test },
      to: { pathNot: ['/domain/', '^packages/kernel/'] },
    },
    {
      name: 'data-looks-inward',
      severity: 'error',
      from: { path: '/(data|domain)/', pathNot: test },
      to: { path: '/(resolvers|commands|queries|events)/' },
    },
    {
      name: 'doors-stay-out-of-data',
      severity: 'error',
      from: { path: '/(resolvers|events)/', pathNot: test },
      to: { path: '/data/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'commands-serve-doors',
      severity: 'error',
      from: { path: '/commands/', pathNot: test },
      to: { path: '/(resolvers|queries)/|/events/(on-|consumers)' },
    },
    {
      name: 'queries-only-read',
      severity: 'error',
      from: { path: '/queries/', pathNot: test },
      to: { path: '/(resolvers|commands|events)/' },
    },
    {
      name: 'published-events-translate',
      severity: 'error',
      from: { path: '/events/published', pathNot: test },
      to: { path: '/(resolvers|commands|queries|data)/' },
    },
    {
      name: 'only-data-knows-prisma',
      severity: 'error',
      from: { pathNot: ['/(data|generated)/', '^tools/(migrate|generate)'] },
      to: {
        path: ['/generated/prisma/', 'node_modules/@prisma/(client|adapter)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-kernel-knows-decimal-js',
      severity: 'error',
      from: { pathNot: ['^packages/kernel/', '/generated/'] },
      to: { path: 'node_modules/decimal\\.js' },
    },
    {
      name: 'only-chassis-knows-queues',
      severity: 'error',
      from: { pathNot: '^packages/chassis/' },
      to: { path: 'node_modules/(bullmq|ioredis)' },
    },
    {
      name: 'only-chassis-and-gateway-kit-know-http',
      severity: 'error',
      from: { path: `^packages/(kernel|contracts)/|${process}src/`, pathNot: test },
      to: {
        path: 'node_modules/(fastify|undici|@apollo/(server|gateway)|@as-integrations)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'contexts-are-islands',
      severity: 'error',
      from: { path: '^(subgraphs|services|gateways)/([^/]+)/' },
      to: {
        path: '^(subgraphs|services|gateways)/',
        pathNot: [
          '^$1/$2/',
          '^services/venue/src/(simulator|config)\\.ts$',
          '^services/mail-catcher/src/catcher\\.ts$',
        ],
      },
    },
    {
      // The simulated venue is an outside party: its participant may run it in process, nobody else.
      name: 'only-the-market-runs-a-venue',
      severity: 'error',
      from: { path: '^(packages|subgraphs|gateways|services/(?!market/|venue/))' },
      to: { path: '^services/venue/' },
    },
    {
      // What the catcher takes reaches nobody: tests mail to it, and the bank never knows it.
      name: 'nobody-mails-to-the-catcher-alone',
      severity: 'error',
      from: { path: '^(packages|subgraphs|gateways|services/(?!mail-catcher/))', pathNot: test },
      to: { path: '^services/mail-catcher/' },
    },
    {
      name: 'the-venue-knows-no-bank',
      severity: 'error',
      from: { path: '^services/venue/src/' },
      to: { path: '^packages/contracts/|^services/market/' },
    },
    {
      name: 'packages-know-no-context',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(subgraphs|services|gateways|tools|tests|bench)/' },
    },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      from: { path: '^packages/kernel/' },
      to: { path: '^packages/', pathNot: '^packages/kernel/' },
    },
    {
      name: 'contracts-know-only-the-kernel',
      severity: 'error',
      from: { path: '^packages/contracts/' },
      to: { path: '^packages/', pathNot: '^packages/(contracts|kernel)/' },
    },
    {
      name: 'chassis-knows-the-envelope-only',
      severity: 'error',
      from: { path: '^packages/chassis/src/', pathNot: test },
      to: {
        path: '^packages/',
        pathNot: '^packages/(chassis/|kernel/|contracts/src/(event|entities|subscriptions)\\.ts$)',
      },
    },
    {
      name: 'application-never-imports-testkit',
      severity: 'error',
      from: {
        path: ['^packages/', '^(subgraphs|services|gateways)/'],
        pathNot: [test, '^packages/testkit/'],
      },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      from: {},
      to: { path: '/src/main\\.ts$' },
    },
    {
      name: 'others-enter-by-the-door',
      severity: 'error',
      from: { path: '^(tests|bench|tools)/' },
      to: {
        path: `${process}src/`,
        pathNot: '/src/(app|worker|config|operate|reconcile|verify|simulation)\\.ts$',
      },
    },
    {
      name: 'rooms-of-accounts-have-one-door',
      severity: 'error',
      from: { path: `^subgraphs/(accounts|assets|strategies)/src/${rooms}/`, pathNot: test },
      to: {
        path: `^subgraphs/(accounts|assets|strategies)/src/${rooms}/`,
        pathNot: ['^subgraphs/$1/src/$2/', '/index\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      // What the bench measures against has a manifest of its own, installed when it is measured.
      name: 'imports-resolve',
      severity: 'error',
      from: { pathNot: ['/generated/', '^bench/gateway/peers/'] },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/generated/(?!prisma/client)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
