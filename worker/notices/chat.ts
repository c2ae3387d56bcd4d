import type { chatApps } from '../../notice-routes/target.js';
import { openWebhook } from '../webhooks/signed-webhook.js';
import { oneLine, shortened, type NoticeMessage, type NoticeTarget } from './message.js';

type ChatApp = (typeof chatApps)[number];

const LONGEST_TITLE = 200;
/** Teams takes at most 28 KB, and each line costs some. */
const MOST_LINES = 100;
/** Characters. Each app cuts or refuses a longer message. */
const longest: Readonly<Record<ChatApp, number>> = { slack: 3500, teams: 6000, discord: 1700 };

/** Sends messages to the incoming webhook of a chat. Names and words of others mention nobody and become no links. */
export function chatTarget(app: ChatApp, url: string, proxy: string | undefined): NoticeTarget {
  const post = openWebhook({ url, proxy });
  return {
    where: `${app} at ${new URL(url).host}`,
    send: async (message) => await post(JSON.stringify(chatBody(app, message))),
  };
}

/** A message as the incoming webhooks of this app take it. */
export function chatBody(app: ChatApp, message: Pick<NoticeMessage, 'subject' | 'text'>): object {
  const title = oneLine(message.subject, LONGEST_TITLE);
  const text = shortened(message.text, longest[app]);
  switch (app) {
    case 'slack':
      return { text: withoutMarks(`${title}\n\n${text}`), mrkdwn: false };
    case 'discord':
      return { content: codeBlock(`${title}\n\n${text}`), allowed_mentions: { parse: [] } };
    case 'teams':
      return teamsBody(title, text);
  }
}

/** Slack takes only `<`, `>` and `&` for marks, such as those that mention a channel. */
function withoutMarks(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** In a block of code Discord finds no marks. */
function codeBlock(text: string): string {
  return `\`\`\`\n${text.replaceAll('```', "'''")}\n\`\`\``;
}

/** An adaptive card. A text run is plain text; a text block would read Markdown. */
function teamsBody(title: string, text: string): object {
  const run = (words: string, more: object = {}) => ({ type: 'TextRun', text: words, ...more });
  const block = (...inlines: object[]) => ({ type: 'RichTextBlock', inlines });
  const lines = text.split('\n');
  const shown = lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), '…'];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [block(run(title, { weight: 'Bolder' })), ...shown.map((line) => block(run(line || ' ')))],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}
