import { styleText } from 'node:util';
import { mayColour } from './output-style.js';

/** Signs at the beginning of a line, with their colours on a terminal. */
const colours = {
  '✔': 'green',
  '▶': 'cyan',
  '✘': 'red',
  '!': 'yellow',
  '↩': 'yellow',
  '·': 'gray',
  '–': 'gray',
} as const;
const signedLine = new RegExp(`^( *)([${Object.keys(colours).join('')}])( .*?)(  \\(.*\\))?$`, 'gmu');

/** Control characters except tab and line end, line separators, and marks that reverse the direction of text. */
const unprintable = /(?!\t|\n|\r\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Text as it may be printed. Names and messages come from other people, and some characters would steer the terminal
 * or show text in another order than it is: they become escapes such as `\u001b`, which JSON reads as the same
 * characters.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, toEscape);
}

/** Lines of text, each on one line, so nobody's words look like a line of ours. */
export function joinLines(lines: readonly string[]): string {
  return lines.map(oneLine).join('\n');
}

/** Text on one line. Tabs, line ends and what must not be printed become spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\t\r\n]/g, ' ').replaceAll(unprintable, ' ');
}

/** Printable text as the stream shows it: on a terminal with colours, unless NO_COLOR or `--no-color` says otherwise. */
export function textFor(stream: NodeJS.WriteStream, text: string): string {
  if (!mayColour()) return printable(text);
  return printable(text).replaceAll(signedLine, (_line, indent: string, sign: keyof typeof colours, ...rest) => {
    const [words, remark = ''] = rest as [string, string?];
    const coloured = styleText(colours[sign], sign, { stream });
    return `${indent}${coloured}${words}${remark && styleText('gray', remark, { stream })}`;
  });
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
