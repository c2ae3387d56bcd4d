import { commandsFor } from '../../contract/commands.js';
import { choicesFor } from '../../contract/decisions.js';
import { troubleRemedy } from '../../contract/cloud-trouble.js';
import type { Notice } from '../../contract/notices.js';

export interface NoticeText {
  subject: string;
  text: string;
}

/** A notice for people: what happened, why, since when, and what to type. */
export function noticeText(notice: Notice): NoticeText {
  switch (notice.about) {
    case 'run':
      return runText(notice);
    case 'cloud': {
      const remedy = troubleRemedy(notice.type);
      return {
        subject: `${reminderPrefix(notice.nth)}Cloud ${notice.cloud} is in trouble: ${notice.type}`,
        text: lines(
          `${notice.type}: ${notice.message}`,
          `Since ${notice.since}. Runs that need this cloud wait and continue by themselves when it is back.`,
          `No decision is needed${remedy === undefined ? '' : `, but ${remedy}`}.`,
        ),
      };
    }
    case 'cloud-back':
      return {
        subject: `Cloud ${notice.cloud} is back`,
        text: `In trouble from ${notice.since} to ${notice.backAt}. The runs that waited for it continue.`,
      };
    default:
      return notice satisfies never;
  }
}

function runText(notice: Extract<Notice, { about: 'run' }>): NoticeText {
  const { run, step, type, message, since, until, nth } = notice;
  return {
    subject: `${reminderPrefix(nth)}${run} waits for a decision at ${step}: ${type}`,
    text: lines(
      `${type}: ${message}`,
      `Since ${since}${until === undefined ? '; time alone removes nothing' : `, until ${until}`}. Decide by one of`,
      ...commandsFor(run, choicesFor(notice)).map((command) => `  ${command}`),
    ),
  };
}

function reminderPrefix(nth: number): string {
  return nth === 0 ? '' : `Reminder ${nth}: `;
}

function lines(...all: string[]): string {
  return all.join('\n');
}
