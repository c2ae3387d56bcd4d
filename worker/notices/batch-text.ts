import { MOST_NAMES, type NoticeBatch, type NoticeGroup } from '../../contract/notice-queue.js';
import type { NoticeMessage } from './message.js';
import { commandsOf, noticeText, type NoticeText } from './text.js';
import { noticeTypes } from './webhook.js';

/** How many causes a message tells in full; of the others it has the first line. */
const MOST_IN_FULL = 10;

/** One message for everything that is due: each cause once, with how many notices it has. */
export function batchMessage(batch: NoticeBatch): NoticeMessage {
  const { groups, more, lost } = batch;
  const texts = groups.map(groupText);
  const notes = [
    ...(more > 0 ? [`And ${more} more notices, for which there was no room.`] : []),
    ...(lost > 0 ? [`${lost} earlier notice(s) could not be delivered.`] : []),
  ];
  const [only] = texts;
  const { subject, text } = texts.length === 1 ? only! : severalTexts(groups, texts);
  return {
    type: 'notices',
    subject,
    text: [text, ...notes].join('\n\n'),
    data: { causes: groups.map(causeData), ...(more > 0 && { more }), ...(lost > 0 && { lost }) },
  };
}

/** A cause in words. One notice reads as it does without a queue. */
export function groupText(group: NoticeGroup): NoticeText {
  const { earlier, notice, names } = group;
  const first = noticeText(notice);
  if (names.length <= 1) return withEarlier(first, earlier);
  return withEarlier(
    {
      subject: subjectOf(group) ?? first.subject,
      text: [first.subject, first.text, '', othersOf(group)].join('\n'),
    },
    earlier,
  );
}

function withEarlier({ subject, text }: NoticeText, earlier: number): NoticeText {
  return { subject, text: earlier === 0 ? text : `${text}\n${earlier} more of this cause were reported before.` };
}

function subjectOf(group: NoticeGroup): string | undefined {
  const { notice } = group;
  const many = howMany(group);
  switch (notice.about) {
    case 'run':
      return `${many} runs of ${notice.operation} wait for a decision at ${notice.step}: ${notice.type}`;
    case 'customer':
      return `${many} customers need a person: ${notice.type}`;
    case 'onboarding':
      return `${many} customers wait for ${notice.missing}`;
    case 'source':
      return `${notice.source}: ${many} things need a person`;
    case 'cloud':
    case 'cloud-back':
    case 'brake':
    case 'rollout':
      return undefined;
  }
}

/** A run that blocks twice is one run; only of more than there are names this cannot be known. */
function howMany({ names, count }: NoticeGroup): number {
  return names.length < MOST_NAMES ? names.length : Math.max(count, names.length);
}

function othersOf(group: NoticeGroup): string {
  const { notice, names } = group;
  const others = names.slice(1);
  const more = howMany(group) - names.length;
  const list = `The others: ${others.join(', ')}${more === 0 ? '' : ` and ${more} more`}.`;
  const command = { run: 'tenantry list --state blocked', customer: 'tenantry customers --state blocked' };
  const lists = command[notice.about as keyof typeof command];
  return lists === undefined ? list : `${list}\n"${lists}" lists all.`;
}

function severalTexts(groups: readonly NoticeGroup[], texts: readonly NoticeText[]): NoticeText {
  const notices = groups.reduce((sum, { count, reminders }) => sum + count + reminders, 0);
  const full = texts.slice(0, MOST_IN_FULL).map(({ subject, text }, at) => `${at + 1}. ${subject}\n\n${text}`);
  const brief = texts.slice(MOST_IN_FULL).map(({ subject }, at) => `${at + 1 + MOST_IN_FULL}. ${subject}`);
  return {
    subject: `${notices} notices, ${groups.length} causes. The first: ${texts[0]!.subject}`,
    text: [...full, ...(brief.length > 0 ? [brief.join('\n')] : [])].join('\n\n'),
  };
}

function causeData(group: NoticeGroup): object {
  const { notice, severity, count, reminders, names, earlier, since } = group;
  const commands = commandsOf(notice);
  return {
    type: noticeTypes[notice.about],
    severity,
    count,
    reminders,
    earlier,
    since,
    names,
    notice,
    ...(commands.length > 0 && { commands }),
  };
}
