const BATCH = 10;

/**
 * Does something for every item, ten at a time, and gives the answers in order. `onDone` gets how many are done. Once
 * one fails, no further batch begins.
 */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  act: (item: Item) => Promise<Answer>,
  onDone: (done: number) => void = () => undefined,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < items.length; from += BATCH) {
    answers.push(...(await Promise.all(items.slice(from, from + BATCH).map(act))));
    onDone(answers.length);
  }
  return answers;
}
