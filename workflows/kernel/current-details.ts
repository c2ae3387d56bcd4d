import { codeMarkdown, plainMarkdown } from '../../contract/markdown.js';
import type { OperationStatus } from '../../contract/status.js';
import type { Note } from '../../contract/note.js';
import { viewOf, type LinkedText, type StepView } from '../../contract/view.js';

/** The status as Markdown, for the "User Metadata" in Temporal's UI. What others wrote is shown as plain text. */
export function currentDetails(status: OperationStatus): string {
  const view = viewOf(status);
  return [
    `**${plainMarkdown(view.headline)}**`,
    ...[view.waiting, view.updates].flatMap((one) => (one === undefined ? [] : [noteText(one)])),
    view.steps.map(stepLine).join('\n'),
    ...[...view.results, ...view.grace].map(noteText),
    ...[view.facts.join(', '), ...view.decisions, ...view.dropped].map(plainMarkdown),
    ...view.leftovers.map(linkedText),
  ].join('\n\n');
}

function noteText({ text, details, actions }: Note): string {
  const lines = [...details.map(plainMarkdown), ...actions.map(({ command }) => codeMarkdown(command))];
  return [plainMarkdown(text), '', ...lines.map((line) => `- ${line}`)].join('\n').trimEnd();
}

function stepLine({ sign, text, error }: StepView): string {
  return `- ${sign} ${plainMarkdown(text)}${error === undefined ? '' : `: ${plainMarkdown(error)}`}`;
}

function linkedText({ text, link }: LinkedText): string {
  return `${plainMarkdown(text)}${link === undefined ? '' : ` ([console](${link}))`}`;
}
