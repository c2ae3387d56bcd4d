/** A message as a target gets it. */
export interface NoticeMessage {
  /** For programs, such as `notices`. */
  type: string;
  subject: string;
  text: string;
  /** More for programs. */
  data?: object;
}

/** A way to a person, opened. `where` says which, without anything secret. */
export interface NoticeTarget {
  where: string;
  /** Sends it, once. `id` is the same for each try of a message, so that a receiver can drop duplicates. */
  send(message: NoticeMessage, id: string): Promise<void>;
}

/** Text of others that must stay on one line, such as a subject, whose lines would be headers. */
export function oneLine(text: string, longest: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\s]+/gu, ' ').trim();
  return shortened(line, longest);
}

/** The beginning of a text that is too long, at a whole character. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
