import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { joinLines, printable, textFor } from '../../client/cli/printable.js';
import { historyText } from '../../client/cli/customer.js';
import { blockedText, runsTable, statusText } from '../../client/cli/format.js';
import { table } from '../../client/cli/table.js';
import type { OperationStatus } from '../../contract/status.js';

const evil = 'Evil\u001b[31mRED\u001b]0;title\u0007 end';
/** Reverses the direction, begins a control sequence in one character, deletes, separates lines, returns. */
const others = 'a\u202eb\u2066c\u200fd\u009b31me\u007ff\u2028g\rh';
const steering = /(?!\t|\n|\r\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

test('characters that steer a terminal are printed as escapes', () => {
  expect(printable(evil)).toBe('Evil\\u001b[31mRED\\u001b]0;title\\u0007 end');
  expect(printable(others)).toBe('a\\u202eb\\u2066c\\u200fd\\u009b31me\\u007ff\\u2028g\\u000dh');
});

test('JSON keeps its meaning when it is printed', () => {
  const value = { [evil]: `${others}\n\t"\\` };

  expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).toEqual(value);
});

test.each(['Ärzte & Söhne, Inc', '東京', '👩‍👧 family', 'שלום', 'two\nlines\tand a tab', 'CSV\r\n', 'नमस्ते'])(
  '%j is printed as it is',
  (text) => {
    expect(printable(text)).toBe(text);
  },
);

test('nobody’s words make a line of their own', () => {
  expect(joinLines(['one', 'two\n✔ three'])).toBe('one\ntwo ✔ three');
  expect(table(['NAME'], [['Acme\nEvil'], ['x\ty']])).toBe('NAME\nAcme Evil\nx y');
});

test('colours are given by the sign of a line, on a terminal only', () => {
  const text = '✔ one, 5 ms  (late)\n  ✘ two\nthree ✔';
  const terminal = Object.assign(new PassThrough(), { isTTY: true, getColorDepth: () => 8 });
  const stream = terminal as unknown as NodeJS.WriteStream;

  expect(textFor(stream, text)).toBe(
    '\u001b[32m✔\u001b[39m one, 5 ms\u001b[90m  (late)\u001b[39m\n  \u001b[31m✘\u001b[39m two\nthree ✔',
  );
  expect(textFor(stream, `✔ ${evil}`)).not.toContain('\u001b[31mRED');
  expect(textFor(new PassThrough() as unknown as NodeJS.WriteStream, text)).toBe(text);
});

test('the status, the lists and the history of a customer print no character that steers the terminal', () => {
  const words = `${evil}\n${others}`;
  const blocked = { step: words, type: words, message: words, since: words, choices: ['retry', 'abort'] as const };
  const status = {
    operation: words,
    id: words,
    state: 'blocked',
    blocked,
    steps: [{ name: words, state: 'failed', attempts: 2, lastError: words }],
    decisions: [{ at: words, actor: words, choice: 'retry', step: words, reason: words, verified: false }],
    startedAt: words,
    updatedAt: words,
    tenantId: words,
  } as unknown as OperationStatus & { state: 'blocked' };
  const run = {
    id: words,
    runId: '1',
    operation: words,
    state: 'blocked',
    reason: words,
    step: words,
    startedAt: words,
  };
  const texts = [
    statusText(status),
    runsTable([run, { ...run, unanswered: words }]),
    blockedText([
      { ...run, blocked: status.blocked },
      { ...run, unanswered: words },
    ]),
    historyText({
      tenantId: words,
      now: { name: words, state: 'enabled' },
      before: [{ tenantId: words, name: words, deletedAt: words }],
      runs: [{ ...run, status }],
    }),
  ];

  for (const text of texts) {
    expect(text).not.toMatch(steering);
    // each line is one of ours: none begins with the second line of a name
    expect(text).not.toMatch(/^a b/m);
  }
});
