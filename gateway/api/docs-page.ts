import { createHash } from 'node:crypto';
import { escapeHtml, fieldRows, type Schema } from './schema-rows.js';

/** The parts of an OpenAPI document that the page shows. */
export interface Document {
  info: { title: string; version: string; description?: string };
  paths?: Readonly<Record<string, Readonly<Record<string, Call | undefined>> | undefined>>;
  components?: { schemas?: Readonly<Record<string, Schema>> };
}

interface Call {
  operationId?: string;
  summary?: string;
  description?: string;
  parameters?: readonly { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Readonly<Record<string, { schema?: Schema }>> };
  responses?: Readonly<Record<string, { content?: Readonly<Record<string, { schema?: Schema }>> }>>;
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; }
section { border-top: 1px solid; margin-top: 2rem; }
h2 { font-size: 1.2rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; }
code { font-family: ui-monospace, monospace; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid; padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; vertical-align: top; }
nav ul { columns: 20rem; padding-left: 1rem; }
`;
const STYLE_DIGEST = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded from anywhere, and nothing runs. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/** An OpenAPI document as a page of HTML that a person can read. */
export function docsPage({ info, paths = {}, components = {} }: Document): string {
  const calls = Object.entries(paths).flatMap(([path, item = {}]) =>
    Object.entries(item).flatMap(([method, call]) =>
      call === undefined ? [] : [{ id: `${method}-${path}`, title: `${method.toUpperCase()} ${path}`, call }],
    ),
  );
  const answers = new Answers(components.schemas ?? {});
  const links = calls.map(
    ({ id, title }) =>
      `<li><a href="#${escapeHtml(encodeURIComponent(id))}"><code>${escapeHtml(title)}</code></a></li>`,
  );
  const title = escapeHtml(`${info.title} ${info.version}: HTTP API`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>`,
    `<p>${escapeHtml(info.description ?? '')}</p>`,
    '<p>Every request of a program needs the header <code>Authorization: Bearer KEY</code>. The same as JSON: <a href="/openapi.json"><code>/openapi.json</code></a>.</p>',
    `<nav aria-label="Calls"><ul>${links.join('')}</ul></nav>`,
    ...calls.map(({ id, title: heading, call }) =>
      section(id, heading, { call, answers, isPlan: id.endsWith('/plan') }),
    ),
    '<h2>Answers</h2>',
    ...answers.sections(),
    '</main></body></html>',
  ].join('\n');
}

interface Surroundings {
  call: Call;
  answers: Answers;
  /** Its body is that of the start. */
  isPlan: boolean;
}

function section(id: string, heading: string, { call, answers, isPlan }: Surroundings): string {
  const { summary = '', description = '', parameters = [], requestBody, responses = {} } = call;
  const rows = parameters.map(
    ({ name, in: place, required = false, description: about, schema = {} }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(place)}</td><td>${required ? 'required' : ''}</td>` +
      `<td>${escapeHtml(about ?? schema.description ?? '')}${allowed(schema)}</td></tr>`,
  );
  const body = firstSchema(requestBody?.content);
  const links = new Map<string, string[]>();
  for (const [status, { content }] of Object.entries(responses)) {
    const link = answers.link(firstSchema(content));
    links.set(link, [...(links.get(link) ?? []), escapeHtml(status)]);
  }
  const forms = [...links].map(([link, statuses]) => `<li>${statuses.join(', ')} ${link}</li>`);
  return [
    `<section id="${escapeHtml(encodeURIComponent(id))}"><h2><code>${escapeHtml(heading)}</code></h2>`,
    ...[summary, description].filter((text) => text !== '').map((text) => `<p>${escapeHtml(text)}</p>`),
    rows.length === 0 ? '' : `<h3>Parameters</h3><table><tbody>${rows.join('')}</tbody></table>`,
    body === undefined ? '' : `<h3>Body</h3>${isPlan ? '<p>As for its start.</p>' : fields(body)}`,
    `<h3>Answers</h3><ul>${forms.join('')}</ul></section>`,
  ].join('');
}

/** The forms of answers, each shown once, however many calls have it. */
class Answers {
  private readonly known = new Map<string, { id: string; title: string; schema: Schema }>();

  constructor(private readonly named: Readonly<Record<string, Schema>>) {}

  link(given: Schema | undefined): string {
    if (given === undefined) return '';
    const schema = this.named[given.$ref?.split('/').at(-1) ?? ''] ?? given;
    const key = JSON.stringify(schema);
    const number = this.known.size + 1;
    const answer = this.known.get(key) ?? {
      id: `answer-${number}`,
      title: schema.description ?? `Answer ${number}`,
      schema,
    };
    this.known.set(key, answer);
    return `<a href="#${answer.id}">${escapeHtml(answer.title)}</a>`;
  }

  sections(): string[] {
    return [...this.known.values()].map(
      ({ id, title, schema }) => `<section id="${id}"><h3>${escapeHtml(title)}</h3>${fields(schema)}</section>`,
    );
  }
}

function firstSchema(content: Readonly<Record<string, { schema?: Schema }>> = {}): Schema | undefined {
  return Object.values(content)[0]?.schema;
}

function allowed({ enum: values }: Schema): string {
  return values === undefined ? '' : ` <code>${escapeHtml(values.join(' | '))}</code>`;
}

function fields(schema: Schema): string {
  const rows = fieldRows(schema).map(
    ({ path, type, required, about }) =>
      `<tr><td><code>${escapeHtml(path)}</code></td><td>${escapeHtml(type)}</td><td>${required ? 'required' : ''}</td>` +
      `<td>${escapeHtml(about)}</td></tr>`,
  );
  return `<table><thead><tr><th>Field</th><th>Type</th><th></th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
