/**
 * Temporal shows summaries and details as Markdown. Names and messages come from other people, so nothing in them may
 * become an image, a link, HTML or emphasis.
 */

/** Control characters, line separators and marks that reverse the direction of text. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;
/** What begins an element of Markdown within a line; `_` within a word begins none. */
const markup = /[\\`*~[\]<&|]|(?<!\w)_|_(?!\w)/g;
/** Where a renderer finds an address in plain text. */
const address = /:\/\/|@|www(?=\.)/gi;
/** Takes no room, and no address has one. */
const WORD_JOINER = '\u2060';

/** Temporal allows at most 400 bytes for a summary; names of customers can be longer. */
const LONGEST_SUMMARY = 100;

/** Text that Markdown shows as it is, on one line. */
export function plainMarkdown(text: string): string {
  return text.replaceAll(unprintable, ' ').replaceAll(markup, '\\$&').replaceAll(address, `$&${WORD_JOINER}`);
}

/** Text as code in Markdown, on one line. */
export function codeMarkdown(text: string): string {
  return `\`${text.replaceAll(unprintable, ' ').replaceAll('`', "'")}\``;
}

/** A summary as Temporal takes it: of at most 100 characters, without Markdown. */
export function toSummary(text: string): string {
  return plainMarkdown(text.length <= LONGEST_SUMMARY ? text : `${text.slice(0, LONGEST_SUMMARY - 1)}…`);
}
