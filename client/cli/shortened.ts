import stringWidth from 'string-width';

const ELLIPSIS = '…';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The text in at most so many columns of a terminal, cut at its end. */
export function cutEnd(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  return beginning(charactersOf(text), columns - 1).trimEnd() + ELLIPSIS;
}

/** The text in at most so many columns of a terminal, cut in its middle, so that its end can be read. */
export function cutMiddle(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const characters = charactersOf(text);
  const head = beginning(characters, Math.floor((columns - 1) / 2));
  const tail = beginning(characters.toReversed(), columns - 1 - stringWidth(head), (begun, next) => next + begun);
  return head + ELLIPSIS + tail;
}

/** What a reader takes for characters: an emoji of several code points is one. */
function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

function beginning(
  characters: readonly string[],
  columns: number,
  join = (begun: string, next: string) => begun + next,
): string {
  let begun = '';
  for (const next of characters) {
    const longer = join(begun, next);
    if (stringWidth(longer) > columns) break;
    begun = longer;
  }
  return begun;
}
