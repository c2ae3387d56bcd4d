import type { ComponentChildren, VNode } from 'preact';
import { z } from 'zod';
import { lookUpNames, lookUps, type LookUpName } from '../../catalogue/look-ups.js';
import type { InputProblem } from '../../contract/errors.js';
import type { LookUpPage, LookUpRow, RowCell } from '../../contract/questions.js';
import { fieldsOf, type Field, type SchemaPart } from './fields.js';
import { Fields, Problems } from './form.js';
import { Text } from './pieces.js';
import { Table, type Column } from './table.js';
import { inWords } from './words.js';

/** Seldom needed, so they can be opened. */
const seldom: ReadonlySet<string> = new Set(['limit', 'cloud']);

/** The fields of the form of a look-up: first what is looked for, and where. What continues a list is a link, no field. */
function fieldsOfLookUp(name: LookUpName): Field[] {
  const schema = z.toJSONSchema(lookUps[name].query, { io: 'input' }) as SchemaPart;
  const isFirst = ({ isRequired, path }: Field) => isRequired || path === 'tenant';
  return fieldsOf(schema)
    .filter(({ path }) => path !== 'after')
    .toSorted((one, other) => Number(isFirst(other)) - Number(isFirst(one)))
    .map((field) => (seldom.has(field.path) ? field : { ...field, isShown: true }));
}

/** All look-ups, each a link. */
export function LookUpList(): VNode {
  return (
    <ul class="tiles">
      {lookUpNames.map((name) => (
        <li key={name}>
          <a class="card" href={`/look-ups/${name}`}>
            <strong>{inWords(name)}</strong>
            <span class="quiet">{lookUps[name].summary}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

interface FormProps {
  name: LookUpName;
  said: URLSearchParams;
  problems: readonly InputProblem[];
}

/** What a look-up is asked for. */
export function LookUpForm({ name, said, problems }: FormProps): VNode {
  const fields = fieldsOfLookUp(name);
  return (
    <>
      <Problems fields={fields} problems={problems} />
      <form class="card look-up" action={`/look-ups/${name}#result`}>
        <Fields fields={fields} said={said} problems={problems} />
        <div class="buttons">
          <button type="submit">Look up</button>
        </div>
      </form>
    </>
  );
}

interface RowsProps {
  name: LookUpName;
  page: LookUpPage;
  /** What was asked for. */
  said: URLSearchParams;
}

/** The rows that were found, and the way to the others. */
export function Rows({ name, page: { fields, rows, next, note }, said }: RowsProps): VNode {
  const filled = fields.filter((field) => rows.some((row) => textOf(row[field]!) !== ''));
  return (
    <section class="part" id="result">
      <header class="top">
        <h2>{countOf(rows, said.has('after') || next !== undefined)}</h2>
        <div class="beside-title">
          <a class="small" href={addressOf(`${name}.csv`, said, said.get('after') ?? undefined)}>
            Download as CSV
          </a>
        </div>
      </header>
      {note !== undefined && <p class="quiet">{note}</p>}
      {rows.length === 0 ? (
        <p class="card quiet">Nothing fits. Leave a field empty, or name another tenant.</p>
      ) : (
        <Table name="Result" columns={filled.map(columnOf)} rows={rows} />
      )}
      {filled.length < fields.length && rows.length > 0 && (
        <p class="quiet small">
          Empty in every row:{' '}
          {fields
            .filter((field) => !filled.includes(field))
            .map(inWords)
            .join(', ')}
          .
        </p>
      )}
      <Paging name={name} said={said} next={next} />
    </section>
  );
}

interface PagingProps {
  name: LookUpName;
  said: URLSearchParams;
  next: string | undefined;
}

function Paging({ name, said, next }: PagingProps): VNode {
  return (
    <p class="buttons">
      {next !== undefined && (
        <a class="button second" href={`${addressOf(name, said, next)}#result`}>
          Next page
        </a>
      )}
      {said.has('after') && (
        <a class="button second" href={`${addressOf(name, said)}#result`}>
          First page
        </a>
      )}
    </p>
  );
}

function countOf({ length }: readonly LookUpRow[], isPart: boolean): string {
  const count = length === 1 ? '1 row' : `${length} rows`;
  return isPart ? `${count} on this page` : count;
}

function columnOf(field: string): Column<LookUpRow> {
  return { title: inWords(field), cell: (row) => cellOf(row[field]!) };
}

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function cellOf(value: RowCell): ComponentChildren {
  const text = textOf(value);
  return ID.test(text) ? <code>{text}</code> : <Text of={text} />;
}

function textOf(value: RowCell): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? value.join(', ') : String(value);
}

/** The same question, or its continuation. */
function addressOf(name: string, said: URLSearchParams, after?: string): string {
  const query = new URLSearchParams([...said].filter(([field]) => field !== 'after'));
  if (after !== undefined) query.set('after', after);
  return `/look-ups/${name}?${query.toString()}`;
}
