import { commandsFor } from '../../contract/commands.js';
import { choicesFor } from '../../contract/decisions.js';
import { FailureType } from '../../contract/failures.js';
import type { Notice } from '../../contract/notices.js';

export interface Words {
  subject: string;
  text: string;
}

/** A notice as people read it: what, why, since when, and what to type. */
export function inWords(notice: Notice): Words {
  switch (notice.about) {
    case 'run':
      return runWords(notice);
    case 'cloud':
      return {
        subject: `${again(notice.nth)}Cloud ${notice.cloud} is in trouble: ${notice.type}`,
        text: lines(
          `${notice.type}: ${notice.message}`,
          `Since ${notice.since}. Runs that need this cloud wait and go on by themselves when it is back; none of them asks anybody.`,
          cloudRemedy(notice.type),
        ),
      };
    case 'cloud-back':
      return {
        subject: `Cloud ${notice.cloud} is back`,
        text: `In trouble from ${notice.since} to ${notice.backAt}. The runs that waited for it go on.`,
      };
    default:
      return notice satisfies never;
  }
}

function cloudRemedy(type: string): string {
  if (type === FailureType.UnknownCloud) return 'Start a worker whose settings name this cloud (TENANTRY_CLOUDS).';
  return 'If credentials were refused, give the workers new ones.';
}

function runWords(notice: Extract<Notice, { about: 'run' }>): Words {
  const { run, step, type, message, since, until, nth } = notice;
  return {
    subject: `${again(nth)}${run} waits for a decision at ${step}: ${type}`,
    text: lines(
      `${type}: ${message}`,
      `Since ${since}${until === undefined ? '; nothing is removed by time alone' : `, until ${until}`}. Decide by one of`,
      ...commandsFor(run, choicesFor(notice)).map((command) => `  ${command}`),
    ),
  };
}

function again(nth: number): string {
  return nth === 0 ? '' : `Reminder ${nth}: `;
}

function lines(...all: string[]): string {
  return all.join('\n');
}
