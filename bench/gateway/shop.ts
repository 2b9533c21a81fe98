/** A shop of four subgraphs in the shape of the public benchmark, with data of its own. */

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@provides", "@shareable"])`;

export const typeDefs = {
  accounts: `${link}
    type Query {
      me: User
      "The salt changes nothing but the text of the question."
      users(salt: String): [User]
    }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable }
  `,
  inventory: `${link}
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }
  `,
  products: `${link}
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }
  `,
  reviews: `${link}
    type Review @key(fields: "id") {
      id: ID! body: String author: User @provides(fields: "username") product: Product
    }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }
  `,
} as const;
export type Subgraph = keyof typeof typeDefs;
export const subgraphs = Object.keys(typeDefs) as Subgraph[];

type User = { readonly id: string; readonly name: string; readonly username: string };
type Product = {
  readonly upc: string;
  readonly name: string;
  readonly price: number;
  readonly weight: number;
};
type Review = { readonly id: string; readonly author: number; readonly product: number };

const names = ['Ada Byron', 'Bela Kiss', 'Cleo Vance', 'Dora Mint', 'Egon Fuchs', 'Finn Holm'];
const users: readonly User[] = names.map((name, n) => ({
  id: String(n + 1),
  name,
  username: name.toLowerCase().replace(' ', '.'),
}));
const goods = ['Table', 'Couch', 'Glass', 'Chair', 'TV', 'Lamp', 'Grill', 'Fridge', 'Sofa'];
const products: readonly Product[] = goods.map((name, n) => ({
  upc: String(n + 1),
  name,
  price: 899 - n * 77,
  weight: 100 + n * 25,
}));
/** Two people write nearly all reviews, which is what makes entities repeat. */
const reviews: readonly Review[] = Array.from({ length: 20 }, (_, n) => ({
  id: String(n + 1),
  product: n % products.length,
  author: n % 2,
}));

const userOf = (id: string) => users.find((user) => user.id === id);
const bodies = ['Love it!', 'Too expensive.', 'Could be better.', 'Prefer something else.'];
const reviewsBy = (author: User | undefined) =>
  reviews.filter((review) => users[review.author] === author).map(shown);
const reviewsOf = (product: Product | undefined) =>
  reviews.filter((review) => products[review.product] === product).map(shown);
/** Lists are made when they are asked for: they lead round in circles. */
function shown({ id, product, author }: Review): object {
  const writer = users[author];
  const good = products[product];
  return {
    id,
    body: bodies[Number(id) % bodies.length],
    author: { ...writer, reviews: () => reviewsBy(writer) },
    product: { upc: good?.upc, reviews: () => reviewsOf(good) },
  };
}

type Representation = {
  readonly __typename: string;
  readonly id: string;
  readonly upc: string;
  readonly price?: number;
  readonly weight?: number;
};
type Resolve = (representation: Representation) => object | undefined;

const entities: Readonly<Record<Subgraph, Resolve>> = {
  accounts: ({ id }) => userOf(id),
  inventory: ({ upc, price = 0, weight = 0 }) => ({
    upc,
    inStock: Number(upc) % 2 === 1,
    shippingEstimate: price > 1_000 ? 0 : Math.round(weight * 0.5),
  }),
  products: ({ upc }) => products.find((product) => product.upc === upc),
  reviews: ({ __typename, id, upc }) =>
    __typename === 'User'
      ? { id, reviews: reviewsBy(userOf(id)) }
      : { upc, reviews: reviewsOf(products.find((product) => product.upc === upc)) },
};

type Asked = { readonly representations: readonly Representation[] };

/** What a subgraph answers, as the root value of its schema. */
export const rootOf = (subgraph: Subgraph) => ({
  me: () => users[0],
  users: () => users,
  topProducts: ({ first }: { readonly first: number }) => products.slice(0, first),
  _entities: ({ representations }: Asked) =>
    representations.map((one) => {
      const found = entities[subgraph](one);
      return found ? { __typename: one.__typename, ...found } : null;
    }),
});

/** The public question: everything, four levels deep, along two ways. */
export const largeQuery = `
  fragment User on User { id username name }
  fragment Review on Review { id body }
  fragment Product on Product { inStock name price shippingEstimate upc weight }
  query Everything($salt: String) {
    users(salt: $salt) {
      ...User
      reviews { ...Review product { ...Product reviews { ...Review author {
        ...User reviews { ...Review product { ...Product } }
      } } } }
    }
    topProducts {
      ...Product
      reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } }
    }
  }`;

/** A screen: one person, four fetches. */
export const smallQuery = `
  query Screen { me { id name reviews { id body product { upc name inStock } } } }`;
