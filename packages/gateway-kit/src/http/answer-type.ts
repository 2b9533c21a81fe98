/** In which of the two media types of GraphQL over HTTP a caller is answered. */
export type AnswerType = {
  readonly contentType: string;
  /**
   * For a caller who asks for `application/json` by name, a well-formed request is a 200 even when
   * its operation is refused: such clients take another status for a broken way, not an answer.
   */
  readonly refusalsAreOk: boolean;
};

const graphqlAnswer: AnswerType = {
  contentType: 'application/graphql-response+json; charset=utf-8',
  refusalsAreOk: false,
};
const jsonAnswer: AnswerType = {
  contentType: 'application/json; charset=utf-8',
  refusalsAreOk: true,
};
/** Of a caller who does not say, or takes anything. */
export const plainAnswer: AnswerType = { ...jsonAnswer, refusalsAreOk: false };

/** In order of preference where the caller has none. */
const offers = [
  { range: 'application/graphql-response+json', answer: graphqlAnswer },
  { range: 'application/json', answer: jsonAnswer },
  { range: 'application/*', answer: plainAnswer },
  { range: '*/*', answer: plainAnswer },
];

const weightOf = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** The media type for an `accept` header; null when it takes none of ours. */
export function answerTypeFor(accept: string | undefined): AnswerType | null {
  if (accept === undefined || accept.trim() === '') return plainAnswer;
  const weights = new Map(accept.toLowerCase().split(',').map(weighted));
  const [best] = offers
    .map(({ range, answer }) => ({ answer, weight: weights.get(range) ?? 0 }))
    .sort((one, other) => other.weight - one.weight);
  return best && best.weight > 0 ? best.answer : null;
}

function weighted(part: string): readonly [string, number] {
  const [range = '', ...parameters] = part.split(';').map((text) => text.trim());
  const weight = parameters.map((text) => weightOf.exec(text)?.[1]).find(Boolean);
  return [range, weight === undefined ? 1 : Number(weight)];
}
