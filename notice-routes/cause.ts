import type { Notice } from '../contract/notices.js';

const LONGEST_TEXT = 1000;
const LONGEST_NAME = 100;
const LONGEST_CAUSE = 300;

/**
 * What notices have in common that are one message. Runs: the same step of the same operation that fails in the same way
 * in the same cloud. Customers: the same failure in the same cloud; or the same thing that is missing on
 * the way to protected. Sources: the same source. Trouble of a cloud, a
 * brake or a rollout is a cause of its own each time that it begins.
 */
export function causeOf(notice: Notice, cloud: string): string {
  return partsOfCause(notice, cloud).join(' ').slice(0, LONGEST_CAUSE);
}

function partsOfCause(notice: Notice, cloud: string): readonly string[] {
  switch (notice.about) {
    case 'run':
      return ['run', cloud, notice.operation, notice.step, notice.type];
    case 'customer':
      return ['customer', cloud, notice.type];
    case 'onboarding':
      return ['onboarding', cloud, notice.missing];
    case 'source':
      return ['source', notice.source];
    case 'rollout':
      return ['rollout', notice.rollout, notice.since];
    case 'cloud':
    case 'cloud-back':
    case 'brake':
      return [notice.about, cloud, notice.type, notice.since];
  }
}

/** What tells one notice of a cause from the others. */
export function nameOf(notice: Notice): string {
  return wholeName(notice).slice(0, LONGEST_NAME);
}

function wholeName(notice: Notice): string {
  switch (notice.about) {
    case 'run':
    case 'onboarding':
      return notice.run;
    case 'customer':
      return notice.customer;
    case 'source':
      return notice.subject;
    case 'rollout':
      return notice.rollout;
    case 'cloud':
    case 'cloud-back':
    case 'brake':
      return notice.cloud;
  }
}

/** What is held is bounded, so long texts of others are cut. */
export function withoutLongTexts(notice: Notice): Notice {
  const short = (text: unknown) =>
    typeof text === 'string' && text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
  return Object.fromEntries(Object.entries(notice).map(([field, value]) => [field, short(value)])) as Notice;
}
