import type { ComponentChildren, VNode } from 'preact';
import type { InputProblem } from '../../contract/errors.js';
import { allFields, type Field, type Form } from './fields.js';
import { inputName } from './form-values.js';

export interface FormProps {
  fields: readonly Field[];
  /** What the inputs hold. */
  said: URLSearchParams;
  problems: readonly InputProblem[];
}

const idOf = (path: string) => `field-${path}`;

/** Every problem, with a link to its field. */
export function Problems({ fields, problems }: Pick<FormProps, 'fields' | 'problems'>): VNode | null {
  if (problems.length === 0) return null;
  const known = new Set(allFields(fields, false).map(({ path }) => path));
  return (
    <section class="notice danger" role="alert" aria-labelledby="problems">
      <h2 id="problems">
        {problems.length === 1 ? 'One thing must be corrected' : `${problems.length} things must be corrected`}
      </h2>
      <ul>
        {problems.map(({ path, message }) => {
          const field = fieldFor(path, known);
          return (
            <li key={`${path} ${message}`}>
              {field === undefined ? path : <a href={`#${idOf(field)}`}>{path}</a>} {message}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The field of a path, or that in which it is. */
function fieldFor(path: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(path)) return path;
  const end = path.lastIndexOf('.');
  return end === -1 ? undefined : fieldFor(path.slice(0, end), known);
}

/** The fields of a form. */
export function Fields(props: FormProps): VNode {
  const known = new Set(allFields(props.fields).map(({ path }) => path));
  const byField = new Map<string, string[]>();
  for (const { path, message } of props.problems) {
    const field = fieldFor(path, known);
    if (field === undefined) continue;
    const words = path === field ? message : `${path.slice(field.length + 1)} ${message}`;
    byField.set(field, [...(byField.get(field) ?? []), words]);
  }
  return <List fields={props.fields} sheet={{ said: props.said, byField, name: (path) => path }} />;
}

interface Sheet {
  said: URLSearchParams;
  byField: ReadonlyMap<string, readonly string[]>;
  name(path: string): string;
  /** True where the choice of a form says that its fields are needed. */
  isOfForm?: boolean;
  /** True inside what may be left out as a whole: a browser must not ask for any of it. */
  mayBeLeftOut?: boolean;
}

/** What is needed and what is given comes first; the rest can be opened. */
function List({ fields, sheet }: { fields: readonly Field[]; sheet: Sheet }): VNode {
  const isShown = (field: Field) =>
    field.isRequired || field.isShown === true || isSaid(field, sheet) || hasProblem(field, sheet);
  const shown = fields.filter(isShown);
  const rest = fields.filter((field) => !isShown(field));
  return (
    <>
      {shown.map((field) => (
        <One key={field.path} field={field} sheet={sheet} />
      ))}
      {rest.length > 0 && (
        <details class="more">
          <summary>
            {rest.length} more {rest.length === 1 ? 'field' : 'fields'}:{' '}
            {rest.map(({ label }) => label.toLowerCase()).join(', ')}
          </summary>
          {rest.map((field) => (
            <One key={field.path} field={field} sheet={sheet} />
          ))}
        </details>
      )}
    </>
  );
}

function isSaid(field: Field, { said, name }: Sheet): boolean {
  const start = name(field.path);
  return [...said].some(
    ([one, text]) => text !== '' && (one === start || one.startsWith(`${start}.`) || one.startsWith(`${start}[`)),
  );
}

function hasProblem({ path }: Field, { byField }: Sheet): boolean {
  return [...byField.keys()].some((one) => one === path || one.startsWith(`${path}.`));
}

function One({ field, sheet }: { field: Field; sheet: Sheet }): VNode {
  if (field.kind === 'group')
    return (
      <fieldset id={idOf(field.path)}>
        <legend>{field.label}</legend>
        <Beside field={field} sheet={sheet} />
        <List fields={field.fields} sheet={field.isRequired ? sheet : { ...sheet, mayBeLeftOut: true }} />
      </fieldset>
    );
  if (field.kind === 'oneOf') return <OneOf field={field} sheet={sheet} />;
  return (
    <div class={`field ${field.kind}`}>
      <label for={idOf(sheet.name(field.path))}>
        {field.label}{' '}
        <span class="quiet small">
          {[
            ...(field.isRequired || field.isShown === true || sheet.isOfForm ? [] : ['optional']),
            ...(manners[field.kind] ?? []),
          ].join(', ')}
        </span>
      </label>
      <Input field={field} sheet={sheet} />
      <Beside field={field} sheet={sheet} />
    </div>
  );
}

/** How what is typed is read, where people cannot know. */
const manners: Readonly<Record<string, readonly string[]>> = { list: ['one in each line'], json: ['as JSON'] };

function Input({ field, sheet }: { field: Field; sheet: Sheet }): VNode {
  const name = sheet.name(field.path);
  const value = sheet.said.get(name) ?? '';
  const common = { id: idOf(name), name, ...described(field, sheet) };
  switch (field.kind) {
    case 'choice':
    case 'yesNo':
      return (
        <select {...common}>
          {field.standard === undefined && <option value="">not given</option>}
          {field.options.map((option) => (
            <option key={option} value={option} selected={option === (value || field.standard)}>
              {wordsOf(option)}
              {option === field.standard ? ' (usual)' : ''}
            </option>
          ))}
        </select>
      );
    case 'json':
    case 'list':
      return (
        <textarea {...common} rows={Math.min(12, value.split('\n').length + 1)} spellcheck={false} class={field.kind}>
          {value}
        </textarea>
      );
    case 'text':
    case 'number':
    case 'group':
    case 'oneOf':
      return (
        <input
          {...common}
          type="text"
          inputMode={field.kind === 'number' ? 'numeric' : 'text'}
          value={value}
          required={field.isRequired && !sheet.mayBeLeftOut}
        />
      );
  }
}

function wordsOf(option: string): string {
  return { true: 'yes', false: 'no' }[option] ?? option;
}

function OneOf({ field, sheet }: { field: Extract<Field, { kind: 'oneOf' }>; sheet: Sheet }): VNode {
  const name = sheet.name(field.path);
  const chosen = sheet.said.get(name) ?? (field.isRequired ? field.forms[0]?.name : '');
  const radio = (value: string, label: ComponentChildren) => (
    <label class="radio">
      <input type="radio" name={name} value={value} checked={value === chosen} />
      {label}
    </label>
  );
  return (
    <fieldset id={idOf(field.path)} class="one-of">
      <legend>{field.label}</legend>
      <Beside field={field} sheet={sheet} />
      {!field.isRequired && <div class="form">{radio('', 'Not given')}</div>}
      {field.forms.map((form) => (
        <div key={form.name} class="form">
          {radio(form.name, form.label)}
          <FormFields field={field} form={form} sheet={sheet} />
        </div>
      ))}
    </fieldset>
  );
}

function FormFields({ field, form, sheet }: { field: Field; form: Form; sheet: Sheet }): VNode | null {
  if (form.fields.length === 0) return null;
  const name = (path: string) => `${inputName(field, form)}${path.slice(field.path.length)}`;
  return (
    <div class={`of-form${form.fields.length === 1 && form.fields[0]!.label === form.label ? ' named' : ''}`}>
      {form.fields.map((inner) => (
        // only the chosen one is needed, and a browser would ask for all
        <One key={inner.path} field={{ ...inner, isRequired: false }} sheet={{ ...sheet, name, isOfForm: true }} />
      ))}
    </div>
  );
}

/** What stands beside a field: its hint and its problems. */
function Beside({ field: { path, hint }, sheet }: { field: Field; sheet: Sheet }): VNode {
  const id = idOf(sheet.name(path));
  const problems = sheet.byField.get(path) ?? [];
  return (
    <>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problems.length > 0 && (
        <p class="problem" id={`${id}-problem`}>
          {problems.join('; ')}
        </p>
      )}
    </>
  );
}

function described({ path, hint }: Field, { byField, name }: Sheet): object {
  const ids = [...(hint === undefined ? [] : ['hint']), ...(byField.has(path) ? ['problem'] : [])];
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.map((one) => `${idOf(name(path))}-${one}`).join(' ') }),
    ...(byField.has(path) && { 'aria-invalid': true }),
  };
}
