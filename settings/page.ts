import { z } from 'zod';
import { groups, processes } from './names.js';
import { fileVariable, variablesOf, type SettingDoc } from './reader.js';

const INTRODUCTION = `# Settings

Settings come from the environment, or from the file \`.env\` in the current folder; the environment wins. An empty
entry counts as not set. Where \`…_FILE\` exists, it names a file with the value; set one of the two only. A process that cannot use its settings
reports every problem in one message, each with the variable and the remedy, and exits with 2. Unknown variables that look like settings are
ignored and reported: in the logs of worker and gateway, by each command on standard error, and by \`tenantry doctor\`.

This page is generated from the schemas in \`settings/\`: \`npm run schemas\`.
`;

const list = new Intl.ListFormat('en-GB');

/** The text of docs/settings.md: every setting, by group. */
export function settingsPage(): string {
  const sections = groups.map((group) => {
    const readers = processes.filter(([, schema]) => Object.values(schema.shape).includes(group)).map(([name]) => name);
    const items = variablesOf(group).map(([name, type, facts]) => item(name, type, facts));
    return `## ${group.meta()!.title}\n\nRead by ${list.format(readers)}.\n\n${items.join('\n')}\n`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function item(name: string, type: z.core.$ZodType, facts: SettingDoc): string {
  const value = type instanceof z.ZodDefault ? `\`${String(type.def.defaultValue)}\`` : undefined;
  const standard = facts.default ?? value;
  const sentences = [
    facts.meaning,
    ...(standard === undefined ? [] : [`Unless set: ${standard}.`]),
    ...(facts.secret ? ['Keep it secret.'] : []),
    ...(facts.file ? [`Also as \`${fileVariable(name)}\`.`] : []),
  ];
  return wrapped(`- \`${name}\`: ${sentences.join(' ')}`);
}

/** In lines of at most 118 characters. */
function wrapped(text: string): string {
  return text.replace(/(.{1,116})(?: |$)/g, '$1\n  ').trimEnd();
}
