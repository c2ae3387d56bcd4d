import { choicesFor } from '../../contract/decisions.js';
import { brakeCommands, customerCommands, onboardingCommands, rolloutCommands } from '../../contract/commands.js';
import { troubleRemedy } from '../../contract/cloud-trouble.js';
import type { Notice } from '../../contract/notices.js';
import type { Note } from '../../contract/note.js';
import { blockedNote, causeText } from '../../contract/view.js';

export interface NoticeText {
  subject: string;
  text: string;
}

/** A notice for people: what happened, why, since when, and what to type. */
export function noticeText(notice: Notice): NoticeText {
  switch (notice.about) {
    case 'run':
      return runText(notice);
    case 'cloud':
      return cloudText(notice);
    case 'brake':
      return {
        subject: `The brake of cloud ${notice.cloud} is engaged: ${notice.message}`,
        text: lines(
          `Since ${notice.since} nothing is taken from a customer of this cloud before a person releases it. Everything else goes on.`,
          ...commandsOf(notice).map((command) => `  ${command}`),
        ),
      };
    case 'rollout':
      return {
        subject: `${notice.rollout} waits for a decision: ${notice.message}`,
        text: lines(
          `Since ${notice.since} no other customer begins. Those that have begun go on.`,
          ...commandsOf(notice).map((command) => `  ${command}`),
        ),
      };
    case 'onboarding':
      return onboardingText(notice);
    case 'cloud-back':
      return {
        subject: `Cloud ${notice.cloud} is back`,
        text: `In trouble from ${notice.since} to ${notice.backAt}. The runs that waited for it continue.`,
      };
    case 'customer':
      return {
        subject: `Customer ${notice.customer} needs a person: ${notice.type}`,
        text: lines(notice.message, ...commandsOf(notice).map((command) => `  ${command}`)),
      };
    case 'source':
      return { subject: `${notice.source}: ${notice.subject} needs a person`, text: notice.message };
    default:
      return notice satisfies never;
  }
}

function onboardingText(notice: Extract<Notice, { about: 'onboarding' }>): NoticeText {
  const { run, missing, since, whoMustAct, nth } = notice;
  return {
    subject: `${reminderPrefix(nth + 1)}${run} waits for ${missing}`,
    text: lines(
      `Since ${since}. Who must act: ${whoMustAct}. The run goes on by itself once it comes.`,
      ...commandsOf(notice).map((command) => `  ${command}`),
    ),
  };
}

function cloudText(notice: Extract<Notice, { about: 'cloud' }>): NoticeText {
  const remedy = troubleRemedy(notice.type);
  return {
    subject: `${reminderPrefix(notice.nth)}Cloud ${notice.cloud} is in trouble: ${notice.type}`,
    text: lines(
      causeText(notice),
      `Since ${notice.since}. Runs that need this cloud wait and continue by themselves when it is back.`,
      `No decision is needed${remedy === undefined ? '' : `, but ${remedy}`}.`,
    ),
  };
}

function runText(notice: Extract<Notice, { about: 'run' }>): NoticeText {
  const { run, step, type, until, nth } = notice;
  const { text } = noteOf(notice);
  return {
    subject: `${reminderPrefix(nth)}${run} waits for a decision at ${step}: ${type}`,
    text: lines(
      causeText(notice),
      `${run} ${text}`,
      ...commandsOf(notice).map((command) => `  ${command}`),
      ...(until === undefined ? ['Time alone removes nothing.'] : []),
    ),
  };
}

/** What a person can type about it. */
export function commandsOf(notice: Notice): string[] {
  if (notice.about === 'brake') return brakeCommands(notice.cloud);
  if (notice.about === 'customer') return customerCommands(notice);
  if (notice.about === 'onboarding') return onboardingCommands(notice.run);
  if (notice.about === 'rollout') return rolloutCommands(notice.rollout);
  return notice.about === 'run' ? noteOf(notice).actions.map(({ command }) => command) : [];
}

/** What the run waits for, in the words of its status, and what a person can do about it. */
function noteOf(notice: Extract<Notice, { about: 'run' }>): Note {
  const { run, step, type, message, since, until } = notice;
  return blockedNote(run, {
    step,
    type,
    message,
    since,
    choices: choicesFor(notice),
    ...(until !== undefined && { until }),
  });
}

function reminderPrefix(nth: number): string {
  return nth === 0 ? '' : `Reminder ${nth}: `;
}

function lines(...all: string[]): string {
  return all.join('\n');
}
